"""Counts the bytes of one request while they are read."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.channels.web.errors import Refusal
from bot.channels.web.limits import OWN_BYTES, HeldBytes

T = TypeVar("T")


class Bytes:
    """Counts what one request has read, against its own limit and the memory of all requests.

    The first OWN_BYTES are not counted against the memory of all.
    """

    def __init__(self, limit: int, held: HeldBytes) -> None:
        self._limit = limit
        self._held = held
        self._size = self._shared = 0
        self._timeout: asyncio.Timeout | None = None

    def add(self, size: int) -> None:
        """Counts `size` more bytes; raises Refusal."""
        if self._size + size > self._limit:
            raise Refusal("too_large")
        shared = max(0, self._size + size - OWN_BYTES) - max(0, self._size - OWN_BYTES)
        self._held.take(shared)
        self._size += size
        self._shared += shared

    def release(self) -> None:
        """Gives everything back."""
        self._held.release(self._shared)
        self._size = self._shared = 0

    async def within(self, seconds: float, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` reads; raises Refusal where it takes longer, or too long for others to wait."""
        try:
            async with asyncio.timeout(seconds) as self._timeout:
                with self._held.coming(self._end):
                    return await read()
        except TimeoutError:
            raise Refusal("too_slow") from None

    def _end(self) -> None:
        if self._timeout is not None and not self._timeout.expired():
            self._timeout.reschedule(0)  # it is over by now
        self.release()
