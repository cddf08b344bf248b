"""How much one session, and all together, may ask of the web channel in a minute."""

from collections.abc import Callable
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


class HeldBytes:
    """How many bytes of uploads are in memory at once, over all requests of this process."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0

    def take(self, size: int) -> None:
        """Counts `size` bytes as held; raises Refusal where memory would not do."""
        if self._held + size > self._limit:
            raise Refusal("crowded", retry_after=20)
        self._held += size

    def release(self, size: int) -> None:
        """Gives `size` bytes back."""
        self._held -= size
