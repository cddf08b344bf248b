"""Questions about sorted positions, answered in logarithmic time so that long texts stay cheap."""

from bisect import bisect_left
from collections.abc import Sequence


def any_between(positions: Sequence[int], first: int, last: int) -> bool:
    """Whether one of the sorted `positions` lies in first..last, both included."""
    at = bisect_left(positions, first)
    return at < len(positions) and positions[at] <= last


def first_from(positions: Sequence[int], first: int) -> int | None:
    """The smallest of the sorted `positions` that is not before `first`."""
    at = bisect_left(positions, first)
    return positions[at] if at < len(positions) else None
