"""Answers "Expect: 100-continue": only what may come is asked to come."""

from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from bot.channels.web.errors import Refusal, answer

Expect = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


def expecting(limit: int) -> Expect:
    """Says "100 Continue" only to what may come: known, and of at most `limit` bytes."""

    async def look(request: web.Request) -> web.StreamResponse | None:
        if request.headers.get(hdrs.EXPECT, "").lower() != "100-continue":
            return answer(Refusal("malformed"))
        if (request.content_length or 0) > limit:
            return answer(Refusal("too_large"))
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # The head of the answer does not count as begun by this line.
        request.writer.output_size = 0
        return None

    return look
