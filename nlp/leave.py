"""Reads how staff say that they are away: 请假 3天, /请假 12月1日到12月5日, 请假到周五, /销假."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil

from nlp.normalise import normalise
from nlp.numerals import HAN, number

LONGEST = 40
"""Characters of a message in which it is looked for; who says more says something else."""
MOST_DAYS = 365
_HALF_YEAR = timedelta(days=180)
_KIND = "(?:病|事|公|年休?|婚|产|丧|陪产|护理|育儿|探亲|调休?|补休?)?"
_AWAY = re.compile(rf"(/?)(?:我要?|本人)?(?:请个?{_KIND}假|请|休{_KIND}假)[:,]?(.*)")
_BACK = re.compile(r"/?(?:我要?)?(?:提前)?(?:销假|取消请假|取消休假|结束休假|结束请假)(?:了)?")
_ENDS = " 。.!,;～~"
_COUNT = rf"(?:[0-9]{{1,4}}(?:\.[0-9])?|{HAN})"
_SPAN = re.compile(
    rf"(?:(?P<half_day>半天|半日)|(?P<half_month>半个?月)|(?P<count>{_COUNT})个?(?P<unit>天|日|周|星期|礼拜|月)(?P<half>半)?)"
    rf"(?:{_KIND}假)?"
)
_DAY = re.compile(
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
_TO = ("一直到", "到", "至", "~", "～", "—", "–", "-")
_FROM = re.compile(r"^(?:从|自)")
_STARTS = re.compile(r"(?:起|开始)?(?:请假?|休假?|休息)?,?(?:共|一共)?")
_WEEKDAYS = {char: place for place, char in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_WEEKDAYS |= {str(place): place - 1 for place in range(1, 8)}
_NEAR = {"今": 0, "明": 1, "后": 2, "大后": 3}


class Said(StrEnum):
    """BACK ends a leave. HOW: the word alone, or days that cannot be made out behind a slash.

    NO_DAY: no such day (2月30日). OVER: it ended before today. BACKWARDS: it ends before it begins. TOO_LONG:
    more than 365 days, or it begins later than that.
    """

    BACK = "back"
    HOW = "how"
    NO_DAY = "no_day"
    OVER = "over"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Away:
    """The first and the last day somebody is away, local days, both included."""

    first: date
    last: date


class _NoDayError(ValueError):
    """A day that no calendar has."""


def read_leave(text: str, today: date) -> Away | Said | None:
    """What a short message says about being away; None where it is about something else, or says more."""
    if len(text) > LONGEST:
        return None
    plain = re.sub(r"\s+", "", normalise(text).text).rstrip(_ENDS)
    if _BACK.fullmatch(plain):
        return Said.BACK
    match = _AWAY.fullmatch(plain)
    if match is None:
        return None
    slash, rest = match.groups()
    rest = rest.strip(_ENDS)
    if plain.lstrip("/我要个本人").startswith("请") and "假" not in plain:
        return None  # 请明天
    if not rest:
        return Said.HOW
    try:
        days = _days(rest, today)
    except (_NoDayError, OverflowError):
        return Said.NO_DAY
    if days is None:
        return Said.HOW if slash else None
    return _checked(*days, today)


def _checked(first: date, last: date, today: date) -> Away | Said:
    if last < first:
        return Said.BACKWARDS
    if last < today:
        return Said.OVER
    if (last - first).days >= MOST_DAYS or first > today + timedelta(MOST_DAYS):
        return Said.TOO_LONG
    return Away(first, last)


def _days(rest: str, today: date) -> tuple[date, date] | None:
    """First and last day; None where the words are none of the forms."""
    rest = rest.removesuffix("假") if rest.endswith(("天假", "周假", "月假")) else rest
    if span := _SPAN.fullmatch(rest):
        return _for(span, today)
    if rest.startswith(_TO):
        until = _DAY.fullmatch(_after_to(rest))
        return (today, _day(until, today)) if until else None
    begins = _DAY.match(_FROM.sub("", rest))
    if begins is None:
        return None
    first, behind = _day(begins, today), _FROM.sub("", rest)[begins.end() :]
    if not behind:
        return first, first
    if behind.startswith(_TO):
        until = _DAY.fullmatch(_after_to(behind))
        return (first, _day(until, first, after=first)) if until else None
    lasting = _SPAN.fullmatch(behind[_STARTS.match(behind).end() :])  # type: ignore[union-attr]
    return _for(lasting, first) if lasting else None


def _after_to(rest: str) -> str:
    sign = next(one for one in _TO if rest.startswith(one))
    return rest[len(sign) :].removesuffix("为止").removesuffix("止")


def _for(span: re.Match[str], first: date) -> tuple[date, date] | None:
    """So many days from a day on; half a day is one, a day and a half are two."""
    if span["half_day"]:
        return first, first
    if span["half_month"]:
        return first, first + timedelta(days=14)
    count = number(span["count"])
    if count is None or (count % 1 and not re.search(r"[.点]", span["count"])):
        return None  # 三五天 says neither
    count += 0.5 if span["half"] else 0
    if not 0 < count <= 1000:
        raise _NoDayError
    if span["unit"] == "月":
        whole = first.year * 12 + first.month - 1 + int(count)
        day = min(first.day, monthrange(whole // 12, whole % 12 + 1)[1])
        return first, date(whole // 12, whole % 12 + 1, day) + timedelta(days=15 * (count % 1) - 1)
    return first, first + timedelta(days=ceil(count * (1 if span["unit"] in "天日" else 7)) - 1)


def _day(match: re.Match[str], today: date, *, after: date | None = None) -> date:
    """The day meant, seen from today; with `after` the first such day that is not before it."""
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
        except _NoDayError:
            continue
        if found >= earliest or (after is not None and after - found < _HALF_YEAR):
            return found
    raise _NoDayError


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
        raise _NoDayError
    return int(value)


def _built(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _NoDayError from None
