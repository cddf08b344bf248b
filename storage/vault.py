"""Seals what people wrote, and turns what must be recognised into keyed hashes."""

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import KeyFileError, SealError
from storage.key_file import Keys, create_key_file, load_keys, sync_folder

__all__ = ["HEAD", "Keys", "Vault", "create_key_file", "load_keys", "place", "seal_number", "sync_folder"]

HEAD = 3
"""Bytes a sealed value begins with: the version and the number of its key."""
_VERSION = b"\x01"
_NONCE = 12
_DAMAGED = "does not open; damaged, moved or another key"


def place(table: str, *parts: object) -> str:
    """Where a value stands: the table, then the row, column and whatever must not change beside it."""
    return f"{table}/" + "\x1f".join(map(str, parts))


def head_of(number: int) -> bytes:
    """What values begin with that the key of this number sealed."""
    return _VERSION + number.to_bytes(2, "big")


def seal_number(sealed: bytes) -> int | None:
    """The number of the key a value was sealed with; None if it is no sealed value."""
    if len(sealed) < HEAD or sealed[:1] != _VERSION:
        return None
    return int.from_bytes(sealed[1:HEAD], "big")


class _Ring(NamedTuple):
    """The ciphers by number, and the number and head of the one that seals; exchanged as a whole."""

    ciphers: dict[int, AESGCM]
    newest: int
    head: bytes

    @classmethod
    def of(cls, seal_keys: dict[int, bytes]) -> Self:
        newest = max(seal_keys)
        return cls({number: AESGCM(key) for number, key in seal_keys.items()}, newest, head_of(newest))


class Vault:
    """Authenticated encryption (AES-256-GCM) bound to the place a value stands in, and keyed hashes.

    A `place` names table, row and column and what must not change beside the value (see `place`); a value
    moved elsewhere does not open. With a `source`, keys that come into that file are taken up while
    running; those that leave it go on opening until the end of the process. Safe for several threads.
    """

    def __init__(self, keys: Keys, *, source: Path | None = None) -> None:
        self._keys, self._source = keys, source
        self._ring = _Ring.of(keys.seal_keys)
        self._seen: tuple[int, ...] | None = None
        self.unopened = 0
        """How many values did not open so far, also where somebody made do without them."""

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """The vault of a key file, which follows its changes; raises KeyFileError."""
        return cls(load_keys(path), source=path)

    @property
    def newest(self) -> int:
        """The number of the key that seals."""
        return self._ring.newest

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of all keys that open, oldest first."""
        return tuple(sorted(self._ring.ciphers))

    def refresh(self) -> None:
        """Takes up keys that came into the file since; one look at its date where nothing did.

        A file that is gone, cannot be read or belongs to another Lianxin changes nothing: what is in hand
        goes on.
        """
        seen = self._look()
        if seen is None or seen == self._seen or self._source is None:
            return
        self._seen = seen
        with suppress(KeyFileError):
            self._take_up(load_keys(self._source))

    def seal(self, plain: bytes, place: str) -> bytes:
        """Version byte, key number (2 bytes), nonce (12), ciphertext with tag (16)."""
        ciphers, newest, head = self._ring
        nonce = os.urandom(_NONCE)
        return head + nonce + ciphers[newest].encrypt(nonce, plain, head + place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """The plain bytes; raises SealError if the key is not ours, or the value damaged or moved."""
        if not isinstance(sealed, bytes):  # SQLite keeps a number in such a column if somebody puts one there
            sealed = b""
        head, nonce, body = sealed[:HEAD], sealed[HEAD : HEAD + _NONCE], sealed[HEAD + _NONCE :]
        cipher = self._cipher(head)
        try:
            if cipher is not None:
                return cipher.decrypt(nonce, body, head + place.encode())
        except (InvalidTag, ValueError):  # a value cut short fails before its tag is looked at
            pass
        self.unopened += 1
        why = "sealed with a key that is not in the key file" if cipher is None else _DAMAGED
        raise SealError(f"{place.split('/')[0]}: {why}")

    def reseal(self, sealed: bytes, place: str) -> bytes | None:
        """The value sealed anew with the newest key, None where it is already; raises SealError."""
        if isinstance(sealed, bytes) and sealed[:HEAD] == self._ring.head:
            return None
        return self.seal(self.open(sealed, place), place)

    def seal_text(self, text: str, place: str) -> bytes:
        """Like `seal`, for text; a lone surrogate is kept as U+FFFD."""
        return self.seal(text.encode("utf-8", "replace"), place)

    def open_text(self, sealed: bytes, place: str) -> str:
        """Like `open`, for text."""
        return self.open(sealed, place).decode()

    def keyed_hash(self, purpose: str, value: str) -> str:
        """32 hex digits of keyed BLAKE2b under the hash key; equal values of one purpose hash alike."""
        message = f"{purpose}\x00{value}".encode("utf-8", "replace")
        return blake2b(message, digest_size=16, key=self._keys.hash_key).hexdigest()

    def derived_key(self, purpose: str) -> bytes:
        """32 bytes for a neighbouring use (web sessions), not to be turned back into our keys."""
        return blake2b(f"derive\x00{purpose}".encode(), digest_size=32, key=self._keys.hash_key).digest()

    def _cipher(self, head: bytes) -> AESGCM | None:
        number = seal_number(head)
        if number is None:
            return None
        if number not in self._ring.ciphers:
            self.refresh()
        return self._ring.ciphers.get(number)

    def _take_up(self, found: Keys) -> None:
        ours = self._keys.seal_keys
        alike = all(ours.get(number, key) == key for number, key in found.seal_keys.items())
        if found.hash_key != self._keys.hash_key or not alike:
            return
        self._keys = Keys(found.hash_key, ours | found.seal_keys)
        self._ring = _Ring.of(self._keys.seal_keys)

    def _look(self) -> tuple[int, ...] | None:
        """What tells one state of the key file from another."""
        if self._source is None:
            return None
        try:
            found = self._source.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
