"""Shares of answers with what chance alone may do to them: confidence intervals of 95 %."""

from dataclasses import dataclass
from math import hypot, sqrt

_Z = 1.959964
"""The normal deviate that 95 % lie within."""


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole` answers; `low` and `high` (0 to 1) bound the true share in 95 of 100 cases."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself, 0 to 1."""
        return self.part / self.whole


@dataclass(frozen=True, slots=True)
class Change:
    """How a share moved: `value`, `low` and `high` from -1 to 1; `is_real`: chance alone hardly does that."""

    value: float
    low: float
    high: float

    @property
    def is_real(self) -> bool:
        """Whether zero lies outside of the interval."""
        return self.low > 0 or self.high < 0


def share_of(part: int, whole: int) -> Share:
    """A share with Wilson's interval; raises ValueError unless 0 <= part <= whole and whole is 1 or more.

    Wilson, Probable inference, the law of succession, and statistical inference, J. Am. Stat. Assoc. 22
    (1927) 209. It stays within 0 and 1 and holds for few answers and for shares near 100 %.
    """
    if not 0 <= part <= whole or whole < 1:
        raise ValueError("a share needs a whole, and a part of it")
    share, squared = part / whole, _Z * _Z
    middle = (share + squared / (2 * whole)) / (1 + squared / whole)
    spread = sqrt(share * (1 - share) / whole + squared / (4 * whole * whole)) * _Z / (1 + squared / whole)
    # At the ends rounding would leave a hair's breadth between the bound and the share.
    low = 0.0 if part == 0 else max(0.0, middle - spread)
    high = 1.0 if part == whole else min(1.0, middle + spread)
    return Share(part, whole, low, high)


def change_of(before: Share, after: Share) -> Change:
    """The difference of two shares of different people, with Newcombe's interval.

    Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven
    methods, Stat. Med. 17 (1998) 873, method 10.
    """
    value = after.value - before.value
    low = value - hypot(after.value - after.low, before.high - before.value)
    high = value + hypot(after.high - after.value, before.value - before.low)
    return Change(value, low, high)
