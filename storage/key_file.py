"""The file with the keys: made, read, given one more key, and freed of those nothing needs any more."""

import base64
import binascii
import errno
import os
import re
import secrets
import stat
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from storage.errors import KeyFileError

_HEADER = """\
# The keys of this Lianxin. Whoever has this file and the database can read every report;
# without it nobody can. Keep a copy in a safe, never beside a backup of the data.
# hash: recognises codes and senders, never changes. seal: seals texts; the highest number seals, all open.
"""
_MOST_BYTES = 1 << 20
_MOST_NUMBER = 65_535
_ORDINAL = re.compile(r"0{0,9}[1-9][0-9]{0,4}")
"""Bounded: whoever writes thousands of digits gets a sentence as well."""
_LEFT = re.compile(r"\.[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Keys:
    """`hash_key` recognises, `seal_keys` (number → 32 bytes, the highest number newest) seal and open."""

    hash_key: bytes
    seal_keys: dict[int, bytes]


def create_key_file(path: Path) -> None:
    """Writes fresh keys for the owner alone (mode 0600), whole or not at all; raises FileExistsError."""
    lines = f"{_HEADER}hash {_fresh()}\nseal 1 {_fresh()}\n"
    unfinished = _write_beside(path, lines)
    try:
        path.hardlink_to(unfinished)  # unlike a rename it never replaces a key file
    finally:
        unfinished.unlink()
    sync_folder(path.parent)


def load_keys(path: Path) -> Keys:
    """Reads the key file; raises KeyFileError with one line that says what to do."""
    return _parse(path, _read(path))


def add_seal_key(path: Path) -> int:
    """Adds a fresh key, one number above the highest, and returns its number; whole or not at all.

    Raises KeyFileError where the file cannot be replaced (a read-only folder) or has no number left.
    """
    text = _read(path)
    number = max(_parse(path, text).seal_keys) + 1
    if number > _MOST_NUMBER:
        raise KeyFileError(f"{path}: there is no number left for a new key")
    lines = [*text.splitlines(), f"seal {number} {_fresh()}"]
    _replace(path, lines)
    return number


def drop_seal_keys(path: Path, numbers: Collection[int]) -> None:
    """Takes these keys out of the file, whole or not at all; the highest always stays.

    Raises KeyFileError like `add_seal_key`.
    """
    text = _read(path)
    going = set(numbers) - {max(_parse(path, text).seal_keys)}

    def stays(line: str) -> bool:
        match line.split():
            case ["seal", number, _]:
                return _number(number) not in going
        return True

    _replace(path, list(filter(stays, text.splitlines())))


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> str:
    """The text of the file, looked at and read through one handle: nobody can exchange it in between."""
    try:
        # Without NONBLOCK a pipe in its place would be waited for for ever.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyFileError(f"{path}: the key file is missing; put the copy from your safe back") from None
    except OSError as error:
        raise KeyFileError(f"{path}: the key file cannot be read ({_cause(error)})") from None
    try:
        _require_private(path, os.fstat(handle))
        return os.read(handle, _MOST_BYTES).decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path}: the key file cannot be read ({type(error).__name__})") from None
    finally:
        os.close(handle)


def _require_private(path: Path, found: os.stat_result) -> None:
    """A regular file for its owner alone, who is this user, root, or has the folder it lies in."""
    if not stat.S_ISREG(found.st_mode):
        raise KeyFileError(f"{path}: the key file cannot be read (it is no file); put the copy back")
    if found.st_mode & 0o077:
        raise KeyFileError(f"{path}: others may read the key file; run: chmod 600 {path}")
    if found.st_uid not in (0, os.geteuid(), path.resolve().parent.stat().st_uid):
        raise KeyFileError(f"{path}: the key file belongs to another user; give it to the one who runs this")


def _parse(path: Path, text: str) -> Keys:
    hash_key = b""
    seal_keys: dict[int, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match line.split():
            case [] | ["#", *_]:
                continue
            case ["hash", _] if hash_key:
                raise KeyFileError(f"{path}:{number}: a second 'hash' line; keep the older one")
            case ["seal", ordinal, _] if _number(ordinal) in seal_keys:
                raise KeyFileError(f"{path}:{number}: a second key with the number {int(ordinal)}")
            case ["hash", key]:
                hash_key = _decode(path, number, key)
            case ["seal", ordinal, key] if 0 < _number(ordinal) <= _MOST_NUMBER:
                seal_keys[int(ordinal)] = _decode(path, number, key)
            case _:
                raise KeyFileError(f"{path}:{number}: expected 'hash KEY' or 'seal NUMBER KEY'")
    if not hash_key or not seal_keys:
        raise KeyFileError(f"{path}: needs one 'hash' line and at least one 'seal' line")
    return Keys(hash_key, seal_keys)


def _number(ordinal: str) -> int:
    """The number of a key; 0, which none has, for what is no number."""
    return int(ordinal) if _ORDINAL.fullmatch(ordinal) else 0


def _fresh() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _decode(path: Path, line: int, key: str) -> bytes:
    try:
        plain = base64.b64decode(key, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        plain = b""
    if len(plain) != 32:
        raise KeyFileError(f"{path}:{line}: a key is 44 characters that stand for 32 bytes")
    return plain


def _replace(path: Path, lines: list[str]) -> None:
    """Puts these lines in place of the file, where it really lies, under the owner it had."""
    target, text = path.resolve(), "".join(f"{line}\n" for line in lines)
    _parse(path, text)
    try:
        before = target.stat()
        _sweep(target)
        unfinished = _write_beside(target, text, owner=before)
        try:
            unfinished.replace(target)
        except OSError:
            unfinished.unlink()
            raise
        sync_folder(target.parent)
    except OSError as error:
        told = "the folder of the key file is not writable; allow it for this command"
        raise KeyFileError(f"{path}: {told} ({_cause(error)}), nothing was changed") from None


def _write_beside(path: Path, text: str, *, owner: os.stat_result | None = None) -> Path:
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            if owner is not None and (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(handle, owner.st_uid, owner.st_gid)
            file.write(text)
            file.flush()
            os.fsync(handle)
    except BaseException:
        unfinished.unlink()
        raise
    return unfinished


def _sweep(path: Path) -> None:
    """What a write that was killed left: keys nobody would look for there."""
    for left in path.parent.glob(f".{path.name}.*"):
        if _LEFT.fullmatch(left.suffix):
            left.unlink(missing_ok=True)


def _cause(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
