"""Spans of time that figures are asked for: a week, a month, a quarter, a year, each by its name."""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_SHAPE = re.compile(r"(20\d\d)(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|W(0[1-9]|[1-4]\d|5[0-3])))?")
_WEEK = timedelta(days=7)


class SpanKind(StrEnum):
    """How long a span is: 2026-W48, 2026-11, 2026-Q4, 2026."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def is_span(name: str) -> bool:
    """Whether this names a span of this century; a week must be one of its year."""
    if not _SHAPE.fullmatch(name):
        return False
    return kind_of(name) is not SpanKind.WEEK or _is_week(name)


def kind_of(name: str) -> SpanKind:
    """How long the span of this name is."""
    match name[4:6]:
        case "":
            return SpanKind.YEAR
        case "-Q":
            return SpanKind.QUARTER
        case "-W":
            return SpanKind.WEEK
    return SpanKind.MONTH


def span_of(day: date, kind: SpanKind = SpanKind.MONTH) -> str:
    """The span of a kind that a local day lies in; weeks are those of ISO 8601, from Monday on."""
    match kind:
        case SpanKind.YEAR:
            return f"{day.year}"
        case SpanKind.QUARTER:
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case SpanKind.WEEK:
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
    return f"{day:%Y-%m}"


def days_of(name: str) -> tuple[date, date]:
    """First day of a span, and first day after it."""
    year = int(name[:4])
    match kind_of(name):
        case SpanKind.YEAR:
            return date(year, 1, 1), date(year + 1, 1, 1)
        case SpanKind.QUARTER:
            return _first(year, int(name[6]) * 3 - 2), _first(year, int(name[6]) * 3 + 1)
        case SpanKind.WEEK:
            monday = date.fromisocalendar(year, int(name[6:]), 1)
            return monday, monday + _WEEK
    return _first(year, int(name[5:])), _first(year, int(name[5:]) + 1)


def before(name: str) -> str:
    """The span of the same kind just before."""
    return span_of(days_of(name)[0] - timedelta(days=1), kind_of(name))


def after(name: str) -> str:
    """The span of the same kind just after."""
    return span_of(days_of(name)[1], kind_of(name))


def slices_of(name: str) -> list[str]:
    """The months of a quarter or year, so that no unit of work counts a whole year; else the span alone."""
    if kind_of(name) in (SpanKind.WEEK, SpanKind.MONTH):
        return [name]
    day, end = days_of(name)
    months = []
    while day < end:
        months.append(span_of(day))
        day = days_of(months[-1])[1]
    return months


def bounds_of(name: str, timezone: str) -> tuple[datetime, datetime]:
    """From when to when (UTC, the end not included) a span lasts in a time zone."""
    first, end = days_of(name)
    return start_of(first, timezone), start_of(end, timezone)


def start_of(day: date, timezone: str) -> datetime:
    """The moment a local day begins, in UTC."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def _first(year: int, month: int) -> date:
    """Month 13 is January of the next year."""
    return date(year + (month > 12), (month - 1) % 12 + 1, 1)


def _is_week(name: str) -> bool:
    try:
        date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
    except ValueError:
        return False
    return True
