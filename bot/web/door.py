"""Stands at the port: how many connections there may be, and which of them have to go."""

import time
from collections.abc import Callable

from aiohttp import web

from bot.web.connections import Connection
from bot.web.mishaps import Mishaps

MOST_CONNECTIONS = 2000


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


def room() -> int:
    """Places at the port: a quarter of the files this process may open stays for everything else."""
    try:
        import resource
    except ImportError:  # Windows counts otherwise
        return MOST_CONNECTIONS
    return min(MOST_CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] * 3 // 4)
