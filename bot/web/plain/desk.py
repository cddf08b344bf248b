"""The routes of the page without scripts: start, say, talk, leave."""

import asyncio
from dataclasses import replace
from hashlib import blake2b

from aiohttp import web

from bot.channels.base import Answer, Sent
from bot.channels.web.body import Message, read_message
from bot.channels.web.channel import WebChannel
from bot.channels.web.counted import Bytes
from bot.channels.web.errors import STATUS, Refusal, wording
from bot.channels.web.expect import expecting
from bot.web.guards import refusal_for
from bot.web.plain.admission import Wait, enter, guess
from bot.web.plain.pages import Pages
from bot.web.plain.slips import fresh_slips
from bot.web.plain.thread import lay_out
from bot.web.plain.visits import Visit, Visits
from nlp.crisis import crisis_in
from storage.messages import Inbound

MOST_READ = 300
"""Messages of one visit that are read for the page."""

MOST_LOOKED_AT = 4000
"""Characters of words held back in which danger is looked for."""


class PlainDesk:
    """Serves people without scripts on the web channel; after leaving they are at `exit_address`."""

    def __init__(
        self, channel: WebChannel, pages: Pages, *, exit_address: str, public_scheme: str | None
    ) -> None:
        self._channel, self._pages, self._exit = channel, pages, exit_address
        self._visits = Visits(channel.sessions, now=channel.now, public_scheme=public_scheme)

    def routes(self) -> list[web.RouteDef]:
        """The routes below /plain, and the page of good advice that is shown after leaving."""
        expect = expecting(self._channel.max_upload_bytes)
        return [
            web.get("/plain", self.start),
            web.post("/plain/say", self.say, expect_handler=expect),
            web.get("/plain/talk", self.talk),
            web.get("/plain/leave", self.leave),
            web.get("/tips", self.tips),
        ]

    async def start(self, request: web.Request) -> web.Response:
        """What this is, and the large buttons."""
        visit = self._visits.remembered(request)
        slips = fresh_slips(self._visits, visit or self._visits.fresh())
        response = self._pages.show("start", slips=slips, returning=visit is not None)
        if visit is None:
            self._visits.try_cookies(request, response)
        return response

    async def talk(self, request: web.Request) -> web.Response:
        """What was answered so far, and a field to write."""
        visit = self._visits.remembered(request)
        if visit is None:
            return web.Response(status=303, headers={"Location": "/plain"})
        self._channel.entrance.read(visit.sender)
        return await self._thread(visit)

    async def say(self, request: web.Request) -> web.Response:
        """Takes words, files or a pressed button, and shows what was answered."""
        counted = Bytes(self._channel.max_upload_bytes, self._channel.held)
        try:
            message = await read_message(request, counted, limit=self._channel.max_upload_bytes)
            return await self._hear(request, message)
        finally:
            counted.release()

    async def leave(self, request: web.Request) -> web.Response:
        """Forgets the visit and goes where nothing tells of it.

        A picture or link of another site that points here forgets nothing. Cookies are taken back by name:
        Clear-Site-Data would take those of the hospital's other sites as well.
        """
        response = web.Response(status=303, headers={"Location": self._exit})
        if request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none"):
            self._visits.forget(request, response)
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    async def tips(self, _request: web.Request) -> web.Response:
        """Good advice about washing hands."""
        return self._pages.show("tips")

    def explain(self, request: web.Request, refusal: Refusal) -> web.Response | None:
        """A refusal as a page, below /plain; None elsewhere."""
        if request.path != "/plain" and not request.path.startswith("/plain/"):
            return None
        return self._page_of(refusal, slips=None, text="", choice=None, pressed=None, lost_files=False)

    async def _hear(self, request: web.Request, message: Message) -> web.Response:
        visit = self._visits.of_form(request, message.slips)
        if visit is None:
            again = self._visits.remembered(request) or self._visits.fresh()
            return self._trouble(Refusal("stale_form"), again, message)
        try:
            if not visit.inside and (wait := enter(self._channel, visit, message)):
                return self._wait(wait, visit, message)
            visit = self._visits.let_in(visit)
            if wait := await guess(self._channel, visit, message):
                return self._wait(wait, visit, message)
            answer = await self._take(visit, message)
        except Exception as error:
            return self._trouble(refusal_for(error, request), visit, message)
        return await self._answered(request, visit, answer)

    async def _take(self, visit: Visit, message: Message) -> Answer:
        entrance = self._channel.entrance
        entrance.let_through(visit.sender, message.text, entrance.message(visit.sender))
        digest = await asyncio.to_thread(_digest, message) if message.uploads else _digest(message)
        inbound = Inbound(
            channel=self._channel.name,
            sender=visit.sender,
            chat=visit.sender,
            # With the content in it: new words in a page of before are not taken for a repetition.
            event_id=f"{visit.sender}:plain:{message.id}:{digest}",
            text=message.text or "",
            choice=message.choice,
            pressed=message.pressed,
        )
        return await self._channel.take(inbound, message.uploads)

    async def _answered(self, request: web.Request, visit: Visit, answer: Answer) -> web.Response:
        ids = [sent.id for sent in answer.replies if sent.id]
        if ids:
            visit = replace(visit, since=min(ids) - 1)
        if not visit.by_cookie and not self._visits.keeps_cookies(request):
            return await self._thread(visit)  # the session travels in the forms
        response = web.Response(status=303, headers={"Location": "/plain/talk"})
        self._visits.remember(request, response, visit)
        return response

    async def _thread(self, visit: Visit) -> web.Response:
        earlier, fresh = lay_out(await self._read(visit), since=visit.since)
        slips = fresh_slips(self._visits, visit)
        return self._pages.show("talk", earlier=earlier, fresh=fresh, slips=slips, can_look=visit.by_cookie)

    async def _read(self, visit: Visit) -> list[Sent]:
        sent: list[Sent] = []
        while len(sent) < MOST_READ:
            more = await self._channel.read_after(visit.sender, sent[-1].id if sent else 0)
            if not more:
                break
            sent.extend(more)
        return sent

    def _trouble(self, refusal: Refusal, visit: Visit, message: Message) -> web.Response:
        slips = fresh_slips(self._visits, visit, id=message.id)
        return self._page_of(
            refusal, slips=slips, text=message.text or "", choice=message.choice, pressed=message.pressed,
            lost_files=bool(message.uploads),
        )  # fmt: skip

    def _page_of(self, refusal: Refusal, **values: object) -> web.Response:
        problem = wording()[refusal.code]
        response = self._pages.show("trouble", STATUS[refusal.code], problem=problem, **values)
        if refusal.retry_after is not None:
            response.headers["Retry-After"] = str(max(1, refusal.retry_after))
        return response

    def _wait(self, wait: Wait, visit: Visit, message: Message) -> web.Response:
        slips = fresh_slips(self._visits, visit, id=message.id) | {"ticket": wait.ticket}
        # What is held back is not told to anybody yet: whoever is in danger has somebody to call meanwhile.
        in_danger = bool(message.text) and crisis_in((message.text or "")[:MOST_LOOKED_AT]) is not None
        numbers = self._pages.numbers if in_danger else ()
        return self._pages.show(
            "wait", 429, numbers=numbers, seconds=wait.seconds, step=wait.step, slips=slips,
            text=message.text or "",
            choice=message.choice, pressed=message.pressed, lost_files=bool(message.uploads),
        )  # fmt: skip


def _digest(message: Message) -> str:
    """Sixteen bytes that tell one content from another."""
    said = blake2b(digest_size=16)
    for piece in (message.text, message.choice, *(upload.name for upload in message.uploads)):
        said.update((piece or "").encode("utf-8", "replace") + b"\x00")
    for upload in message.uploads:
        said.update(len(upload.content).to_bytes(8, "big") + upload.content)
    return said.hexdigest()
