"""Text messages through a gateway with a small HTTP interface: one POST for each.

    POST URL
    Authorization: Bearer TOKEN
    {"id": "17-9f2c…", "to": "13800138000", "text": "…"}

2xx: taken, with an optional {"reference": "…"}. 409: taken before under this id. 400, 404, 422: this number
takes no messages. 401, 403, 405 and redirects: a mistake in the settings. 429, 503: later, see Retry-After.
Anything else: tried again. A 404 before the gateway has taken anything means a wrong address of its own.
"""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import structlog

from storage.errors import DeliveryError

_log = structlog.get_logger("sms")
TIMEOUT = aiohttp.ClientTimeout(total=20, connect=8)
_BUSY, _UNREACHABLE, _MISSET, _LONGEST = 10.0, 30.0, 300.0, 3600.0
_ANSWER_BYTES = 1 << 14


class HttpProvider:
    """The gateway at `url` (https, or http on this machine), with a bearer `token`."""

    def __init__(self, url: str, token: str, *, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        self._url, self._token, self._timeout = url, token, timeout
        self._session: aiohttp.ClientSession | None = None
        self._has_taken = False

    async def start(self) -> None:
        """Nothing to make ready: the first text opens a connection."""

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is not None:
            return self._session
        headers = {"Authorization": f"Bearer {self._token}", "User-Agent": "lianxin"}
        self._session = aiohttp.ClientSession(
            headers=headers, timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        )
        return self._session

    async def stop(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, text_id: str, number: str, text: str) -> str | None:
        """See SmsProvider. No error says more than a status or the kind of a failure."""
        body = {"id": text_id, "to": number, "text": text}
        try:
            async with self._opened().post(self._url, json=body, allow_redirects=False) as answer:
                if 200 <= answer.status < 300:
                    self._has_taken = True
                    return await _reference(answer)
                status, later = answer.status, answer.headers.get("Retry-After", "")
        except (aiohttp.ClientConnectionError, aiohttp.InvalidURL) as error:
            why = f"sms: {type(error).__name__}"
            raise DeliveryError(why, retry_after=_UNREACHABLE, whole=True) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DeliveryError(f"sms: {type(error).__name__}") from None
        failure = _failure(status, later, known=self._has_taken)
        if failure is not None:
            raise failure
        return None


async def _reference(answer: aiohttp.ClientResponse) -> str | None:
    """What the gateway calls the text; the text is taken, whatever stands in the answer."""
    try:
        raw = await answer.content.read(_ANSWER_BYTES)
        value: Any = json.loads(raw)
        found = value.get("reference")
    except (ValueError, AttributeError, RecursionError, aiohttp.ClientError, TimeoutError):
        return None
    return found[:100] if isinstance(found, str) else None


def _failure(status: int, retry_after: str, *, known: bool) -> DeliveryError | None:
    """What a refusal means; None for a text that was taken before. `known`: the gateway has taken some."""
    why = f"sms: status {status}"
    match status:
        case 409:
            return None
        case 400 | 422:
            return DeliveryError(why, permanent=True)
        case 404 if known:
            return DeliveryError(why, permanent=True)
        case _ if status in (401, 403, 404, 405) or 300 <= status < 400:
            _log.error("the gateway refuses us: see LIANXIN_SMS_URL and LIANXIN_SMS_TOKEN", status=status)
            return DeliveryError(why, retry_after=_MISSET, whole=True)
        case 429 | 503:
            return DeliveryError(why, retry_after=_seconds(retry_after), whole=True)
    return DeliveryError(why)


def _seconds(retry_after: str) -> float:
    """Seconds or a date, as the header may have it; never longer than an hour."""
    if retry_after.strip().isdecimal():
        wait = float(retry_after.strip()[:9])
    else:
        try:
            moment = parsedate_to_datetime(retry_after)
            wait = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            wait = _BUSY
    return min(max(wait, 1.0), _LONGEST)
