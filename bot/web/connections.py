"""Stands at the port: how many connections there may be, and how slow one may get."""

import asyncio
import logging
import sys
import time
from collections.abc import Callable
from typing import Any, cast

from aiohttp import StreamReader, web

from bot.web.mishaps import Mishaps

HEAD_SECONDS = 20.0
"""A request head has to be there this long after its first byte, a first byte this long after connecting."""

GRACE_SECONDS = 20.0
LEAST_BYTES_PER_SECOND = 256.0
"""What a body has to bring on average once the grace is over; a bad phone line brings ten times that."""

FAIR_SECONDS = 5.0
"""Where the port is full, a body may lose its place to somebody new this long after its head was there."""

STALLED_SECONDS = 60.0
"""A connection that takes nothing of its answer for this long is cut."""

MOST_CONNECTIONS = 2000
SWEEP_SECONDS = 2.0


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


class Door:
    """Lets connections in, at most `most`, and sends the slow ones away; `timer` counts seconds."""

    def __init__(
        self,
        explain: Callable[[int], web.Response],
        *,
        most: int | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.explain, self.timer = explain, timer
        self.mishaps = Mishaps(timer)
        self.most = most or room()
        self.inside: dict[Connection, None] = {}

    def enter(self, connection: Connection) -> bool:
        """Takes a connection in; where all places are taken, the one that waits longest has to go.

        Where none waits, it is the body that comes slowest: many that drip must not keep everybody out.
        """
        if len(self.inside) >= self.most:
            one = self._idlest() or self._slowest()
            if one is None:
                return False
            self._cut(one)
        self.inside[connection] = None
        return True

    def leave(self, connection: Connection) -> None:
        """Forgets a connection that has ended."""
        self.inside.pop(connection, None)

    def sweep(self, now: float) -> int:
        """Cuts whatever was too slow, and tells of mishaps when it is time; returns how many were cut."""
        self.mishaps.tell()
        slow = [connection for connection in self.inside if connection.too_slow(now)]
        for connection in slow:
            self._cut(connection)
        return len(slow)

    def _idlest(self) -> Connection | None:
        return min((one for one in self.inside if one.waiting), key=lambda one: one.since, default=None)

    def _slowest(self) -> Connection | None:
        now = self.timer()
        paces = ((one.pace(now), one) for one in self.inside)
        known = [(pace, one) for pace, one in paces if pace is not None]
        return min(known, key=lambda pair: pair[0])[1] if known else None

    def _cut(self, connection: Connection) -> None:
        self.inside.pop(connection, None)
        transport = connection.transport
        if transport is not None:
            transport.abort()


class GuardedRunner(web.AppRunner):
    """An AppRunner whose connections come through a door."""

    __slots__ = ("_options", "_sweeping", "door")

    def __init__(self, app: web.Application, door: Door, *, shutdown_timeout: float, **options: Any) -> None:
        super().__init__(app, shutdown_timeout=shutdown_timeout, handler_cancellation=False, **options)
        self.door, self._options = door, options
        self._sweeping: asyncio.TimerHandle | None = None

    @property
    def server(self) -> web.Server | None:
        """What makes the handler of each connection; aiohttp asks no more of it here than to be called."""
        manager = super().server
        if manager is None:
            return None
        loop = asyncio.get_running_loop()
        return cast(web.Server, lambda: Connection(manager, self.door, loop=loop, **self._options))

    async def setup(self) -> None:
        """Makes ready, and begins to look after slow connections."""
        await super().setup()
        self._sweep()

    async def cleanup(self) -> None:
        """Ends everything."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        await super().cleanup()
        self.door.mishaps.tell_rest()

    def _sweep(self) -> None:
        try:
            self.door.sweep(self.door.timer())
        except Exception as error:
            logging.getLogger("lianxin.web").error("sweep of connections failed: %s", type(error).__name__)
        self._sweeping = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep)


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


def room() -> int:
    """Places at the port: a quarter of the files this process may open stays for everything else."""
    try:
        import resource
    except ImportError:  # Windows counts otherwise
        return MOST_CONNECTIONS
    return min(MOST_CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] * 3 // 4)
