"""The web chat as a channel: people fetch their replies, sending only wakes the open pages."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from bot.channels.base import Answer, Limits, Outgoing, Receive
from bot.channels.web.entrance import Entrance, Signals
from bot.channels.web.errors import Refusal
from bot.channels.web.limits import Budgets, HeldBytes, Rates
from bot.channels.web.sessions import Sessions
from bot.channels.web.stream import ReadAfter, Streams
from bot.gate import Allowed, Gate
from storage.messages import Inbound, StoredFile, Upload

OpenFile = Callable[[str, str], Awaitable[tuple[StoredFile, bytes]]]
"""Opens a file (uid) for a sender; raises NoSuchCase where the sender may not see it."""

HELD_BYTES = 256_000_000


class WebChannel:
    """The web channel; its routes are made by `api.routes`.

    `read_after` reads what was sent to a chat after an id, `open_file` authorises and opens a file.
    `max_upload_bytes` bounds one request with its files. `rates` None switches the rate budgets off.
    `signals` is what the rest of the house tells. `heartbeat` is in seconds. A message's reference for
    later edits is its id as text.
    """

    name = "web"
    pulled = True
    limits = Limits(per_second=10_000.0, per_chat_second=1_000.0, per_group_minute=60_000.0)

    def __init__(
        self,
        *,
        session_key: bytes,
        read_after: ReadAfter,
        open_file: OpenFile,
        max_upload_bytes: int = 21_000_000,
        rates: Rates | None = Rates(),  # noqa: B008 (frozen)
        signals: Signals = Signals(),  # noqa: B008 (frozen)
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        timer: Callable[[], float] = time.monotonic,
        heartbeat: float = 15.0,
    ) -> None:
        self.sessions = Sessions(session_key)
        allowed = Allowed(free=rates.sessions, working=rates.working, plain=rates.plain) if rates else None
        self.entrance = Entrance(Gate(session_key, allowed), Budgets(rates, timer=timer), signals, now=now)
        self.held = HeldBytes(max(HELD_BYTES, 2 * max_upload_bytes))
        self.streams = Streams()
        self.read_after = read_after
        self.open_file = open_file
        self.max_upload_bytes = max_upload_bytes
        self.heartbeat = heartbeat
        self.now = now
        self._receive: Receive | None = None
        self._in_hand = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def taking(self) -> bool:
        """Whether messages are taken now: between start and stop."""
        return self._receive is not None

    async def start(self, receive: Receive) -> None:
        """Begins to take messages; each is answered only after `receive` returned."""
        self._receive = receive
        self.streams.closed = False

    async def stop(self) -> None:
        """Stops taking messages, ends the streams and waits for the messages in hand."""
        self._receive = None
        self.streams.close()
        await self._idle.wait()

    async def send(self, outgoing: Outgoing) -> str | None:
        """Wakes the pages open on this chat; the message waits in storage for the others."""
        self.streams.wake(outgoing.chat)
        return str(outgoing.id)

    async def take(self, inbound: Inbound, uploads: Sequence[Upload]) -> Answer:
        """Hands a message on and returns what was committed; raises Refusal while closing."""
        receive = self._receive
        if receive is None:
            raise Refusal("closing", retry_after=20)
        self.entrance.taken()
        self._in_hand += 1
        self._idle.clear()
        try:
            return await receive(inbound, uploads)
        finally:
            self._in_hand -= 1
            if not self._in_hand:
                self._idle.set()
