"""A sealed file is sealed anew whole or not at all, and never comes back once it is deleted."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage import sealed_folder
from storage.errors import NoSuchFile, SealError, StorageFull
from storage.key_file import add_seal_key, create_key_file
from storage.sealed_folder import SealedFolder
from storage.vault import Vault

ROOT = Path(__file__).parents[2]
DIES = """
import os, signal, sys
from pathlib import Path
from storage.sealed_folder import SealedFolder
from storage.vault import Vault
here, uid, when = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def dies(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)
if when == "rename":
    Path.rename = dies
else:
    setattr(os, when, dies)
SealedFolder(here / "files", Vault.from_file(here / "keys")).reseal(uid)
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    create_key_file(tmp_path / "keys")
    return tmp_path


def store(here: Path) -> SealedFolder:
    """As another process sees it."""
    return SealedFolder(here / "files", Vault.from_file(here / "keys"))


def numbers(here: Path) -> dict[str, int]:
    return dict(store(here).seal_numbers())


def path_of(here: Path, uid: str) -> Path:
    return here / "files" / uid[:2] / uid


def test_file_is_sealed_anew_under_its_name_and_time(here: Path) -> None:
    uid = store(here).write(b"photo")
    os.utime(path_of(here, uid), (1_000, 2_000))
    add_seal_key(here / "keys")
    assert store(here).reseal(uid)
    assert numbers(here) == {uid: 2}
    assert store(here).read(uid) == b"photo"
    assert path_of(here, uid).stat().st_mtime == 2_000
    assert path_of(here, uid).stat().st_mode & 0o777 == 0o600
    assert not store(here).reseal(uid)


@pytest.mark.parametrize("when", ["fsync", "utime", "rename"])
def test_kill_in_the_middle_leaves_the_old_file_and_the_next_run_ends_it(here: Path, when: str) -> None:
    uid = store(here).write(b"photo")
    add_seal_key(here / "keys")
    died = subprocess.run([sys.executable, "-c", DIES, str(here), uid, when], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    assert store(here).read(uid) == b"photo"
    store(here).reseal(uid)
    assert numbers(here) == {uid: 2}
    assert store(here).read(uid) == b"photo"
    assert [one.name for one in path_of(here, uid).parent.iterdir()] == [uid]


def test_full_disk_leaves_the_old_file_alone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uid = store(here).write(b"photo")
    add_seal_key(here / "keys")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(sealed_folder, "_write_through", full)
        with pytest.raises(StorageFull, match="ENOSPC"):
            store(here).reseal(uid)
    assert numbers(here) == {uid: 1}
    assert store(here).read(uid) == b"photo"


def test_damaged_file_is_refused_and_stays(here: Path) -> None:
    uid = store(here).write(b"photo")
    add_seal_key(here / "keys")
    content = path_of(here, uid).read_bytes()
    path_of(here, uid).write_bytes(content[:-1])
    with pytest.raises(SealError):
        store(here).reseal(uid)
    assert path_of(here, uid).read_bytes() == content[:-1]


def test_deleted_file_is_not_made_again(here: Path) -> None:
    uid = store(here).write(b"photo")
    add_seal_key(here / "keys")
    store(here).delete(uid)
    with pytest.raises(NoSuchFile):
        store(here).reseal(uid)
    with pytest.raises(NoSuchFile):
        store(here).reseal("0" * 32)
    assert not path_of(here, uid).exists()


def test_file_written_while_a_key_comes_is_sealed_with_the_new_one(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looked for old seals in that moment did not see it yet."""
    serving, write = store(here), sealed_folder._write_through

    def key_comes_first(path: Path, content: bytes) -> None:
        if len(Vault.from_file(here / "keys").numbers) == 1:
            add_seal_key(here / "keys")
        write(path, content)

    monkeypatch.setattr(sealed_folder, "_write_through", key_comes_first)
    uid = serving.write(b"photo")
    assert numbers(here) == {uid: 2}
    assert serving.read(uid) == b"photo"
