"""Runs of days off that people go away for, each with the name of its holiday where one is known."""

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar

from storage.working_days import WorkingDays

LEAST = 3
"""Days off in a row that make a holiday: a weekend has two."""
_DAY = timedelta(days=1)
_LONGEST = 31
_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


def holidays(calendar: WorkingDays, first: date, last: date) -> Iterator[tuple[str, date]]:
    """Name with year (2026-国庆节), or the first day where none is known, and the first day, in order.

    All runs that begin from `first` to `last`.
    """
    taken: set[str] = set()
    day = date(first.year, 1, 1)  # whatever the range, a second run with one name is the later one
    while day <= last:
        if calendar.is_working_day(day) or not calendar.is_working_day(day - _DAY):
            day += _DAY
            continue
        end = _end(calendar, day)
        if (end - day).days + 1 >= LEAST:
            name = _name(day, end)
            if day >= first:
                yield (name if name not in taken else day.isoformat()), day
            taken.add(name)
        day = end + _DAY


def _end(calendar: WorkingDays, day: date) -> date:
    for _ in range(_LONGEST):
        if calendar.is_working_day(day + _DAY):
            break
        day += _DAY
    return day


def _name(first: date, last: date) -> str:
    """New Year's days may begin in December: the run is called after the year in which it ends."""
    day = first
    while day <= last:
        if name := _holiday(day):
            return f"{last.year}-{name}"
        day += _DAY
    return first.isoformat()


def _holiday(day: date) -> str:
    try:
        _, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return ""
    return str(_NAMES.get(name, ""))
