"""Reads how staff say that they are away: 请假 3天, /请假 12月1日到12月5日, 请假到周五, /销假."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil

from nlp.leave_days import DAY, NoDayError, day_of
from nlp.normalise import normalise
from nlp.numerals import HAN, number

LONGEST = 40
"""Characters of a message in which it is looked for; who says more says something else."""
MOST_DAYS = 365
_KIND = "(?:病|事|公|年休?|婚|产|丧|陪产|护理|育儿|探亲|调休?|补休?)?"
_AWAY = re.compile(rf"(/?)(?:我要?|本人)?(?:请个?{_KIND}假|请|休{_KIND}假)[:,]?(.*)")
_BACK = re.compile(r"/?(?:我要?)?(?:提前)?(?:销假|取消请假|取消休假|结束休假|结束请假)(?:了)?")
_ENDS = " 。.!,;～~"
_COUNT = rf"(?:[0-9]{{1,4}}(?:\.[0-9])?|{HAN})"
_SPAN = re.compile(
    rf"(?:(?P<half_day>半天|半日)|(?P<half_month>半个?月)|(?P<count>{_COUNT})个?(?P<unit>天|日|周|星期|礼拜|月)(?P<half>半)?)"
    rf"(?:{_KIND}假)?"
)
_TO = ("一直到", "到", "至", "~", "～", "—", "–", "-")
_FROM = re.compile(r"^(?:从|自)")
_STARTS = re.compile(r"(?:起|开始)?(?:请假?|休假?|休息)?,?(?:共|一共)?")


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
    except (NoDayError, OverflowError):
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
        until = DAY.fullmatch(_after_to(rest))
        return (today, day_of(until, today)) if until else None
    begins = DAY.match(_FROM.sub("", rest))
    if begins is None:
        return None
    first, behind = day_of(begins, today), _FROM.sub("", rest)[begins.end() :]
    if not behind:
        return first, first
    if behind.startswith(_TO):
        until = DAY.fullmatch(_after_to(behind))
        return (first, day_of(until, first, after=first)) if until else None
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
        raise NoDayError
    if span["unit"] == "月":
        whole = first.year * 12 + first.month - 1 + int(count)
        day = min(first.day, monthrange(whole // 12, whole % 12 + 1)[1])
        return first, date(whole // 12, whole % 12 + 1, day) + timedelta(days=15 * (count % 1) - 1)
    return first, first + timedelta(days=ceil(count * (1 if span["unit"] in "天日" else 7)) - 1)
