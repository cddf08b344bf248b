"""Which parts of a whole must not be shown, so that no answer of a few can be read or reckoned out."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def hidden(counts: Mapping[Key, int], *, least: int) -> set[Key]:
    """The parts to hide: those of fewer than `least` answers, and the smallest larger ones beside them.

    Beside them, until all that is hidden holds `least` answers together: whoever takes the shown parts
    from the whole learns of that many at once, never of a few.
    """
    small = {key for key, count in counts.items() if count < least}
    rest = sum(counts[key] for key in small)
    larger = sorted((count, str(key), key) for key, count in counts.items() if count >= least)
    while 0 < rest < least and larger:
        count, _, key = larger.pop(0)
        small.add(key)
        rest += count
    return small
