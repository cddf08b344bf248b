"""Telegram's rate limits: 30 messages a second in all, one a second in a chat, 20 a minute in a group."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.telegram.server.errors import ApiError

Clock = Callable[[], float]


@dataclass(slots=True)
class RateLimits:
    """Refuses with 429 what comes too fast; `clock` tells seconds.

    `burst` messages are let through in a chat's second. `slack` shortens each window by that share, as
    messages sent a second apart may arrive a little closer together.
    """

    clock: Clock
    per_second: int = 30
    burst: int = 1
    per_group_minute: int = 20
    slack: float = 0.05
    refused: int = 0
    _sent: dict[object, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def check(self, chat_id: int, *, is_group: bool) -> None:
        """Counts a message to this chat, or raises ApiError with retry_after in whole seconds."""
        now = self.clock()
        rules: list[tuple[object, int, float]] = [
            ("all", self.per_second, 1.0),
            (("chat", chat_id), self.burst, 1.0),
        ]
        if is_group:
            rules.append((("group", chat_id), self.per_group_minute, 60.0))
        wait = max(self._wait(key, allowed, window * (1 - self.slack), now) for key, allowed, window in rules)
        if wait > 0:
            self.refused += 1
            seconds = max(1, math.ceil(wait))
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for key, _, _ in rules:
            self._sent[key].append(now)

    def _wait(self, key: object, allowed: int, window: float, now: float) -> float:
        times = self._sent[key]
        while times and times[0] <= now - window:
            times.popleft()
        return times[0] + window - now if len(times) >= allowed else 0.0
