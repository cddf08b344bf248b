import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.cleaning.pipe import PipeBroken
from storage.errors import FileRefused, StorageFull
from storage.workshop import Workshop
from tests.storage import documents, samples
from tests.storage.leaks import leaks
from tests.storage.recordings import recording

PHOTO = samples.talkative_jpeg()


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    workshop = Workshop()
    yield workshop
    workshop.close()


def pretend(monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """A worker that has been taken over and does this instead of cleaning."""
    lines = (
        "import os, signal, sys, time; from storage.cleaning import worker, fences; "
        f"from storage.cleaning.pipe import *\ndef work(content, **_):\n {does}\n"
        "worker._work = work; worker.main({seconds})"
    )
    monkeypatch.setattr("storage.workshop._START", "import sys; sys.path[:] = {path!r}; " + lines)


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_every_kind_is_cleaned_behind_the_fences(workshop: Workshop) -> None:
    film = recording("mp4", "aac", "libx264")
    files = {
        "jpg": PHOTO, "png": samples.talkative_png(), "pdf": documents.pdf(), "docx": documents.docx(),
        "xlsx": documents.xlsx(), "pptx": documents.pptx(film), "mp4": film,
        "ogg": recording("ogg", "libopus", rate=48000),
        "webm": recording("webm", "libopus", "libvpx", rate=48000),
        "mp3": recording("mp3", "libmp3lame"), "wav": recording("wav", "pcm_s16le"),
    }  # fmt: skip
    for code, content in files.items():
        result = workshop.clean(content)
        assert (result.kind.code, result.warning, leaks(result.content)) == (code, False, [])
    assert workshop.clean(samples.heic()).kind.code == "jpg"
    assert workshop.clean(samples.picture("WEBP")).kind.code == "jpg"
    assert workshop.clean(samples.picture("TIFF")).kind.code == "jpg"
    assert workshop.clean("医生".encode("gb18030")).content == "医生".encode()
    assert workshop.clean("科室,金额".encode("utf-16"), is_table=True).kind.code == "csv"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"MZ" + bytes(99), "type"), (PHOTO[:300], "damaged"), (b"", "empty"), (b"\xef\xbb\xbf", "empty")],
)
def test_a_refusal_names_its_reason_and_the_worker_goes_on(
    workshop: Workshop, content: bytes, reason: str
) -> None:
    workshop.clean(PHOTO)
    before = workshop.pid
    with pytest.raises(FileRefused, match=reason):
        workshop.clean(content)
    assert workshop.pid == before


