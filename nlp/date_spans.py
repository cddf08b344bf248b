"""The days that a date stands for: one day, a month, any stretch, exactly or about."""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from nlp.large_numerals import numeral

_THIRDS = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31)}


class Span(NamedTuple):
    """From `first` to `last`, both included; `about` where the text leaves room."""

    first: date
    last: date
    about: bool = False


def span(first: date, last: date, about: bool = False) -> Span:
    """The stretch between two days."""
    return Span(first, last, about)


def one_day(day: date) -> Span:
    """Nothing but that day."""
    return Span(day, day)


def month_of(year: int, month: int) -> Span:
    """A whole month. Raises ValueError for a month or year that no calendar has."""
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def within(month: Span, day: str | None, third: str | None) -> Span | None:
    """A day or a third of a month; None where the month has no such day."""
    length = monthrange(month.first.year, month.first.month)[1]
    if day:
        return one_day(month.first.replace(day=small(day))) if small(day) <= length else None
    if third:
        first, last = _THIRDS[third]
        return span(month.first.replace(day=first), month.first.replace(day=min(last, length)), True)
    return month


def small(written: str) -> int:
    """A number of days, months or years: 5, 十二, 廿八. Raises ValueError where it is none."""
    value = numeral(written.replace("廿", "二十").replace("元", "一"))
    if value is None:
        raise ValueError("no number")
    return int(value)
