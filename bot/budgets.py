"""How much one sender may ask of the bot in a minute, in every channel; urgent words always pass."""

import math
from collections.abc import Callable, Sequence

from nlp.crisis import crisis_in
from nlp.reading import Reader

WINDOW_SECONDS = 60.0
MOST_SENDERS = 50_000
"""Senders counted in one minute: some 10 MB."""
MESSAGES = 60
"""Messages a sender may write in a minute before the rest has to wait, or is taken with fewer words."""
URGENT = 3
"""Urgent messages above the budget that are let through in a minute."""
URGENT_OF_ALL = 300
"""The same of all senders together. No hospital has five people in danger a second: whoever writes urgent
words by the thousand goes the way of all others, which works or waits a moment, and loses nothing.
"""
FAIR = 10
"""Messages a sender may write in a minute while the database has too much to do."""
MUCH = 200
"""Units of work waiting for the database, half a second's, above which who writes most waits first."""

_SEARCHED, _READ = 2_000, 200
"""Characters looked through for words of danger (20 µs) and read for other urgency (up to 0.8 ms)."""


class Budget:
    """Counts calls in windows of one minute; every window starts from nothing, so memory stays small.

    With more than MOST_SENDERS in a window a new one begins: a flood of senders may gain by that, nobody
    loses.
    """

    def __init__(self, allowed: int, *, timer: Callable[[], float]) -> None:
        self.allowed = allowed
        self._timer = timer
        self._started = timer()
        self._counts: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._counts)

    def spend(self, who: str = "") -> int:
        """Takes one call of `who`; 0 where it was within the budget, else seconds to the next window."""
        spent = self.spent(who)
        if spent >= self.allowed:
            return max(1, math.ceil(WINDOW_SECONDS - (self._timer() - self._started)))
        if spent == 0 and len(self._counts) >= MOST_SENDERS:
            self._begin()
        self._counts[who] = spent + 1
        return 0

    def spent(self, who: str = "") -> int:
        """How many calls of `who` were taken in this window."""
        if not 0 <= self._timer() - self._started < WINDOW_SECONDS:
            self._begin()
        return self._counts.get(who, 0)

    def _begin(self) -> None:
        self._started = self._timer()
        self._counts.clear()


class Urgency:
    """Tells urgent words in under a millisecond, whatever the length, and lets a few through."""

    def __init__(self, reader: Reader, *, timer: Callable[[], float]) -> None:
        self._reader = reader
        self._let_through = Budget(URGENT, timer=timer)
        self._of_all = Budget(URGENT_OF_ALL, timer=timer)

    def passes(self, who: str, text: str) -> bool:
        """Whether this message is to be taken although its sender is over the budget."""
        if self._let_through.spent(who) >= URGENT:
            return False  # nothing is read for those who cry all the time
        found = crisis_in(text[:_SEARCHED]) is not None or self._reader.read(text[:_READ]).urgent
        return found and not self._let_through.spend(who) and not self._of_all.spend()


class Restraint:
    """Spares senders who write very much the same words over and over; what they write is kept.

    For channels that answer by sending: there the answers, not the messages, are what a flood costs.
    """

    def __init__(self, *, timer: Callable[[], float], allowed: int = 20) -> None:
        self._budget = Budget(allowed, timer=timer)
        self._said = Budget(1, timer=timer)

    def counts_over(self, who: str) -> bool:
        """Counts one message; True where it is beyond what is answered each time."""
        return self._budget.spend(who) > 0

    def is_news(self, who: str, words: str) -> bool:
        """Whether these words were not yet said to this sender, who is over the budget, in this minute."""
        return not self._said.spent(_short(who, words))

    def note(self, who: str, said: Sequence[str]) -> None:
        """Remembers what was said, after it was committed."""
        for words in said:
            self._said.spend(_short(who, words))


def _short(who: str, words: str) -> str:
    return f"{who} {hash(words)}"
