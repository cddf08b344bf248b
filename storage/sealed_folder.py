"""A folder of sealed files: written whole or not at all, readable by nobody without the key."""

import errno
import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.errors import NoSuchFile, SealError, StorageFull
from storage.vault import HEAD, Vault, seal_number, sync_folder

_UID = re.compile(r"[0-9a-f]{32}")
_UNFINISHED = ".part"
_DAY_NS = 86_400 * 10**9


class SealedFolder:
    """Files under names of 32 random hex digits, in 256 folders; each opens only under its own name."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self.folder = folder
        self._vault = vault

    def write(self, plain: bytes) -> str:
        """The name under which the bytes are now durable; raises StorageFull with nothing left behind."""
        uid = secrets.token_hex(16)
        self._vault.refresh()
        sealed = self._vault.seal(plain, _place(uid))
        path = self._path(uid)
        with _told_as_full(path.with_suffix(_UNFINISHED)) as unfinished:
            self._make_folder(path.parent)
            _write_through(unfinished, sealed)
            unfinished.rename(path)
            sync_folder(path.parent)
        # A key may have come since: who looked for old seals meanwhile did not find this file yet.
        self._vault.refresh()
        if seal_number(sealed) != self._vault.newest:
            self.reseal(uid)
        return uid

    def read(self, uid: str) -> bytes:
        """The plain bytes; raises NoSuchFile, or SealError if they were damaged or exchanged."""
        try:
            sealed = self._path(uid).read_bytes()
        except FileNotFoundError:
            raise NoSuchFile("there is no such file") from None
        except OSError as error:
            raise SealError(f"files: cannot be read ({type(error).__name__})") from None
        return self._vault.open(sealed, _place(uid))

    def reseal(self, uid: str) -> bool:
        """Seals a file anew if an older key sealed it, and says whether; a stop leaves the old one whole.

        Its time of writing stays. Raises NoSuchFile, SealError, or StorageFull.
        """
        path = self._path(uid)
        if not path.parent.is_dir():
            raise NoSuchFile("there is no such file")
        # Alone, so that what is deleted meanwhile does not come back.
        with _told_as_full(path.with_suffix(_UNFINISHED)) as unfinished, _alone_in(path.parent):
            unfinished.unlink(missing_ok=True)  # left by one that was stopped
            plain, written = self.read(uid), path.stat()
            if _sealed_with(path) == self._vault.newest:
                return False
            _write_through(unfinished, self._vault.seal(plain, _place(uid)))
            os.utime(unfinished, ns=(written.st_atime_ns, written.st_mtime_ns))
            unfinished.rename(path)
            sync_folder(path.parent)
        return True

    def seal_numbers(self) -> Iterator[tuple[str, int]]:
        """Name of each finished file, and the number of the key that sealed it; 0 where that is none."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            if _UID.fullmatch(path.name):
                with suppress(FileNotFoundError):
                    yield path.name, _sealed_with(path)

    def delete(self, uid: str) -> None:
        """Removes a file and what an interrupted write left of it; deleting twice is no error."""
        path = self._path(uid)
        if not path.parent.is_dir():
            return
        try:
            with _alone_in(path.parent):
                path.unlink(missing_ok=True)
                path.with_suffix(_UNFINISHED).unlink(missing_ok=True)
        except OSError as error:
            raise StorageFull(f"a file cannot be deleted ({type(error).__name__})") from None

    def written(self) -> Iterator[tuple[str, float]]:
        """Name and time of writing (seconds since 1970) of all files, unfinished ones included."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            if _UID.fullmatch(path.stem) and path.suffix in ("", _UNFINISHED):
                with suppress(FileNotFoundError):
                    yield path.stem, path.stat().st_mtime

    def forget_hour(self, uid: str) -> None:
        """Leaves of the time of writing the day alone (UTC); no error where the file is gone."""
        with suppress(OSError):
            path = self._path(uid)
            about = path.stat()
            if hour := about.st_mtime_ns % _DAY_NS:
                day = about.st_mtime_ns - hour
                os.utime(path, ns=(day, day))

    def _path(self, uid: str) -> Path:
        if not _UID.fullmatch(uid):
            raise NoSuchFile("there is no such file")
        return self.folder / uid[:2] / uid

    def _make_folder(self, inner: Path) -> None:
        if inner.is_dir():
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        inner.mkdir(mode=0o700, exist_ok=True)
        sync_folder(self.folder)


def _write_through(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb", buffering=0) as file:
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(handle)


def _place(uid: str) -> str:
    return f"files/{uid}"


def _sealed_with(path: Path) -> int:
    with path.open("rb") as file:
        return seal_number(file.read(HEAD)) or 0


@contextmanager
def _told_as_full(unfinished: Path) -> Iterator[Path]:
    """What the disk refuses is told in one word, and nothing unfinished is left behind."""
    try:
        yield unfinished
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        cause = errno.errorcode.get(error.errno or 0, type(error).__name__)
        raise StorageFull(f"the data folder takes no files: {cause}") from None


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One at a time puts a file of this folder in another's place or deletes it, whatever the process."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
