"""How fast a channel may be spoken to: overall, per chat, per group; a refusal holds one chat only."""

from collections import deque

from bot.channels.base import Limits

_MINUTE = 60.0


class Pacer:
    """Counts what was sent; all times are seconds of one monotonic clock, given by the caller."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._overall: deque[float] = deque()
        self._groups: dict[str, deque[float]] = {}
        self._free_at: dict[str, float] = {}

    def room(self, now: float) -> int:
        """How many messages may go out now, over all chats."""
        while self._overall and self._overall[0] <= now - 1.0:
            self._overall.popleft()
        return max(0, int(self._limits.per_second) - len(self._overall))

    def held(self, now: float) -> set[str]:
        """The chats that must wait; what is free again is forgotten."""
        self._free_at = {chat: free for chat, free in self._free_at.items() if free > now}
        return set(self._free_at)

    def next_free(self, now: float) -> float | None:
        """Seconds until the next held chat is free, None if none is held."""
        later = [free - now for free in self._free_at.values() if free > now]
        return min(later, default=None)

    def sent(self, chat: str, now: float, *, is_group: bool) -> None:
        """Counts one message; the chat waits its turn before the next."""
        self._overall.append(now)
        free = now + 1.0 / self._limits.per_chat_second
        if is_group:
            free = max(free, self._after_group_message(chat, now))
        self._free_at[chat] = max(free, self._free_at.get(chat, 0.0))

    def arrived(self, chat: str, now: float) -> None:
        """A message of several parts, or on a slow line, ends later than it began: the wait starts anew."""
        self.hold(chat, now + 1.0 / self._limits.per_chat_second)

    def hold(self, chat: str, until: float) -> None:
        """The messenger said to wait with this chat."""
        self._free_at[chat] = max(until, self._free_at.get(chat, 0.0))

    def _after_group_message(self, chat: str, now: float) -> float:
        times = self._groups.setdefault(chat, deque())
        times.append(now)
        while times and times[0] <= now - _MINUTE:
            times.popleft()
        return times[0] + _MINUTE if len(times) >= self._limits.per_group_minute else now
