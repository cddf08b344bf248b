"""Makes real dates of a sample's days: begins on working days, ends and is due on working days."""

import re
from datetime import date, timedelta

from storage.working_days import WorkingDays

_DAY = re.compile(r"^(from|to|due) = (\d+)$", re.MULTILINE)


def with_dates(sample: str, start: date, calendar: WorkingDays) -> str:
    """The text of a sample with `start` for its day 1 and dates for all other days.

    What begins on a day off begins on the next working day; what ends or is due then does so on the one
    before, but never before it began.
    """

    def real(found: re.Match[str]) -> str:
        day = start + timedelta(days=int(found[2]) - 1)
        shifted = next_working(day, calendar) if found[1] == "from" else _before(day, start, calendar)
        return f"{found[1]} = {shifted.isoformat()}"

    return _DAY.sub(real, re.sub(r"(?m)^start = .*$", f"start = {start.isoformat()}", sample))


def next_working(day: date, calendar: WorkingDays) -> date:
    """The day itself or the next on which the office works."""
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def _before(day: date, start: date, calendar: WorkingDays) -> date:
    found = day
    while not calendar.is_working_day(found) and found > start:
        found -= timedelta(days=1)
    return found if calendar.is_working_day(found) else next_working(day, calendar)