def test_one_worker_serves_all_threads(workshop: Workshop) -> None:
    photos = [samples.picture("PNG", (10 + number, 10)) for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        assert all(result.kind.code == "png" for result in threads.map(workshop.clean, photos))


def test_the_worker_starts_with_the_first_file_and_rests_when_idle() -> None:
    workshop = Workshop(idle=0.05)
    assert workshop.pid is None
    workshop.clean(PHOTO)
    pid, rest = workshop.pid, workshop._rest
    assert pid is not None
    assert rest is not None
    rest.join(10)
    assert workshop.pid is None
    assert not is_alive(pid)
    assert workshop.clean(PHOTO).kind.code == "jpg"
    workshop.close()
    assert workshop.pid is None


def test_a_worker_that_was_killed_costs_nobody_a_file(workshop: Workshop) -> None:
    workshop.clean(PHOTO)
    before = workshop.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert workshop.clean(PHOTO).kind.code == "jpg"
    assert workshop.pid != before


@pytest.mark.parametrize(
    "does",
    [
        "os._exit(1)",
        "os.abort()",
        "signal.raise_signal(signal.SIGSEGV)",
        "return 1, b'exe', b'MZ'",
        "return 7, b'jpg', b'x'",
        "return 0, b'../../etc', b''",
        "return 1, b'jpg', b''",
        "raise SystemExit",
    ],
)
def test_a_file_that_ends_or_takes_over_the_worker_is_damaged(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    with monkeypatch.context() as patched:
        pretend(patched, does)
        with pytest.raises(FileRefused, match="damaged"):
            workshop.clean(PHOTO)
    assert workshop.pid is None
    assert workshop.clean(PHOTO).kind.code == "jpg"


def test_a_file_that_takes_too_long_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.workshop._START_SECONDS", 0.5)
    workshop = Workshop(seconds=0.5)
    with monkeypatch.context() as patched:
        pretend(patched, "while True: pass")
        with pytest.raises(FileRefused, match="too_large"):
            workshop.clean(PHOTO)
    assert workshop.pid is None
    monkeypatch.setattr("storage.workshop._START_SECONDS", 40.0)
    assert workshop.clean(PHOTO).kind.code == "jpg"
    workshop.close()


def test_a_file_that_takes_all_memory_is_refused(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "return 1, b'jpg', bytes(2 << 30)")
    with pytest.raises(FileRefused):
        workshop.clean(PHOTO)


@pytest.mark.skipif(sys.platform != "linux", reason="fences of Linux")
@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket()",
        "import socket; socket.socketpair()",
        "os.execv(sys.executable, [sys.executable])",
        "os.kill(os.getppid(), 0)",
        "open({keys!r}).read()",
        "open({folder!r} + '/new', 'w')",
        "open('/etc/passwd').read()",
        "open('/proc/%d/environ' % os.getppid(), 'rb').read()",
        "os.listdir('/')",
        "os.remove({keys!r})",
        "import subprocess; subprocess.run(['/bin/true'])",
    ],
)
def test_who_takes_over_the_worker_reaches_nothing(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, attempt: str
) -> None:
    keys = tmp_path / "keys"
    keys.write_text("secret")
    line = attempt.format(keys=str(keys), folder=str(tmp_path)).replace("{", "{{").replace("}", "}}")
    pretend(
        monkeypatch, f"try: {line}\n except OSError: return 0, b'locked', b''\n return 1, b'txt', b'reached'"
    )
    with pytest.raises(FileRefused, match="locked"):
        workshop.clean(PHOTO)
    assert keys.read_text() == "secret"


def test_no_secret_of_the_environment_reaches_the_worker(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:SECRET")
    monkeypatch.setenv("LIANXIN_KEY_FILE", "/etc/secret")
    pretend(monkeypatch, "return 1, b'txt', repr((sorted(os.environ), sys.argv)).encode()")
    told = workshop.clean(PHOTO).content
    assert b"TELEGRAM" not in told
    assert b"LIANXIN" not in told
    assert b"secret" not in told.lower()


def test_what_a_library_prints_does_not_get_into_the_answer(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pretend(monkeypatch, "os.write(1, content); os.write(2, content); return 1, b'txt', b'clean'")
    assert workshop.clean(PHOTO).content == b"clean"
    assert capfd.readouterr() == ("", "")


def test_where_no_worker_can_start_the_message_is_not_confirmed(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(StorageFull, match="ENOENT"):
        workshop.clean(PHOTO)


def test_the_worker_ends_when_serve_is_killed() -> None:
    program = (
        "import sys, time; sys.path[:] = "
        + repr(sys.path)
        + "\nfrom storage.workshop import the_workshop as w\n"
        "w().clean(b'hello'); print(w().pid, flush=True); time.sleep(60)"
    )
    serve = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert serve.stdout is not None
    worker = int(serve.stdout.readline())
    assert is_alive(worker)
    serve.kill()
    serve.communicate()
    give_up = time.monotonic() + 10
    while is_alive(worker) and time.monotonic() < give_up:
        os.sched_yield()
    assert not is_alive(worker)


def test_the_pipe_takes_no_absurd_length() -> None:
    from io import BytesIO

    from storage.cleaning.pipe import read_exactly

    with pytest.raises(PipeBroken):
        read_exactly(BytesIO(b""), 1 << 40)
