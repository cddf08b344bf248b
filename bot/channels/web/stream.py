"""Server-sent events: what is pushed to a chat reaches the pages that are open on it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

from bot.channels.base import Sent
from bot.channels.web.errors import Refusal
from bot.channels.web.present import shown

ReadAfter = Callable[[str, int], Awaitable[Sequence[Sent]]]
"""Reads what was sent to a chat after an id, oldest first."""

LIFETIME_SECONDS = 3600.0
"""A page opens its stream anew after this time, so that an expired session ends."""


class Streams:
    """The streams open in this process, by chat; `wake` makes those of one chat look again."""

    def __init__(self, *, per_chat: int = 4, overall: int = 1000) -> None:
        self._per_chat = per_chat
        self.overall = overall
        self._count = 0
        self._open: dict[str, dict[asyncio.Event, Callable[[], bool]]] = {}
        self.closed = False

    @contextmanager
    def opened(self, chat: str, *, alive: Callable[[], bool]) -> Iterator[asyncio.Event]:
        """The event that is set whenever there may be something new; raises Refusal when too many.

        `alive` says whether the page is still connected: a page that was just reloaded leaves a
        stream behind that only notices at its next heartbeat, and that must not count.
        """
        if sum(connected() for connected in self._open.get(chat, {}).values()) >= self._per_chat:
            raise Refusal("too_many_pages", retry_after=30)
        if self._count >= self.overall:
            raise Refusal("crowded", retry_after=30)
        event = asyncio.Event()
        self._open.setdefault(chat, {})[event] = alive
        self._count += 1
        try:
            yield event
        finally:
            self._count -= 1
            self._forget(chat, event)

    def wake(self, chat: str) -> None:
        """Lets the streams of this chat read what is new."""
        for event in self._open.get(chat, ()):
            event.set()

    def close(self) -> None:
        """Ends every stream."""
        self.closed = True
        for chat in self._open:
            self.wake(chat)

    def _forget(self, chat: str, event: asyncio.Event) -> None:
        events = self._open[chat]
        del events[event]
        if not events:
            del self._open[chat]


async def events(
    streams: Streams,
    woken: asyncio.Event,
    read: Callable[[int], Awaitable[Sequence[Sent]]],
    *,
    after: int,
    heartbeat: float,
) -> AsyncIterator[bytes]:
    """Yields what is new as server-sent events and a comment line every `heartbeat` seconds.

    Each heartbeat reads again too: another process may have sent without waking this one.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + LIFETIME_SECONDS
    yield b": open\n\n"
    while not streams.closed and loop.time() < until:
        woken.clear()
        while found := await read(after):  # the reader gives so many at a time
            for sent in found:
                after = max(after, sent.id)
                yield event_of(sent)
        try:
            async with asyncio.timeout(heartbeat):
                await woken.wait()
        except TimeoutError:
            yield b": still here\n\n"


def event_of(sent: Sent) -> bytes:
    """One message as a server-sent event whose id can be resumed from."""
    return f"id: {sent.id}\nevent: message\ndata: {json.dumps(shown(sent))}\n\n".encode()
