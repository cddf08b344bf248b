"""Slows the answers to codes down while codes are being guessed: right and wrong ones alike.

The delay makes a script wait without turning anybody away; what makes guessing hopeless is the number of
codes (see storage/receipts.py).
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from nlp.commands import find_receipt, find_ticket
from storage.database import Database
from storage.receipts import count_wrong_guesses

CALM = 50
"""Wrong codes in a channel within 15 minutes that are nothing but slips of the pen."""
MOST_LEVEL = 6
STEP = timedelta(seconds=0.7)
"""What each level adds to the wait: 4.2 seconds at most."""
MOST_WAITING = 256
"""Answers held back at once; the next ones are answered without a wait, and the web asks for most work."""

_FRESH = timedelta(seconds=5)
_SEARCHED = 2_000
_JOINS = re.compile(r"\s*(?:/(?:join|bind)\b|/start\s|ticket[.a-z]{0,8}:)", re.IGNORECASE)
_FEWEST = 6
"""Signs that 12 digits are written with at least: ⑪ stands for two."""

Pause = Callable[[float], Awaitable[None]]


def is_guess(text: str) -> bool:
    """Whether a message or a button's value may hold a code: of a receipt, to join with, or a ticket.

    Some 10 µs for a story.
    """
    if _JOINS.match(text):
        return True
    digits = sum(map(str.isnumeric, text[:_SEARCHED]))
    return digits >= _FEWEST and (find_receipt(text) or find_ticket(text)) is not None


class Guessing:
    """How hard codes are being guessed, by the wrong ones in the tables: one count for all processes."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime], pause: Pause = asyncio.sleep
    ) -> None:
        self._database, self._clock, self._pause = database, clock, pause
        self._counted: dict[str, int] = {}
        self._counted_at: datetime | None = None
        self._waiting = 0

    async def level(self, channel: str) -> int:
        """0 in calm times, up to 6; each doubling of wrong codes, here or overall, is one more."""
        if self._waiting >= MOST_WAITING:
            return MOST_LEVEL
        now = self._clock()
        if self._counted_at is None or abs(now - self._counted_at) >= _FRESH:
            self._counted_at = now  # those who come while it is counted go by what was known
            self._counted = await self._database.run(lambda session: count_wrong_guesses(session, now=now))
        overall = sum(self._counted.values()) // 2
        most = max(self._counted.get(channel, 0), overall)
        return min(MOST_LEVEL, (most // CALM).bit_length())

    async def delay(self, channel: str) -> timedelta:
        """By how much an answer to a code is to come later; nothing is looked up for it."""
        return await self.level(channel) * STEP

    async def hold_back(self, channel: str) -> bool:
        """Returns after the delay; at once where too many wait already. True where it waited."""
        delay = await self.delay(channel)
        if not delay or self._waiting >= MOST_WAITING:
            return False
        self._waiting += 1
        try:
            await self._pause(delay.total_seconds())
        finally:
            self._waiting -= 1
        return True
