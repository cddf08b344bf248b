"""Counts what happened in the last minute or so, in a fixed amount of memory."""

from datetime import datetime


class Meter:
    """How many times something happened within the last `seconds`, counted in `slots` equal parts.

    A count looks back over between (slots - 1) / slots and the whole of the time. A clock that is set back
    far begins anew: what lies in the future must hold nobody up.
    """

    def __init__(self, seconds: float = 60.0, slots: int = 12) -> None:
        self._width = seconds / slots
        self._counts = [0] * slots
        self._newest = 0

    def add(self, now: datetime) -> None:
        """Counts one more."""
        self._turn(now)
        self._counts[self._newest % len(self._counts)] += 1

    def count(self, now: datetime) -> int:
        """How many there were."""
        self._turn(now)
        return sum(self._counts)

    def _turn(self, now: datetime) -> None:
        newest = int(now.timestamp() // self._width)
        passed, slots = newest - self._newest, len(self._counts)
        if abs(passed) >= slots:
            self._counts = [0] * slots
        elif passed < 0:
            return  # a clock set right by a little: what is counted now belongs to the newest part
        for slot in range(self._newest + 1, self._newest + 1 + min(max(passed, 0), slots)):
            self._counts[slot % slots] = 0
        self._newest = newest
