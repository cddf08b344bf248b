"""Counts working days by the State Council calendar, its make-up workdays, and the hospital's own list."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

PLAN_SIZE = 10
"""A holiday file that lists at least this many days off in a year holds that year's whole plan.

There are 13 statutory holidays a year (全国年节及纪念日放假办法, 2024); two of them may fall together.
"""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """An instant in UTC; `certain` is false where a year was counted whose holidays nobody knows yet."""

    at: datetime
    certain: bool


@dataclass(frozen=True, slots=True)
class _Year:
    days: tuple[date, ...]
    certain: bool


class WorkingDays:
    """The working days and office hours of one hospital; years are worked out once and kept.

    `holidays` overrides the calendar day by day: True is a day off, False a working day. Years that
    neither the calendar nor a whole plan in `holidays` (see PLAN_SIZE) covers have plain weekends.
    Every datetime passed in must be aware; every datetime given back is UTC.
    """

    def __init__(
        self, timezone: str, day_starts: time, day_ends: time, holidays: Mapping[date, bool] | None = None
    ) -> None:
        """Raises ValueError unless the office opens before it closes, ZoneInfoNotFoundError for a zone."""
        if day_starts >= day_ends:
            raise ValueError("the office must open before it closes")
        self._zone = ZoneInfo(timezone)
        self._starts, self._ends = day_starts, day_ends
        self._holidays = dict(holidays or {})
        self._years: dict[int, _Year] = {}
        # All that comes in on one day has the same limits.
        self._due_after = lru_cache(maxsize=512)(self._work_out_due)
        self._fraction_after = lru_cache(maxsize=512)(self._work_out_fraction)

    def due(self, start: datetime, days: int) -> Due:
        """Closing time of the `days`-th working day (1 or more); counting starts the day after `start`."""
        return self._due_after(self._local(start).date(), days)

    def fraction(self, start: datetime, days: int, percent: int) -> datetime:
        """The instant at which `percent` (0 to 100) of the office hours of `days` working days has passed.

        100 is the due time. Where a day is full, it is that day's closing time, not the next opening.
        """
        if not 0 <= percent <= 100:
            raise ValueError("percent must be between 0 and 100")
        return self._fraction_after(self._local(start).date(), days, percent)

    def next_working_morning(self, after: datetime) -> datetime:
        """The first opening time of a working day that is later than `after`."""
        day = self._local(after).date()
        if self.is_working_day(day) and self._instant(day, self._starts) > after:
            return self._instant(day, self._starts)
        return self._instant(self._nth(day, 1)[0], self._starts)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on this local date."""
        if day in self._holidays:
            return not self._holidays[day]
        known = _state_council(day)
        return day.weekday() < 5 if known is None else known

    def step(self, day: date, count: int) -> date:
        """The working day so many after (below 0: before) `day`; 0: itself, or the last before it."""
        if count > 0:
            return self._nth(day, count)[0]
        if count == 0:
            return self.step(day + _DAY, -1)
        left, known = -count, self._year(day.year).days
        reached = bisect_left(known, day)
        while reached < left:
            left -= reached
            known = self._year(known[0].year - 1).days
            reached = len(known)
        return known[reached - left]

    def is_certain(self, year: int) -> bool:
        """Whether the holidays of this year are known and not guessed."""
        return self._year(year).certain

    def _work_out_due(self, after: date, days: int) -> Due:
        last, certain = self._nth(after, days)
        return Due(self._instant(last, self._ends), certain)

    def _work_out_fraction(self, after: date, days: int, percent: int) -> datetime:
        whole, part = divmod(days * percent, 100)
        if whole and not part:
            whole, part = whole - 1, 100
        day, _ = self._nth(after, whole + 1 if days > 0 else days)
        opening, closing = (self._instant(day, clock) for clock in (self._starts, self._ends))
        return opening + (closing - opening) * part / 100

    def _nth(self, after: date, count: int) -> tuple[date, bool]:
        if count < 1:
            raise ValueError("days must be 1 or more")
        year = self._year(after.year)
        skipped = bisect_right(year.days, after)
        certain = year.certain
        while len(year.days) - skipped < count:
            count -= len(year.days) - skipped
            after, skipped = date(after.year + 1, 1, 1), 0
            year = self._year(after.year)
            certain = certain and year.certain
        return year.days[skipped + count - 1], certain

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            first = date(year, 1, 1)
            length = (date(year, 12, 31) - first).days + 1
            every = (first + timedelta(days=number) for number in range(length))
            self._years[year] = _Year(tuple(filter(self.is_working_day, every)), self._covers(year))
        return self._years[year]

    def _covers(self, year: int) -> bool:
        listed = sum(off for day, off in self._holidays.items() if day.year == year)
        return listed >= PLAN_SIZE or _state_council(date(year, 1, 1)) is not None

    def _local(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("the time must say its zone")
        return at.astimezone(self._zone)

    def _instant(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self._zone).astimezone(UTC)


@lru_cache(maxsize=4096)
def _state_council(day: date) -> bool | None:
    """Whether `day` is a working day by the published calendar; None where the year is not known."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
