"""Counts connections that end badly by kind, and tells of them in one line a minute at most."""

import logging
from collections import Counter
from collections.abc import Callable

SECONDS_BETWEEN_LINES = 60.0
MOST_KINDS = 20
"""Kinds told apart; what comes beyond them is counted together."""

log = logging.getLogger("lianxin.web")


class Mishaps:
    """The first mishap is told at once, later ones with their number; `timer` counts seconds.

    A kind is the name of an error: nothing of a request, no address.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._counts: Counter[str] = Counter()
        self._told: float | None = None

    def count(self, error: BaseException | None) -> None:
        """One more, of this kind; `error` is what was raised, if it is known."""
        kind = type(error).__name__ if error is not None else "unknown"
        known = kind in self._counts or len(self._counts) < MOST_KINDS
        self._counts[kind if known else "other"] += 1
        self.tell()

    def tell(self) -> None:
        """Writes the line, if there is something to tell and the last one is a minute old."""
        now = self._timer()
        if self._told is None or now - self._told >= SECONDS_BETWEEN_LINES:
            self._write(now)

    def tell_rest(self) -> None:
        """Writes what was not told yet, at the end."""
        self._write(self._timer())

    def _write(self, now: float) -> None:
        if not self._counts:
            return
        kinds = ", ".join(f"{kind} {number}" for kind, number in self._counts.most_common())
        log.warning("connections ended badly: %d (%s)", self._counts.total(), kinds)
        self._told = now
        self._counts.clear()
