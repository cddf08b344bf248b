"""Web sessions: signed tokens that name a sender nobody knows, with nothing kept on the server."""

import base64
import binascii
import hmac
import secrets
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b

DAYS_VALID = 30
_RANDOM_BYTES = 32
_DAY_BYTES = 2
_MAC_BYTES = 32
_PURPOSE = b"lianxin web session 1\x00"
_KNOCK = b"lianxin web knock 1\x00"
_EPOCH = date(1970, 1, 1)


class Sessions:
    """Issues and reads session tokens under one key (at least 32 bytes).

    A token is 32 random bytes, the day of issue (UTC, days since 1970) and a keyed BLAKE2b over both,
    as base64url. The sender is the random part in hex: 64 characters.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("the session key needs at least 32 bytes")
        self._key = key
        self.refused = 0

    def issue(self, *, now: datetime) -> str:
        """A token for a sender that has never been before."""
        return self._token(secrets.token_bytes(_RANDOM_BYTES), now)

    def renew(self, sender: str, *, now: datetime) -> str:
        """A token for the same sender, valid for another 30 days."""
        return self._token(bytes.fromhex(sender), now)

    def knock(self, *, now: datetime) -> str:
        """A token for a sender who was not let in yet: no session, until `renew` makes one of it."""
        return self._token(secrets.token_bytes(_RANDOM_BYTES), now, _KNOCK)

    def knocker(self, token: str, *, now: datetime) -> str | None:
        """Like `sender`, for a token of `knock`."""
        return self._read(token, now, _KNOCK)

    def sender(self, token: str, *, now: datetime) -> str | None:
        """Whose token this is; None where it is forged, damaged, expired or from the future.

        A day of grace on either side keeps people signed in while a clock is set right. What is not let in
        is counted in `refused`, for the trail; no token at all is none.
        """
        sender = self._read(token, now, _PURPOSE)
        if sender is None and token and self.knocker(token, now=now) is None:
            self.refused += 1
        return sender

    def _read(self, token: str, now: datetime, purpose: bytes) -> str | None:
        raw = _decode(token)
        if raw is None:
            return None
        body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(body, purpose)):
            return None
        issued = _EPOCH + timedelta(days=int.from_bytes(body[_RANDOM_BYTES:], "big"))
        age = (now.astimezone(UTC).date() - issued).days
        return body[:_RANDOM_BYTES].hex() if -1 <= age <= DAYS_VALID else None

    def mark(self, sender: str, purpose: str) -> str:
        """What only we can make of this sender for this purpose: for forms that carry it back."""
        body = f"lianxin web mark 1\x00{purpose}\x00{sender}".encode()
        return blake2b(body, digest_size=24, key=self._key).hexdigest()

    def _token(self, random: bytes, now: datetime, purpose: bytes = _PURPOSE) -> str:
        day = (now.astimezone(UTC).date() - _EPOCH).days
        body = random + day.to_bytes(_DAY_BYTES, "big")
        return base64.urlsafe_b64encode(body + self._mac(body, purpose)).decode()

    def _mac(self, body: bytes, purpose: bytes) -> bytes:
        return blake2b(purpose + body, digest_size=_MAC_BYTES, key=self._key).digest()


def _decode(token: str) -> bytes | None:
    if len(token) != 88 or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == _RANDOM_BYTES + _DAY_BYTES + _MAC_BYTES else None
