"""Seals what people wrote, and turns what must be recognised into keyed hashes."""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import KeyFileError, SealError

_HEADER = """\
# The keys of this Lianxin. Whoever has this file and the database can read every report;
# without it nobody can. Keep a copy in a safe, never beside a backup of the data.
# hash: recognises codes and senders, never changes. seal: seals texts; the last line seals, all open.
"""
_VERSION = b"\x01"
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Keys:
    """`hash_key` recognises, `seal_keys` (number → 32 bytes, newest last) seal and open."""

    hash_key: bytes
    seal_keys: dict[int, bytes]


class Vault:
    """Authenticated encryption (AES-256-GCM) bound to the place a value stands in, and keyed hashes.

    A `place` names table, row and column; a value moved elsewhere does not open.
    """

    def __init__(self, keys: Keys) -> None:
        self._hash_key = keys.hash_key
        self._ciphers = {number: AESGCM(key) for number, key in keys.seal_keys.items()}
        self._newest = max(self._ciphers)

    def seal(self, plain: bytes, place: str) -> bytes:
        """Version byte, key number (2 bytes), nonce (12), ciphertext with tag (16)."""
        head = _VERSION + self._newest.to_bytes(2, "big")
        nonce = os.urandom(_NONCE)
        return head + nonce + self._ciphers[self._newest].encrypt(nonce, plain, head + place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """The plain bytes; raises SealError if the key is not ours, or the value damaged or moved."""
        head, nonce, body = sealed[:3], sealed[3 : 3 + _NONCE], sealed[3 + _NONCE :]
        cipher = self._ciphers.get(int.from_bytes(head[1:3], "big"))
        if head[:1] != _VERSION or cipher is None:
            raise SealError(f"{place.split('/')[0]}: sealed with a key that is not in the key file")
        try:
            return cipher.decrypt(nonce, body, head + place.encode())
        except (InvalidTag, ValueError) as error:  # a value cut short fails before its tag is looked at
            raise SealError(f"{place.split('/')[0]}: does not open; damaged, moved or another key") from error

    def seal_text(self, text: str, place: str) -> bytes:
        """Like `seal`, for text; a lone surrogate is kept as U+FFFD."""
        return self.seal(text.encode("utf-8", "replace"), place)

    def open_text(self, sealed: bytes, place: str) -> str:
        """Like `open`, for text."""
        return self.open(sealed, place).decode()

    def keyed_hash(self, purpose: str, value: str) -> str:
        """32 hex digits of keyed BLAKE2b under the hash key; equal values of one purpose hash alike."""
        message = f"{purpose}\x00{value}".encode("utf-8", "replace")
        return blake2b(message, digest_size=16, key=self._hash_key).hexdigest()

    def derived_key(self, purpose: str) -> bytes:
        """32 bytes for a neighbouring use (web sessions), not to be turned back into our keys."""
        return blake2b(f"derive\x00{purpose}".encode(), digest_size=32, key=self._hash_key).digest()


def create_key_file(path: Path) -> None:
    """Writes fresh keys for the owner alone (mode 0600), whole or not at all; raises FileExistsError."""
    lines = f"{_HEADER}hash {_encode(secrets.token_bytes(32))}\nseal 1 {_encode(secrets.token_bytes(32))}\n"
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(unfinished)  # unlike a rename it never replaces a key file
    finally:
        unfinished.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def load_keys(path: Path) -> Keys:
    """Reads the key file; raises KeyFileError with one line that says what to do."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise KeyFileError(f"{path}: the key file is missing; put the copy from your safe back") from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path}: the key file cannot be read ({type(error).__name__})") from None
    if mode & 0o077:
        raise KeyFileError(f"{path}: others may read the key file; run: chmod 600 {path}")
    return _parse(path, text)


def _parse(path: Path, text: str) -> Keys:
    hash_key = b""
    seal_keys: dict[int, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match line.split():
            case [] | ["#", *_]:
                continue
            case ["hash", _] if hash_key:
                raise KeyFileError(f"{path}:{number}: a second 'hash' line; keep the older one")
            case ["seal", ordinal, _] if ordinal.isdecimal() and int(ordinal) in seal_keys:
                raise KeyFileError(f"{path}:{number}: a second key with the number {int(ordinal)}")
            case ["hash", key]:
                hash_key = _decode(path, number, key)
            case ["seal", ordinal, key] if ordinal.isdecimal() and 0 < int(ordinal) < 65_536:
                seal_keys[int(ordinal)] = _decode(path, number, key)
            case _:
                raise KeyFileError(f"{path}:{number}: expected 'hash KEY' or 'seal NUMBER KEY'")
    if not hash_key or not seal_keys:
        raise KeyFileError(f"{path}: needs one 'hash' line and at least one 'seal' line")
    return Keys(hash_key, seal_keys)


def _encode(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


def _decode(path: Path, line: int, key: str) -> bytes:
    try:
        plain = base64.urlsafe_b64decode(key)
    except (binascii.Error, ValueError):
        plain = b""
    if len(plain) != 32:
        raise KeyFileError(f"{path}:{line}: a key is 44 characters that stand for 32 bytes")
    return plain
