"""How fast a channel may be spoken to: overall, per chat, per group; a refusal holds one chat only.

Messages leave evenly spaced, at moments laid out from the start and not from the last one: a timer that is a
little late costs nothing, a pause while letters are found is made up for, and what the network delays makes
no more of them in a second than are allowed.
"""

import math
from collections import deque

from bot.channels.base import Limits

_MINUTE = 60.0
_SECOND = 1.0
_WINDOW = 1.015 * _SECOND
"""Our second is a little longer than theirs: on the way messages come a little closer together."""
_BEHIND = 0.75
"""Seconds of delay that are made up for; after a longer pause the even pace begins anew."""
_ENOUGH, _AHEAD = 0.25, 0.6
"""Seconds for which claimed letters lie ready, at least and at most: what is urgent waits no longer."""


class Pacer:
    """Counts what was sent; all times are seconds of one monotonic clock, given by the caller."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._interval = _WINDOW / limits.per_second
        self._slot = self._rests_until = -math.inf
        self._left: deque[float] = deque()
        self._groups: dict[str, deque[float]] = {}
        self._free_at: dict[str, float] = {}

    def to_claim(self, now: float) -> int:
        """How many letters to claim now: enough to go on without a gap, and none long before its moment."""
        ahead = max(self._slot - now, 0.0)
        if ahead > _ENOUGH or now < self._rests_until:
            return 0
        return max(1, int((_AHEAD - ahead) / self._interval))

    def claims_in(self, now: float) -> float | None:
        """Seconds until more are to be claimed, None if they may be now."""
        wait = max(self._slot - _ENOUGH, self._rests_until) - now
        return wait if wait > 0 else None

    def slot(self, now: float) -> float:
        """The moment at which the next message is to leave; one that is past means at once."""
        following = self._slot + self._interval
        self._slot = following if following > now - _BEHIND else now
        return self._slot

    def leaves(self, now: float) -> float:
        """Counts a message that leaves now and gives 0; else the seconds after which to ask again.

        Where the process was held up, what waited must not leave all at once.
        """
        while self._left and self._left[0] <= now - _WINDOW:
            self._left.popleft()
        wait = self._rests_until - now
        if len(self._left) >= int(self._limits.per_second):
            wait = max(wait, self._left[0] + _WINDOW - now)
        if wait > 0:
            return wait
        self._left.append(now)
        return 0.0

    def rest(self, until: float) -> None:
        """The whole channel takes nothing for a while."""
        self._rests_until = max(until, self._rests_until)

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
