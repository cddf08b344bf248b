"""Signed slips that name nobody: what they say is trusted, and each is taken once."""

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

_RANDOM, _TIME, _MAC = 8, 4, 16
_BODY = _RANDOM + 2 * _TIME + 1
_LENGTH = (_BODY + _MAC) // 3 * 4


@dataclass(frozen=True, slots=True)
class Stamp:
    """Good from `begins` to `ends` (seconds since 1970); `level` is a number of 0 to 255."""

    token: str
    unique: bytes
    begins: int
    ends: int
    level: int


class Stamps:
    """Issues and reads stamps under one key (at least 32 bytes); nothing of them is kept.

    A stamp is 8 random bytes, both times, the level and a keyed BLAKE2b over these, its purpose and whom
    it was given to: 44 characters of base64url.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("the key of stamps needs at least 32 bytes")
        self._key = key

    def issue(
        self, purpose: str, to: str = "", *, wait: timedelta = timedelta(0), good: timedelta, level: int = 0,
        now: datetime,
    ) -> Stamp:  # fmt: skip
        """A stamp that is good from `wait` after now on, for the time of `good`."""
        begins = int((now + wait).timestamp())
        ends = begins + int(good.total_seconds())
        times = begins.to_bytes(_TIME, "big") + ends.to_bytes(_TIME, "big")
        body = secrets.token_bytes(_RANDOM) + times + level.to_bytes(1, "big")
        token = base64.urlsafe_b64encode(body + self._mac(purpose, to, body)).decode()
        return Stamp(token, body[:_RANDOM], begins, ends, level)

    def read(self, token: str, purpose: str, to: str = "") -> Stamp | None:
        """What the stamp says; None where it is forged, damaged, or for another purpose or person."""
        raw = _decode(token)
        if raw is None:
            return None
        body, mac = raw[:_BODY], raw[_BODY:]
        if not hmac.compare_digest(mac, self._mac(purpose, to, body)):
            return None
        times = body[_RANDOM:]
        begins, ends = int.from_bytes(times[:_TIME], "big"), int.from_bytes(times[_TIME : 2 * _TIME], "big")
        return Stamp(token, body[:_RANDOM], begins, ends, times[-1])

    def _mac(self, purpose: str, to: str, body: bytes) -> bytes:
        message = f"lianxin stamp 1\x00{purpose}\x00{to}\x00".encode("utf-8", "replace") + body
        return blake2b(message, digest_size=_MAC, key=self._key).digest()


class Spent:
    """Remembers which stamps were taken until they end by themselves; at most `most` of them.

    Where there are more, the oldest are forgotten, and every stamp that ends no later than these counts
    as over: none is ever taken twice, at the price that some are good for less time.
    """

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._ends: dict[bytes, int] = {}
        self._floor = 0

    def __len__(self) -> int:
        return len(self._ends)

    def take(self, stamp: Stamp, *, now: datetime) -> bool:
        """Takes the stamp; False where it was taken before or is over."""
        second = int(now.timestamp())
        self._tidy(second)
        if stamp.ends <= max(second, self._floor) or stamp.unique in self._ends:
            return False
        self._ends[stamp.unique] = stamp.ends
        if len(self._ends) > self._most:
            self._floor = max(self._floor, self._forget_oldest())
        return True

    def _tidy(self, second: int) -> None:
        while self._ends and next(iter(self._ends.values())) <= second:
            self._forget_oldest()

    def _forget_oldest(self) -> int:
        unique = next(iter(self._ends))
        return self._ends.pop(unique)


def _decode(token: str) -> bytes | None:
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
