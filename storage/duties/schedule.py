"""Works out when a duty is due: its days, moved off weekends and holidays, at the hour it says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.duties.book import Duty, DutyBook
from storage.duties.holidays import holidays
from storage.duties.rhythms import Named, named_days
from storage.working_days import WorkingDays

_DAY = timedelta(days=1)
MARGIN = timedelta(days=40)
"""As far as days off, and the days before holidays, may move something."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One instance: the name of its period for good, when it is due and given out (UTC).

    `certain` is false where a year was counted whose holidays nobody knows yet.
    """

    period: str
    due_at: datetime
    opens_at: datetime
    certain: bool


def due_days(
    duty: Duty, *, book: DutyBook, calendar: WorkingDays, timezone: str, first: date, last: date
) -> list[Planned]:
    """All of a duty that are due from `first` to `last`, local days, the earliest first; pure.

    None for what is started on request. Two that days off would move onto one day are one. `timezone` is
    the hospital's; a duty may be due by its own, but is given out in the hospital's morning.
    """
    days = moved_days(duty, book=book, calendar=calendar, first=first, last=last)
    plan = _Plan(duty, book, calendar, timezone)
    return [plan.of(period, day) for period, day in days]


def planned_on(
    duty: Duty, period: str, day: date, *, book: DutyBook, calendar: WorkingDays, timezone: str
) -> Planned:
    """One that is due on this very day."""
    return _Plan(duty, book, calendar, timezone).of(period, day)


def moved_days(
    duty: Duty, *, book: DutyBook, calendar: WorkingDays, first: date, last: date, path: tuple[str, ...] = ()
) -> list[Named]:
    """Periods and due days from `first` to `last`, moved off days off where the duty says so."""
    wide = first - MARGIN, last + MARGIN
    match duty.when.way:
        case "on_request":
            return []
        case "after":
            found = _after(duty, book, calendar, *wide, path)
        case "before_holidays":
            before = -(duty.when.before_holidays or 1)
            found = [(name, calendar.step(day, before)) for name, day in holidays(calendar, *wide)]
        case _:
            found = list(named_days(duty.when, calendar, *wide))
    moved = _apart(duty.shift, found, calendar)
    return [(period, day) for period, day in moved if first <= day <= last]


def given_out_on(duty: Duty, day: date, *, book: DutyBook, calendar: WorkingDays) -> date:
    """The working day of the longest lead, or that on which the duty begins."""
    if duty.begins is not None:
        return min(calendar.step(duty.begins - _DAY, 1), day)
    return calendar.step(day, -max(book.leads_of(duty), default=0))


@dataclass(frozen=True, slots=True)
class _Plan:
    duty: Duty
    book: DutyBook
    calendar: WorkingDays
    timezone: str

    def of(self, period: str, day: date) -> Planned:
        due = _instant(day, self.duty.at, self.duty.timezone or self.timezone)
        opens_on = given_out_on(self.duty, day, book=self.book, calendar=self.calendar)
        opens = _instant(opens_on, self.book.reminding.at, self.timezone)
        if opens >= due:  # due before the hour at which things are given out
            opens = _instant(self.calendar.step(opens_on, -1), self.book.reminding.at, self.timezone)
        years = {opens_on.year, day.year}
        return Planned(period, due, opens, all(map(self.calendar.is_certain, years)))


def _instant(day: date, clock: time, timezone: str) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def _after(
    duty: Duty, book: DutyBook, calendar: WorkingDays, first: date, last: date, path: tuple[str, ...]
) -> list[Named]:
    """Counted from the day on which the other is due; nothing where they wait for each other."""
    other = book.by_key.get(duty.when.after)
    if other is None or duty.key in path:
        return []
    steps = duty.when.working_days
    back = first - timedelta(days=2 * steps) - MARGIN
    found = moved_days(other, book=book, calendar=calendar, first=back, last=last, path=(*path, duty.key))
    return [(period, calendar.step(day, steps)) for period, day in found]


def _apart(shift: str, found: Iterable[Named], calendar: WorkingDays) -> Iterator[Named]:
    """Each on its own day: one that was moved gives way to one that is due there by itself."""
    if shift == "none":
        yield from found
        return
    listed = list(found)
    taken = {day for _, day in listed if calendar.is_working_day(day)}
    for period, day in listed:
        if calendar.is_working_day(day):
            yield period, day
            continue
        moved = calendar.step(day, 0 if shift == "before" else 1)
        if moved not in taken:
            taken.add(moved)
            yield period, moved
