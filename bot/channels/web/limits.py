"""How much one session, and all together, may ask of the web channel in a minute."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.web.errors import Refusal

WINDOW_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Rates:
    """Calls allowed in a minute: per session for messages and reads, in this process for sessions."""

    messages: int = 60
    reads: int = 240
    sessions: int = 200


class Budget:
    """Counts calls in windows of one minute; every window starts from nothing, so memory stays small."""

    def __init__(self, allowed: int, *, code: str, timer: Callable[[], float]) -> None:
        self._allowed = allowed
        self._code = code
        self._timer = timer
        self._started = timer()
        self._counts: dict[str, int] = {}

    def spend(self, who: str = "") -> None:
        """Takes one call of `who`; raises Refusal with the seconds until the next window."""
        now = self._timer()
        if not 0 <= now - self._started < WINDOW_SECONDS:
            self._started = now
            self._counts.clear()
        spent = self._counts.get(who, 0)
        if spent >= self._allowed:
            raise Refusal(self._code, retry_after=math.ceil(self._started + WINDOW_SECONDS - now))
        self._counts[who] = spent + 1


class Budgets:
    """The budgets of the web channel; with `rates` None nothing is limited (for measuring)."""

    def __init__(self, rates: Rates | None, *, timer: Callable[[], float]) -> None:
        self._messages = self._reads = self._sessions = None
        if rates is not None:
            self._messages = Budget(rates.messages, code="too_fast", timer=timer)
            self._reads = Budget(rates.reads, code="too_fast", timer=timer)
            self._sessions = Budget(rates.sessions, code="crowded", timer=timer)

    def message(self, sender: str) -> None:
        """Takes one message of this sender; raises Refusal."""
        if self._messages is not None:
            self._messages.spend(sender)

    def read(self, sender: str) -> None:
        """Takes one reading call of this sender; raises Refusal."""
        if self._reads is not None:
            self._reads.spend(sender)

    def session(self) -> None:
        """Takes one new session; raises Refusal."""
        if self._sessions is not None:
            self._sessions.spend()


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
