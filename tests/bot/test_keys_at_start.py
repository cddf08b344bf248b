"""A wrong or missing key stops every start with one clear line, and not a byte of the folder changes."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.cli import main
from bot.data_folder import DATABASE, KEYS, open_folder, require_keys
from storage.errors import KeyFileError
from storage.key_file import add_seal_key, create_key_file, drop_seal_keys
from storage.marks import set_mark

ROOT = Path(__file__).parents[2]
OURS = SimpleNamespace(key_file=None)
CRASHED = """
import os, sys
from pathlib import Path
from types import SimpleNamespace
from bot.data_folder import open_folder
from storage.marks import set_mark
folder = open_folder(Path(sys.argv[1]), SimpleNamespace(key_file=None))
folder.database.run_now(lambda session: set_mark(session, "last", b"1"))
os._exit(0)
"""


OPEN = """
import sys; from pathlib import Path; from types import SimpleNamespace
from bot.data_folder import open_folder; from storage.errors import LianxinError
try: open_folder(Path(sys.argv[1]), SimpleNamespace(key_file=None)).close()
except LianxinError as error: sys.exit(str(error))
"""


def everything(path: Path) -> dict[str, tuple[str, int, int]]:
    """Every name below the folder, with what it holds, its mode and when it was changed."""
    found = {}
    for one in sorted(path.rglob("*")):
        state = one.lstat()
        holds = sha256(one.read_bytes()).hexdigest() if one.is_file() else ""
        found[str(one.relative_to(path))] = (holds, state.st_mode, state.st_mtime_ns)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "var"
    open_folder(path, OURS).close()
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "var")


@pytest.fixture(scope="module")
def crashed(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose process died with words in the log that are not in the database yet."""
    path = shutil.copytree(made, tmp_path_factory.mktemp("crashed") / "var")
    subprocess.run([sys.executable, "-c", CRASHED, str(path)], cwd=ROOT, check=True)
    assert (path / f"{DATABASE}-wal").stat().st_size > 0
    return path


def missing(keys: Path) -> None:
    keys.unlink()


def of_another(keys: Path) -> None:
    keys.unlink()
    create_key_file(keys)


def other_hash_line(keys: Path) -> None:
    ours = keys.read_text().splitlines()
    of_another(keys)
    lines = keys.read_text().splitlines()
    keys.write_text("\n".join([line if line.startswith("hash") else ours[number]
                               for number, line in enumerate(lines)]))  # fmt: skip


def newer_alone(keys: Path) -> None:
    add_seal_key(keys)
    drop_seal_keys(keys, {1})


def open_to_others(keys: Path) -> None:
    keys.chmod(0o644)


def open_to_the_group(keys: Path) -> None:
    keys.chmod(0o640)


def empty(keys: Path) -> None:
    keys.write_text("")


def truncated(keys: Path) -> None:
    keys.write_text(keys.read_text()[:-20])


def a_folder(keys: Path) -> None:
    keys.unlink()
    keys.mkdir(mode=0o700)


def a_link_to_nowhere(keys: Path) -> None:
    keys.unlink()
    keys.symlink_to(keys.with_name("gone"))


def a_link_to_what_others_may_read(keys: Path) -> None:
    there = shutil.move(keys, keys.parent.parent / "shared.keys")
    Path(there).chmod(0o644)
    keys.symlink_to(there)


def garbage(keys: Path) -> None:
    keys.write_bytes(b"\xff\xfe" + os.urandom(100))


WRONG: dict[Callable[[Path], None], str] = {
    missing: "the key file is missing",
    of_another: "does not belong to this database",
    other_hash_line: "does not belong to this database",
    newer_alone: "does not belong to this database",
    open_to_others: "chmod 600",
    open_to_the_group: "chmod 600",
    empty: "needs one 'hash' line",
    truncated: "44 characters",
    a_folder: "cannot be read",
    a_link_to_nowhere: "the key file is missing",
    a_link_to_what_others_may_read: "chmod 600",
    garbage: "cannot be read",
}
wrong_keys = pytest.mark.parametrize(("spoil", "told"), WRONG.items(), ids=[one.__name__ for one in WRONG])


@wrong_keys
def test_start_touches_nothing(path: Path, spoil: Callable[[Path], None], told: str) -> None:
    spoil(path / KEYS)
    before = everything(path)
    with pytest.raises(KeyFileError, match=told) as caught:
        open_folder(path, OURS)
    assert "\n" not in str(caught.value)
    assert everything(path) == before


