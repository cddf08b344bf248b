"""A folder of sealed files: written whole or not at all, readable by nobody without the key."""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from storage.errors import NoSuchFile, SealError, StorageFull
from storage.vault import Vault

_UID = re.compile(r"[0-9a-f]{32}")
_UNFINISHED = ".part"


class SealedFolder:
    """Files under names of 32 random hex digits, in 256 folders; each opens only under its own name."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self.folder = folder
        self._vault = vault

    def write(self, plain: bytes) -> str:
        """The name under which the bytes are now durable; raises StorageFull with nothing left behind."""
        uid = secrets.token_hex(16)
        sealed = self._vault.seal(plain, f"files/{uid}")
        path = self._path(uid)
        unfinished = path.with_suffix(_UNFINISHED)
        try:
            self._make_folder(path.parent)
            _write_through(unfinished, sealed)
            unfinished.rename(path)
            _sync_folder(path.parent)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            cause = errno.errorcode.get(error.errno or 0, type(error).__name__)
            raise StorageFull(f"the data folder takes no files: {cause}") from None
        return uid

    def read(self, uid: str) -> bytes:
        """The plain bytes; raises NoSuchFile, or SealError if they were damaged or exchanged."""
        try:
            sealed = self._path(uid).read_bytes()
        except FileNotFoundError:
            raise NoSuchFile("there is no such file") from None
        except OSError as error:
            raise SealError(f"files: cannot be read ({type(error).__name__})") from None
        return self._vault.open(sealed, f"files/{uid}")

    def delete(self, uid: str) -> None:
        """Removes a file and what an interrupted write left of it; deleting twice is no error."""
        path = self._path(uid)
        try:
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

    def _path(self, uid: str) -> Path:
        if not _UID.fullmatch(uid):
            raise NoSuchFile("there is no such file")
        return self.folder / uid[:2] / uid

    def _make_folder(self, inner: Path) -> None:
        if inner.is_dir():
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        inner.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(self.folder)


def _write_through(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb", buffering=0) as file:
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    """The new name itself must survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
