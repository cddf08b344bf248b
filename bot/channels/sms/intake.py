"""Takes what a gateway brings: POST /api/sms/inbound with the token of the settings.

{"id": "…", "from": "+8613800138000", "text": "…"} is a message; {"id": "17-9f2c…", "status": "failed"} says
that one of ours did not arrive. 200 only after it is kept: what gets another answer is to be brought again.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.budgets import Budget, Urgency
from bot.channels.base import Receive
from bot.channels.sms.body import Report, Written, read_body
from bot.channels.web.errors import Refusal
from bot.figures import Figures
from storage.messages import Inbound

PATH = "/api/sms/inbound"
PER_NUMBER, OF_ALL = 20, 1200
"""Messages a minute that are taken of one number, and of all."""
_FAILED = frozenset({"failed", "undelivered", "rejected", "expired", "unknown"})

OnFailed = Callable[[str], Awaitable[None]]
ChoiceFor = Callable[[str, str], Awaitable[str | None]]


async def _words_only(number: str, text: str) -> str | None:
    return None


class SmsIntake:
    """`on_failed` hears the id of each text of ours that did not arrive; `timer` counts seconds."""

    def __init__(
        self,
        token: str | None,
        *,
        on_failed: OnFailed,
        urgency: Urgency,
        figures: Figures,
        timer: Callable[[], float],
    ) -> None:
        self._token, self._on_failed, self._urgency, self._figures = token, on_failed, urgency, figures
        self._each, self._all = Budget(PER_NUMBER, timer=timer), Budget(OF_ALL, timer=timer)
        self._receive: Receive | None = None
        self._in_hand: set[asyncio.Task[None]] = set()
        self.choice_for: ChoiceFor = _words_only

    def routes(self) -> list[web.RouteDef]:
        """The one route; none without a token: then there is nothing to be found."""
        return [web.post(PATH, self.handle)] if self._token else []

    def open(self, receive: Receive) -> None:
        """Takes from now on."""
        self._receive = receive

    async def close(self) -> None:
        """Turns away what comes from now on, and waits for what is in hand."""
        self._receive = None
        while self._in_hand:
            await asyncio.wait(self._in_hand)

    async def handle(self, request: web.Request) -> web.Response:
        """Whoever has not the token finds nothing here."""
        shown = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if not self._token or not hmac.compare_digest(shown, f"Bearer {self._token}".encode()):
            raise Refusal("not_found")
        brought = await read_body(request)
        # A task of its own: when the gateway hangs up, what is in hand still ends in a commit or not at all.
        task = asyncio.create_task(self._take(brought))
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        await asyncio.shield(task)
        return web.json_response({"ok": True})

    async def _take(self, brought: Written | Report) -> None:
        if self._receive is None:
            raise Refusal("closing", retry_after=5)
        if isinstance(brought, Report):
            if brought.status.lower() in _FAILED:
                self._figures.sms.labels("undelivered").inc()
                await self._on_failed(brought.id)
            return
        self._check_flood(brought)
        choice = await self.choice_for(brought.number, brought.text)
        inbound = Inbound(
            "sms", brought.number, brought.number, brought.id, "" if choice else brought.text, choice
        )
        await self._receive(inbound, ())
        self._figures.sms.labels("received").inc()

    def _check_flood(self, written: Written) -> None:
        """Who writes too much is to be brought again later; words of danger never are."""
        wait = max(self._each.spend(written.number), self._all.spend())
        if not wait or self._urgency.passes(f"sms {written.number}", written.text):
            return
        self._figures.held_back.labels("sms", "refused").inc()
        raise Refusal("too_fast", retry_after=wait)