@wrong_keys
def test_start_after_a_crash_touches_neither_log_nor_index(
    crashed: Path, tmp_path: Path, spoil: Callable[[Path], None], told: str
) -> None:
    path = shutil.copytree(crashed, tmp_path / "var")
    spoil(path / KEYS)
    before = everything(path)
    assert {f"{DATABASE}-wal", f"{DATABASE}-shm"} <= set(before)
    with pytest.raises(KeyFileError, match=told):
        open_folder(path, OURS)
    assert everything(path) == before


def test_start_beside_a_running_one_touches_nothing(path: Path) -> None:
    running = open_folder(path, OURS)
    running.database.run_now(lambda session: set_mark(session, "last", b"1"))
    of_another(path / KEYS)
    before = everything(path)
    beside = subprocess.run(
        [sys.executable, "-c", OPEN, str(path)], cwd=ROOT, capture_output=True, check=False
    )
    assert (beside.returncode, beside.stderr.count(b"\n")) == (1, 1)
    assert b"does not belong" in beside.stderr
    assert everything(path) == before
    running.close()


@pytest.mark.parametrize(
    "command",
    [
        ["serve", "--port", "0"], ["init"], ["check"], ["members"], ["invite", "--office", "纪检办"],
        ["audit", "verify"], ["keys", "list"], ["keys", "rotate"], ["keys", "retire"], ["keys", "verify"],
        ["learn"], ["dead-letters"],
    ],
    ids=lambda command: " ".join(command[:2]),
)  # fmt: skip
@pytest.mark.parametrize("spoil", [missing, of_another])
def test_command_says_one_line_and_touches_nothing(
    path: Path, command: list[str], spoil: Callable[[Path], None], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.delenv("LIANXIN_KEY_FILE", raising=False)
    monkeypatch.chdir(path.parent)
    spoil(path / KEYS)
    before = everything(path.parent)
    assert main([*command, "--data", str(path)]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1), said
    assert WRONG[spoil] in said.err
    assert everything(path.parent) == before


def test_key_file_elsewhere_that_is_not_there_is_told_and_not_made(path: Path, tmp_path: Path) -> None:
    before = everything(tmp_path)
    with pytest.raises(KeyFileError, match="missing"):
        open_folder(path, SimpleNamespace(key_file=tmp_path / "safe.keys"))
    with pytest.raises(KeyFileError, match="no such folder"):
        open_folder(path, SimpleNamespace(key_file=tmp_path / "safe" / "keys"))
    assert everything(tmp_path) == before


def test_first_start_with_a_key_file_in_no_folder_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="mend LIANXIN_KEY_FILE"):
        open_folder(tmp_path / "var", SimpleNamespace(key_file=tmp_path / "safe" / "keys"))
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("spoil", [open_to_others, empty, a_folder, a_link_to_nowhere])
def test_first_start_with_a_bad_key_file_makes_nothing(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    create_key_file(tmp_path / "keys")
    spoil(tmp_path / "keys")
    before = everything(tmp_path)
    with pytest.raises(KeyFileError):
        open_folder(tmp_path / "var", SimpleNamespace(key_file=tmp_path / "keys"))
    assert everything(tmp_path) == before


def test_right_key_passes_without_a_trace(path: Path) -> None:
    (path / KEYS).write_bytes((path / KEYS).read_bytes().replace(b"\n", b"\r\n"))
    before = everything(path)
    require_keys(path, OURS)
    assert everything(path) == before
    open_folder(path, OURS).close()


def test_log_without_its_index_is_left_to_the_start_that_follows(crashed: Path, tmp_path: Path) -> None:
    """A copy of database and log alone: SQLite would have to write the index to read them."""
    path = shutil.copytree(crashed, tmp_path / "var")
    (path / f"{DATABASE}-shm").unlink()
    before = everything(path)
    require_keys(path, OURS)
    assert everything(path) == before
    of_another(path / KEYS)
    with pytest.raises(KeyFileError, match="does not belong"):
        open_folder(path, OURS)


def test_second_key_that_was_added_by_hand_is_needed_from_the_next_start_on(path: Path) -> None:
    old = (path / KEYS).read_bytes()
    add_seal_key(path / KEYS)
    open_folder(path, OURS).close()
    (path / KEYS).write_bytes(old)
    with pytest.raises(KeyFileError, match="seal key 2"):
        open_folder(path, OURS)
