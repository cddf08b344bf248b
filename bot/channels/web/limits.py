"""How much one session, and all together, may ask of the web channel in a minute."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.budgets import MESSAGES, Budget
from bot.channels.web.errors import Refusal


@dataclass(frozen=True, slots=True)
class Rates:
    """Calls in a minute. Per session: messages and reads. In this process: new sessions for nothing, for
    work, and without scripts (see bot/gate.py); messages of all above which each one costs work.
    """

    messages: int = MESSAGES
    reads: int = 240
    sessions: int = 100
    working: int = 3000
    plain: int = 600
    busy: int = 1200


class Budgets:
    """The budgets of the web channel; with `rates` None nothing is limited (for measuring)."""

    def __init__(self, rates: Rates | None, *, timer: Callable[[], float]) -> None:
        self.limited = rates is not None
        allowed = rates or Rates()
        self.busy = max(1, allowed.busy)
        self._messages = Budget(allowed.messages, timer=timer)
        self._reads = Budget(allowed.reads, timer=timer)

    def message(self, sender: str) -> tuple[int, int]:
        """Takes one message of this sender: seconds to wait (0: taken), and how many it is in this minute."""
        if not self.limited:
            return 0, 0
        return self._messages.spend(sender), self._messages.spent(sender)

    def read(self, sender: str) -> int:
        """Takes one reading call of this sender: seconds to wait (0: taken)."""
        return self._reads.spend(sender) if self.limited else 0


OWN_BYTES = 1 << 15
"""What every request may bring whatever others hold: ten thousand characters, 64 MB where all places at the
port are taken. Uploads that stall must keep nobody from saying something."""
PATIENCE_SECONDS = 60.0
"""An upload that has been coming for so long gives way to others where memory is full."""


class HeldBytes:
    """How many bytes of uploads are in memory at once, over all requests of this process."""

    def __init__(self, limit: int, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._timer = limit, timer
        self._held = 0
        self._coming: dict[Callable[[], None], float] = {}

    def take(self, size: int) -> None:
        """Counts `size` bytes as held; raises Refusal where memory would not do."""
        while self._held + size > self._limit:
            if not self._end_oldest():
                raise Refusal("crowded", retry_after=20)
        self._held += size

    @contextmanager
    def coming(self, end: Callable[[], None]) -> Iterator[None]:
        """While an upload is read; `end` gives back what it holds and stops it where others need room."""
        self._coming[end] = self._timer()
        try:
            yield
        finally:
            self._coming.pop(end, None)

    def _end_oldest(self) -> bool:
        """Ends the upload that has been coming for longest, if that is too long."""
        end, since = next(iter(self._coming.items()), (None, 0.0))
        if end is None or self._timer() - since <= PATIENCE_SECONDS:
            return False
        del self._coming[end]
        end()
        return True

    def release(self, size: int) -> None:
        """Gives `size` bytes back."""
        self._held -= size
