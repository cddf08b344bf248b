"""Takes discharges from the hospital's own system over HTTP.

```
POST /api/discharges
Authorization: Bearer TOKEN            LIANXIN_DISCHARGES_TOKEN; without it there is no such route (404)
Content-Type: application/json         or text/csv, with a row of headings as in a file

{"discharges": [{"number": "Z0001", "department": "骨科", "ward": "骨科三病区",
                 "discharged": "2026-11-20T09:30:00+08:00", "contact": "13800138000",
                 "consent": true, "language": "zh", "standing": "active"}]}
```

`number`, `department` and `discharged` are needed; `visit` counts the stays where the number is a patient's.
What is left out changes nothing. 200 with `{"added", "changed", "unchanged", "problems": [{"row", "field",
"reason", "taken"}], "notes": [...]}`, once everything is durable: rows without a problem are in, and so are
those whose problem says `taken`. Rows count from 1, of CSV as lines of the file. The same again changes
nothing, so a caller that heard no answer sends again. At most 5 MB and 5,000 rows in a call.

400 malformed, 401 wrong token, 413 too large, 415 another kind, 422 no table of discharges, 429 and 503 with
Retry-After. Call it by the public host name, or by an address in digits, and by TLS from another machine.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog
from aiohttp import hdrs, web
from aiohttp.web_protocol import RequestPayloadError

from bot.budgets import Budget
from bot.channels.web.expect import expecting
from bot.followup.importing import Intake, Outcome
from bot.followup.reading import Reading, read_objects, read_rows
from bot.followup.wording import TableError, say
from bot.sheets_in.tables import read_sheets
from storage.database import Database
from storage.events import SYSTEM
from storage.house import House

PATH = "/api/discharges"
MOST_BYTES, MOST_ROWS = 5_000_000, 5_000
BODY_SECONDS = 60.0
WRONG_A_MINUTE = 20
"""Wrong tokens that are answered, each after a moment; more are turned away at once. A right one passes."""
WRONG_SECONDS = 1.0
MOST_WAITING = 4
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_log = structlog.get_logger("discharges")


class _Refused(Exception):
    def __init__(self, status: int, code: str, *, message: str = "", retry_after: int = 0) -> None:
        super().__init__(code)
        self.status, self.code, self.retry_after = status, code, retry_after
        self.message = message or say("endpoint", code)

    def answer(self) -> web.Response:
        headers = {hdrs.RETRY_AFTER: str(self.retry_after)} if self.retry_after else {}
        if self.status == 401:
            headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
        body = {"error": {"code": self.code, "message": self.message}}
        return web.json_response(body, status=self.status, headers=headers)


class DischargeEndpoint:
    """The route, for whoever shows the token; one table after the other."""

    def __init__(
        self,
        token: str,
        *,
        database: Database,
        house: House,
        clock: Callable[[], datetime],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token = _digest(token)
        self._database, self._house, self._clock, self._pause = database, house, clock, pause
        self._wrong = Budget(WRONG_A_MINUTE, timer=timer)
        self._one_by_one, self._waiting = asyncio.Lock(), 0

    def routes(self) -> list[web.RouteDef]:
        """To be added to the web application before it starts."""
        return [web.post(PATH, self.take, expect_handler=expecting(MOST_BYTES))]

    async def take(self, request: web.Request) -> web.Response:
        """Answers one call; see above."""
        try:
            await self._admit(request)
            kind, body = request.content_type, await _body(request)
            if self._waiting >= MOST_WAITING:
                raise _Refused(429, "crowded", retry_after=10)
            self._waiting += 1
            try:
                async with self._one_by_one:
                    return web.json_response(_shown(await self._put(kind, body)))
            finally:
                self._waiting -= 1
        except TableError as error:
            return _Refused(422, "no_table", message=str(error)).answer()
        except _Refused as refused:
            return refused.answer()

    async def _admit(self, request: web.Request) -> None:
        scheme, _, shown = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        right = hmac.compare_digest(_digest(shown.strip()), self._token)
        if right and scheme.lower() == "bearer":
            return
        if wait := self._wrong.spend():
            raise _Refused(429, "too_fast", retry_after=wait)
        if self._wrong.spent() == 1:
            _log.warning("a call with a wrong token was turned away")
        await self._pause(WRONG_SECONDS)
        raise _Refused(401, "wrong_token")

    async def _put(self, kind: str, body: bytes) -> Outcome:
        reading = await asyncio.to_thread(self._read, kind, body)
        intake = Intake(reading, house=self._house, clock=self._clock, actor=SYSTEM)
        return await intake.put(self._database)

    def _read(self, kind: str, body: bytes) -> Reading:
        hospital, now = self._house.hospital, self._clock()
        if kind == "text/csv":
            sheets = read_sheets(body)
            _limit(len(sheets[0]) - 1)
            return read_rows(sheets, hospital=hospital, now=now)
        objects = _objects(body)
        _limit(len(objects))
        return read_objects(objects, hospital=hospital, now=now) if objects else Reading()


async def _body(request: web.Request) -> bytes:
    encoding = request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower()
    if request.content_type not in ("application/json", "text/csv") or encoding != "identity":
        raise _Refused(415, "wrong_type")
    if (request.content_length or 0) > MOST_BYTES:
        raise _Refused(413, "too_large")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise _Refused(413, "too_large")
    except TimeoutError:
        raise _Refused(408, "too_slow") from None
    except RequestPayloadError:
        raise _Refused(400, "malformed") from None
    if bytes(body[:4]).startswith(_WORKBOOKS):
        raise _Refused(415, "wrong_type")
    return bytes(body)


def _objects(body: bytes) -> list[dict[str, Any]]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise _Refused(400, "malformed") from None
    objects = told.get("discharges") if isinstance(told, dict) else None
    if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
        raise _Refused(400, "malformed")
    return objects


def _limit(rows: int) -> None:
    if rows > MOST_ROWS:
        raise _Refused(413, "too_many_rows")


def _shown(outcome: Outcome) -> dict[str, Any]:
    counts = {name: outcome.counts[name] for name in ("added", "changed", "unchanged")}
    problems = [
        {"row": one.line, "field": one.field, "reason": one.reason, "taken": one.taken}
        for one in outcome.problems
    ]
    return {**counts, "problems": problems, "notes": outcome.notes}


def _digest(text: str) -> bytes:
    """Of one length, so that comparing tells nothing of it either."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
