"""Which day is meant where staff say from when to when they are away: 明天, 下周五, 12月5日, 月底, 5号."""

import re
from calendar import monthrange
from datetime import date, timedelta

from nlp.numerals import HAN, number

_HALF_YEAR = timedelta(days=180)
DAY = re.compile(
    rf"""(?: (?P<near>今|明|后|大后)(?!年)[天日]?
    | (?P<week>这个?|本|下个?|下下个?)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末1-7])
    | (?:(?P<year>[0-9]{{4}})年|(?P<next_year>明年)|今年)?(?P<month>[0-9]{{1,2}}|{HAN})月(?:份)?
      (?P<day>[0-9]{{1,2}}|{HAN})[日号]?
    | (?P<side>这个?|本|下个?)月(?P<month_day>[0-9]{{1,2}}|{HAN})[日号]?
    | (?P<end>(?:这个?|本)?月底|(?P<next_end>下个?)月底)
    | (?P<iso>[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}})
    | (?P<short>[0-9]{{1,2}}[-/.][0-9]{{1,2}})
    | (?P<only>[0-9]{{1,2}}|{HAN})[日号]
    )(?:\(?(?:周|星期)[一二三四五六日天]\)?)?(?:上午|下午|晚上|早上|中午|全天|一天|当天)?""",
    re.VERBOSE,
)
"""A day in any of the ways people write it; `day_of` tells which."""
_WEEKDAYS = {char: place for place, char in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_WEEKDAYS |= {str(place): place - 1 for place in range(1, 8)}
_NEAR = {"今": 0, "明": 1, "后": 2, "大后": 3}


class NoDayError(ValueError):
    """A day that no calendar has."""


def day_of(match: re.Match[str], today: date, *, after: date | None = None) -> date:
    """The day meant by a match of DAY, seen from today; with `after` the first such day not before it.

    Raises NoDayError.
    """
    part = match.groupdict(default="")
    if part["near"]:
        return today + timedelta(days=_NEAR[part["near"]])
    if part["weekday"]:
        return _weekday(part["week"], _WEEKDAYS[part["weekday"]], today)
    if part["end"]:
        return _end_of_month(today, later=bool(part["next_end"]))
    if part["iso"]:
        return _built(*map(int, re.split("[-/.]", part["iso"])))
    if part["short"]:
        month, day = map(int, re.split("[-/.]", part["short"]))
        return _in_a_year(month, day, today, after)
    if part["month_day"]:
        months = today.year * 12 + today.month - 1 + part["side"].startswith("下")
        return _built(months // 12, months % 12 + 1, _small(part["month_day"]))
    if part["only"]:
        return _in_a_month(_small(part["only"]), today)
    month, day = _small(part["month"]), _small(part["day"])
    if part["year"] or part["next_year"]:
        return _built(int(part["year"]) if part["year"] else today.year + 1, month, day)
    return _in_a_year(month, day, today, after)


def _weekday(week: str, weekday: int, today: date) -> date:
    """周五 is the next one, today included; 下周五 that of the week after this one."""
    monday = today - timedelta(days=today.weekday())
    found = monday + timedelta(days=weekday, weeks=week.count("下"))
    return found + timedelta(weeks=1) if not week and found < today else found


def _in_a_year(month: int, day: int, today: date, after: date | None) -> date:
    """Of this year; of the next where that is long over, or before the day it follows."""
    earliest = after or today - _HALF_YEAR
    for year in (today.year, today.year + 1):
        try:
            found = _built(year, month, day)
        except NoDayError:
            continue
        if found >= earliest or (after is not None and after - found < _HALF_YEAR):
            return found
    raise NoDayError


def _in_a_month(day: int, today: date) -> date:
    """5号: of this month, or of the next where it is over."""
    months = today.year * 12 + today.month - 1 + (day < today.day)
    return _built(months // 12, months % 12 + 1, day)


def _end_of_month(today: date, *, later: bool) -> date:
    months = today.year * 12 + today.month - 1 + later
    return date(months // 12, months % 12 + 1, monthrange(months // 12, months % 12 + 1)[1])


def _small(written: str) -> int:
    value = number(written)
    if value is None or value % 1:
        raise NoDayError
    return int(value)


def _built(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoDayError from None
