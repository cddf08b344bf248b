"""How many messages a number gets in a day: two machines that answer each other must not go on for ever."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MORNING = time(9, 0)


class Daily:
    """Counts in memory, by local day; a restart begins anew."""

    def __init__(self, most: int, *, clock: Callable[[], datetime], timezone: str) -> None:
        self._most, self._clock, self._zone = most, clock, ZoneInfo(timezone)
        self._day: date | None = None
        self._counts: Counter[str] = Counter()

    def wait(self, number: str) -> float:
        """0 where this number may have one more today; else the seconds until tomorrow morning."""
        now = self._clock().astimezone(self._zone)
        self._turn(now)
        if self._counts[number] < self._most:
            return 0.0
        tomorrow = datetime.combine(now.date() + timedelta(days=1), _MORNING, self._zone)
        return (tomorrow - now).total_seconds()

    def count(self, number: str) -> None:
        """One more was sent."""
        self._turn(self._clock().astimezone(self._zone))
        self._counts[number] += 1

    def _turn(self, now: datetime) -> None:
        if now.date() != self._day:
            self._day = now.date()
            self._counts.clear()
