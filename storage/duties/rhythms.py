"""The days a plan names by itself, before weekends and holidays move them, each with its period."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import takewhile

from cronsim import CronSim
from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

from storage.duties.when import When
from storage.duties.when_words import MonthDay, Spot, Step
from storage.working_days import WorkingDays

Named = tuple[str, date]
"""A period and its day."""
_DAY = timedelta(days=1)
_SPANS = {"monthly": 1, "quarterly": 3, "half_yearly": 6}
_FIRST_YEAR, _LAST_YEAR = 1990, 2200
_SAME_AGAIN = 400
"""Years after which days, weekdays and leap years are the same again."""


def named_days(when: When, calendar: WorkingDays, first: date, last: date) -> Iterator[Named]:
    """The days from `first` to `last`, earliest first, for every way but after, holidays and on request."""
    first, last = max(first, date(_FIRST_YEAR, 1, 1)), min(last, date(_LAST_YEAR, 1, 1))
    found: Iterator[Named]
    match when.way:
        case "dates":
            found = ((day.isoformat(), day) for day in sorted(set(when.dates)))
        case "yearly":
            found = _yearly(when.yearly, first, last)
        case "monthly" | "quarterly" | "half_yearly" as way:
            assert when.spot is not None
            found = _by_month(when.spot, _SPANS[way], when.month, calendar, first, last)
        case "weekly":
            found = _weekly(when.weekly or 1, first, last)
        case "every":
            assert when.every is not None
            assert when.since is not None
            found = _dated(_every(when.every, when.since, first, last))
        case "rrule":
            found = _dated(rule_days(when.rrule, when.since, first, last))
        case "cron":
            found = _dated(cron_days(when.cron, first, last))
        case _:
            return
    yield from (one for one in found if first <= one[1] <= last)


def rule_days(rule: str, since: date | None, first: date, last: date) -> Iterator[date]:
    """The days of a rule of RFC 5545, counted from `since`; without it nothing may depend on its start."""
    start = since or date(first.year - 1, 1, 1)
    if start > last:
        return
    later = (date.max.year - last.year) // _SAME_AGAIN * _SAME_AGAIN
    bounded = _bounded(rule, last, later)
    for moment in rrulestr(bounded, dtstart=datetime.combine(_moved(start, later), time())):
        if (day := _moved(moment.date(), -later)) >= first:
            yield day


def cron_days(line: str, first: date, last: date) -> Iterator[date]:
    """The days on which a cron line fires at least once."""
    fires = CronSim(line, datetime.combine(first, time()) - timedelta(seconds=1))
    seen = None
    for moment in takewhile(lambda moment: moment.date() <= last, fires):
        if moment.date() != seen:
            yield (seen := moment.date())


def day_of(spot: Spot, year: int, month: int, calendar: WorkingDays) -> date:
    """The day of a month that is meant; where there are fewer, its last."""
    length = monthrange(year, month)[1]
    last = date(year, month, length)
    if spot.kind == "day":
        return date(year, month, min(spot.number or length, length))
    final = calendar.step(last, 0)
    if spot.number == 0:
        return final
    return min(calendar.step(date(year, month, 1) - _DAY, spot.number), final)


def _moved(day: date, years: int) -> date:
    return day.replace(year=day.year + years)


def _bounded(rule: str, last: date, later: int) -> str:
    """A rule that ends with the range, so many years later.

    One that never comes true is looked for until the year 9999 in spite of its end: from as near to that
    as the calendar allows it takes no time.
    """
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    until = f"{last:%Y%m%d}"
    until = min(parts.get("UNTIL", until)[:8], until)
    parts["UNTIL"] = f"{int(until[:4]) + later:04}{until[4:]}"
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _yearly(days: tuple[MonthDay, ...], first: date, last: date) -> Iterator[Named]:
    """One a year is called after the year, several after their months, two of one month after their days."""
    months = Counter(day.month for day in set(days))
    for year in range(first.year, last.year + 1):
        for month, number in sorted(set(days)):
            day = date(year, month, min(number, monthrange(year, month)[1]))
            if len(set(days)) == 1:
                yield f"{year}", day
            else:
                yield f"{year}-{month:02}" if months[month] == 1 else f"{year}-{month:02}-{number:02}", day


def _by_month(
    spot: Spot, span: int, month: int | None, calendar: WorkingDays, first: date, last: date
) -> Iterator[Named]:  # fmt: skip
    for year in range(first.year, last.year + 1):
        for part in range(12 // span):
            day = day_of(spot, year, part * span + (month or span), calendar)
            yield f"{year}-{_PARTS[span].format(part + 1)}", day


_PARTS = {1: "{:02}", 3: "Q{}", 6: "H{}"}


def _weekly(weekday: int, first: date, last: date) -> Iterator[Named]:
    day = first + timedelta(days=(weekday - first.isoweekday()) % 7)
    while day <= last:
        year, week, _ = day.isocalendar()
        yield f"{year}-W{week:02}", day
        day += timedelta(days=7)


def _every(step: Step, since: date, first: date, last: date) -> Iterator[date]:
    """Each counted from the start: of months that begin on the 31st, the short ones end theirs."""
    if since > last:
        return
    months = (first.year - since.year) * 12 + first.month - since.month - 1
    passed = months if step.unit == "month" else (first - since).days // (7 if step.unit == "week" else 1)
    number = max(0, passed // step.number)
    while (day := since + _times(step, number)) <= last:
        yield day
        number += 1


def _times(step: Step, number: int) -> relativedelta:
    count = step.number * number
    match step.unit:
        case "day":
            return relativedelta(days=count)
        case "week":
            return relativedelta(weeks=count)
        case "month":
            return relativedelta(months=count)


def _dated(days: Iterator[date]) -> Iterator[Named]:
    return ((day.isoformat(), day) for day in days)
