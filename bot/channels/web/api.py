"""The HTTP contract of the web chat: sessions, messages, what is pushed later, files."""

import asyncio
import logging

from aiohttp import web

from bot.channels.web.body import Message, read_message
from bot.channels.web.channel import WebChannel
from bot.channels.web.counted import Bytes
from bot.channels.web.entrance import WORK_HEADER
from bot.channels.web.errors import Refusal
from bot.channels.web.expect import expecting
from bot.channels.web.files import file_response
from bot.channels.web.present import shown
from bot.channels.web.stream import events
from storage.errors import LianxinError
from storage.messages import Inbound

WRITE_SECONDS = 30.0
"""A page that takes nothing for this long is taken for gone."""

log = logging.getLogger("lianxin.web")


def routes(channel: WebChannel) -> list[web.RouteDef]:
    """The routes of the contract, answering for this channel."""
    api, expect = _Api(channel), expecting(channel.max_upload_bytes)
    return [
        web.post("/api/chat/sessions", api.open_session),
        web.post("/api/chat/messages", api.take_message, expect_handler=expect),
        web.get("/api/chat/messages", api.read_messages, allow_head=False),
        web.get(r"/api/chat/files/{uid:[A-Za-z0-9_-]{1,64}}", api.hand_out_file, allow_head=False),
    ]


class _Api:
    def __init__(self, channel: WebChannel) -> None:
        self._channel = channel

    async def open_session(self, request: web.Request) -> web.Response:
        """A new session; with a valid one in the header, the same sender for another 30 days."""
        channel = self._channel
        if not channel.taking:
            raise Refusal("closing", retry_after=20)
        now = channel.now()
        if "Authorization" in request.headers:
            sender = self._sender(request)
            channel.entrance.read(sender)
            token = channel.sessions.renew(sender, now=now)
        else:
            channel.entrance.session(request.headers.get(WORK_HEADER))
            token = channel.sessions.issue(now=now)
        return web.json_response({"session": token}, status=201)

    async def take_message(self, request: web.Request) -> web.Response:
        """Takes one message and answers with its replies, after they were committed."""
        channel = self._channel
        sender = self._sender(request)
        proof = request.headers.get(WORK_HEADER)
        wait = channel.entrance.message(sender)
        if request.content_type != "application/json":  # files are not read to be refused
            channel.entrance.let_through(sender, None, wait)
            if proof is None:
                await channel.entrance.work(sender, None, None)
        counted = Bytes(channel.max_upload_bytes, channel.held)
        try:
            message = await read_message(request, counted, limit=channel.max_upload_bytes)
            channel.entrance.let_through(sender, message.text, wait)
            await channel.entrance.work(sender, message.choice or message.text, proof)
            result = await channel.take(_inbound(channel.name, sender, message), message.uploads)
        finally:
            counted.release()
        replies = [shown(sent) for sent in result.replies]
        return web.json_response({"replies": replies, "keep": any(s.reply.keep for s in result.replies)})

    async def read_messages(self, request: web.Request) -> web.StreamResponse:
        """What was sent after an id: once as a list, or as a stream that goes on."""
        channel = self._channel
        sender = self._sender(request)
        channel.entrance.read(sender)
        after = _after(request)
        if "text/event-stream" in request.headers.get("Accept", ""):
            return await self._stream(request, sender, after)
        messages = await channel.read_after(sender, after)
        return web.json_response({"messages": [shown(sent) for sent in messages]})

    async def hand_out_file(self, request: web.Request) -> web.Response:
        """One stored file, for those who may see it."""
        sender = self._sender(request)
        self._channel.entrance.read(sender)
        try:
            file, content = await self._channel.open_file(sender, request.match_info["uid"])
        except LianxinError:
            raise Refusal("not_found") from None
        return file_response(file, content)

    async def _stream(self, request: web.Request, chat: str, after: int) -> web.StreamResponse:
        channel = self._channel
        with channel.streams.opened(chat, alive=lambda: request.transport is not None) as woken:
            response = web.StreamResponse(
                headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
            )
            await response.prepare(request)
            pieces = events(
                channel.streams,
                woken,
                lambda since: channel.read_after(chat, since),
                after=after,
                heartbeat=channel.heartbeat,
            )
            try:
                async for piece in pieces:
                    async with asyncio.timeout(WRITE_SECONDS):
                        await response.write(piece)
            except (ConnectionError, TimeoutError):
                pass  # the page is gone; it reads what it missed when it comes back
            except Exception as error:
                log.error("stream ended: %s", type(error).__name__)
        return response

    def _sender(self, request: web.Request) -> str:
        if not self._channel.taking:
            raise Refusal("closing", retry_after=20)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        sender = self._channel.sessions.sender(token.strip(), now=self._channel.now())
        if scheme.lower() != "bearer" or sender is None:
            raise Refusal("bad_session")
        return sender


def _inbound(channel: str, sender: str, message: Message) -> Inbound:
    return Inbound(
        channel=channel,
        sender=sender,
        chat=sender,
        event_id=f"{sender}:{message.id}",
        text=message.text or "",
        choice=message.choice,
        pressed=message.pressed,
    )


def _after(request: web.Request) -> int:
    """The later of ?after= and Last-Event-ID; 0 without either."""
    given = (request.query.get("after", "0"), request.headers.get("Last-Event-ID", "0"))
    if not all(value.isascii() and value.isdigit() and len(value) <= 18 for value in given):
        raise Refusal("bad_after")
    return max(int(value) for value in given)
