"""One connection at the port: what has to be known to tell a slow one from a hostile one."""

import asyncio
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from aiohttp import StreamReader, web

if TYPE_CHECKING:
    from bot.web.door import Door

HEAD_SECONDS = 20.0
"""A request head has to be there this long after its first byte, a first byte this long after connecting."""

GRACE_SECONDS = 20.0
LEAST_BYTES_PER_SECOND = 256.0
"""What a body has to bring on average once the grace is over; a bad phone line brings ten times that."""

FAIR_SECONDS = 5.0
"""Where the port is full, a body may lose its place to somebody new this long after its head was there."""

STALLED_SECONDS = 60.0
"""A connection that takes nothing of its answer for this long is cut."""


class Connection(web.RequestHandler):
    """One connection, with what has to be known to tell a slow one from a hostile one."""

    __slots__ = (
        "_door",
        "body",
        "handling",
        "received",
        "refused",
        "seen",
        "since",
        "unsent",
        "unsent_since",
    )

    def __init__(self, manager: web.Server, door: "Door", **options: Any) -> None:
        super().__init__(manager, **options)
        self._door = door
        self.since = self.unsent_since = door.timer()
        self.received = self.seen = self.unsent = 0
        self.handling = self.refused = False
        self.body: StreamReader | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.refused = not self._door.enter(self)
        if self.refused:
            cast(asyncio.Transport, transport).abort()
            return
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._door.leave(self)
        if not self.refused:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.received == self.seen and not self.handling:
            self.since = self._door.timer()
        self.received += len(data)
        super().data_received(data)

    def begin(self, body: StreamReader) -> None:
        """A request of this connection is being handled; `body` is what comes with it."""
        self.handling, self.body, self.since = True, body, self._door.timer()

    def end(self) -> None:
        """The request was answered; the next one may come."""
        self.handling, self.seen, self.since = False, self.received, self._door.timer()

    def log_exception(self, *_args: Any, **options: Any) -> None:
        """Counts what aiohttp would write a line about: whoever sends nonsense must not fill the log."""
        told = options.get("exc_info")
        self._door.mishaps.count(told if isinstance(told, BaseException) else sys.exc_info()[1])

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """A short answer to what is no HTTP: nothing of the request, no name of a program."""
        if isinstance(exc, UnicodeEncodeError):  # the library repeats an Expect that it does not know
            status = 400
        self.log_exception("bad request", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was on its way already")
        response = self._door.explain(status)
        response.force_close()
        return response

    def too_slow(self, now: float) -> bool:
        """Whether patience with this connection is over; `now` by the door's timer, in seconds."""
        return self._stalls(now) or (self._drips(now) if self._unfinished() else self._dawdles(now))

    @property
    def waiting(self) -> bool:
        """Whether nothing of this connection is being handled."""
        return not self.handling and not self._unfinished()

    def pace(self, now: float) -> float | None:
        """Bytes a second of a body that is still coming; None where none is, or it only began."""
        lasted = now - self.since
        return (self.received - self.seen) / lasted if self._unfinished() and lasted > FAIR_SECONDS else None

    def _unfinished(self) -> bool:
        return self.body is not None and not self.body.is_eof()

    def _dawdles(self, now: float) -> bool:
        if self.handling or (self.seen and self.received == self.seen):
            return False  # at work, or resting between two requests: aiohttp ends that
        return now - self.since > HEAD_SECONDS

    def _drips(self, now: float) -> bool:
        lasted = now - self.since - GRACE_SECONDS
        return lasted > 0 and self.received - self.seen < lasted * LEAST_BYTES_PER_SECOND

    def _stalls(self, now: float) -> bool:
        transport = self.transport
        unsent = transport.get_write_buffer_size() if transport is not None else 0
        if not unsent or unsent != self.unsent:
            self.unsent, self.unsent_since = unsent, now
            return False
        return now - self.unsent_since > STALLED_SECONDS


@web.middleware
async def mark_requests(request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
    """Tells the connection when a request is being handled."""
    connection = request.protocol
    if not isinstance(connection, Connection):
        return cast(web.StreamResponse, await handler(request))
    connection.begin(request.content)
    try:
        return cast(web.StreamResponse, await handler(request))
    finally:
        connection.end()
