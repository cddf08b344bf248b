"""Understands days as people and programs write them."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.sheets_in.cells import BadCell, text_of
from bot.sheets_in.tables import Cell

NOON = time(12, 0)
"""The hour of a stay of which only the day is known."""
_FIRST = 2000
_EXCEL_DAYS = (36_526, 73_415)
"""2000 to 2100, counted from 30 December 1899."""
_EXCEL_START = datetime(1899, 12, 30)  # noqa: DTZ001 (a day of a calendar, nowhere in particular)
_WRITTEN = re.compile(
    r"""(?P<year>[0-9]{4}) \s* [-/.年] \s* (?P<month>[0-9]{1,2}) \s* [-/.月] \s* (?P<day>[0-9]{1,2})
    \s* [日号]? \s* (?:星期.|周.)? (?: [T\s]* (?P<half>上午|下午|AM|PM)? \s*
        (?P<hour>[0-9]{1,2}) \s* [:时点] \s* (?P<minute>[0-9]{1,2})? \s* 分?
        \s* (?: :? \s* (?P<second>[0-9]{1,2}) )? (?:\.[0-9]{1,9})? \s* 秒?
        \s* (?P<late>AM|PM)? \s* (?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})? )?""",
    re.IGNORECASE | re.VERBOSE,
)
_TOGETHER = re.compile(
    r"""(?P<year>(?:19|20)[0-9]{2}) (?P<month>[0-9]{2}) (?P<day>[0-9]{2})
    (?: [T\s]? (?P<hour>[0-9]{2}) :? (?P<minute>[0-9]{2}) (?: :? (?P<second>[0-9]{2}) )? )? (?:\.0+)?""",
    re.VERBOSE,
)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]{1,12})?")
_UNSURE = re.compile(r"[0-9]{1,4}[-/.年][0-9]{1,2}(?:[-/.月][0-9]{1,4})?日?.*")


def read_day(cell: Cell, zone: ZoneInfo, now: datetime) -> datetime:
    """The moment of a discharge, UTC; noon where no hour is told, midnight told or not. Raises BadCell."""
    moment = _moment(cell)
    if moment.tzinfo is None:
        clock = NOON if moment.time() == time() else moment.time()
        moment = datetime.combine(moment.date(), clock, tzinfo=zone)
    local = moment.astimezone(zone)
    if local.year < _FIRST:
        raise BadCell("date_old")
    if local.date() > now.astimezone(zone).date():
        raise BadCell("date_future")
    return local.replace(microsecond=0).astimezone(UTC)


def _moment(cell: Cell) -> datetime:
    match cell:
        case datetime():
            return cell
        case date():
            return datetime.combine(cell, time())
        case bool():
            raise BadCell("date_form")
    text = " ".join(text_of(cell).split())  # long runs of spaces would be tried in every way there is
    if not text:
        raise BadCell("date_missing")
    if found := _WRITTEN.fullmatch(text) or _TOGETHER.fullmatch(text):
        return _built(found.groupdict())
    if _SERIAL.fullmatch(text):
        return _serial(float(text))
    raise BadCell("date_order" if _UNSURE.fullmatch(text) else "date_form")


def _serial(days: float) -> datetime:
    if not _EXCEL_DAYS[0] <= days < _EXCEL_DAYS[1]:
        raise BadCell("date_form")
    return _EXCEL_START + timedelta(seconds=round(days * 86_400))


def _built(parts: dict[str, str | None]) -> datetime:
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = (parts.get("half") or parts.get("late") or "").upper()
    if half in ("下午", "PM") and hour < 12:
        hour += 12
    try:
        day = date(*(int(parts[name] or 0) for name in ("year", "month", "day")))
        moment = datetime.combine(day, time(hour, minute, second))
    except ValueError:
        raise BadCell("date_nonsense") from None
    return moment.replace(tzinfo=_zone(parts.get("zone")))


def _zone(text: str | None) -> timezone | None:
    """Z or +08:00; None where the hospital's own clock is meant."""
    if not text:
        return None
    if text.upper() == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise BadCell("date_nonsense")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
