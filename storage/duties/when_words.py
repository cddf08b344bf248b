"""The values of a plan as people write them: days of a month, weekdays, intervals, rules."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple

from cronsim import CronSim, CronSimError
from dateutil.rrule import rrulestr
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE = "一二三四五六日"
_DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九十", 1)}
_LAST_DAY = re.compile(r"last day|最后一天|月底")
_LAST_WORKING = re.compile(r"last working day|最后一个工作日")
_WORKING = re.compile(
    r"(first|\d{1,2})(?:st|nd|rd|th)? working day|第([一二三四五六七八九十]|\d{1,2})个工作日"
)
_EVERY = re.compile(r"(?:every )?(\d{1,3}) ?(day|week|month|天|周|个月)s?")
_UNITS = {"天": "day", "周": "week", "个月": "month"}
_RULE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(?:;[A-Z]+=[A-Z0-9,+-]+)*")
_RULE_PARTS = {
    "FREQ", "INTERVAL", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS",
    "WKST",
}  # fmt: skip
"""Without COUNT: how often something was due cannot be counted from a day in the middle."""
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_CRON_FIELDS = 5
_MOST_WORKING_DAYS = 15


class Spot(NamedTuple):
    """A day of a month: the `number`-th day or working day, or the last one (`number` 0)."""

    kind: Literal["day", "working"]
    number: int


class Step(NamedTuple):
    """So many of a unit from one time to the next."""

    number: int
    unit: Literal["day", "week", "month"]


class MonthDay(NamedTuple):
    """A day of every year."""

    month: int
    day: int


def _spot(value: object) -> Spot:
    if isinstance(value, Spot):
        return value
    if type(value) is int and 1 <= value <= 31:
        return Spot("day", value)
    said = " ".join(value.lower().split()) if isinstance(value, str) else ""
    if _LAST_DAY.fullmatch(said):
        return Spot("day", 0)
    if _LAST_WORKING.fullmatch(said):
        return Spot("working", 0)
    if found := _WORKING.fullmatch(said):
        number = found[1] or found[2]
        count = 1 if number == "first" else _DIGITS.get(number) or int(number)
        if 1 <= count <= _MOST_WORKING_DAYS:
            return Spot("working", count)
    raise PydanticCustomError("spot", "not a day of a month")


def _weekday(value: object) -> object:
    if isinstance(value, str):
        said = value.strip().lower()
        for prefix in ("周", "星期", "礼拜"):
            if said.startswith(prefix) and (day := said.removeprefix(prefix).replace("天", "日")) in list(
                _CHINESE
            ):
                return _CHINESE.index(day) + 1
        for number, name in enumerate(_WEEKDAYS, 1):
            if said in (name, name[:3]):
                return number
    if type(value) is int and 1 <= value <= 7:
        return value
    raise PydanticCustomError("weekday", "not a weekday")


def _every(value: object) -> Step:
    if isinstance(value, Step):
        return value
    if isinstance(value, str) and (found := _EVERY.fullmatch(" ".join(value.lower().split()))):
        unit = _UNITS.get(found[2], found[2])
        if int(found[1]) and unit in ("day", "week", "month"):
            return Step(int(found[1]), unit)  # type: ignore[arg-type]
    raise PydanticCustomError("every", "not an interval")


def _day_of_year(value: object) -> MonthDay:
    """Any day that a leap year has."""
    if isinstance(value, MonthDay):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{1,2}-\d{1,2}", value.strip(), re.ASCII):
        month, day = map(int, value.split("-"))
        try:
            date(2000, month, day)
        except ValueError:
            raise PydanticCustomError("no_such_date", "no year has this day", {"value": value}) from None
        return MonthDay(month, day)
    raise PydanticCustomError("day_of_year", "not a day of the year")


def _rule(value: str) -> str:
    """What is looked at further is known to end: no hours and seconds, nothing that is counted."""
    rule = value.strip().upper().removeprefix("RRULE:")
    if not rule:
        return ""
    parts = dict(part.split("=", 1) for part in rule.split(";")) if _RULE.fullmatch(rule) else {}
    if unknown := sorted(parts.keys() - _RULE_PARTS):
        raise PydanticCustomError("rrule_part", "not understood", {"value": unknown[0]})
    if parts.get("FREQ") not in _FREQUENCIES:
        raise PydanticCustomError("rrule", "not a rule")
    try:
        rrulestr(rule, dtstart=datetime(2020, 1, 1))  # noqa: DTZ001 (a rule of days has no zone)
    except (ValueError, TypeError, OverflowError, IndexError):
        raise PydanticCustomError("rrule", "not a rule") from None
    return rule


def _cron(value: str) -> str:
    fields = value.split()
    try:
        if fields:
            if len(fields) != _CRON_FIELDS:
                raise ValueError
            CronSim(value, datetime(2020, 1, 1))  # noqa: DTZ001 (days have no zone)
    except (CronSimError, ValueError, AssertionError, IndexError, KeyError):
        raise PydanticCustomError("cron", "not a cron line") from None
    return " ".join(fields)


_AS_LIST = PlainSerializer(list, return_type=list[Any])
SpotOfMonth = Annotated[Spot, PlainValidator(_spot), _AS_LIST]
Weekday = Annotated[int, BeforeValidator(_weekday)]
Every = Annotated[Step, PlainValidator(_every), _AS_LIST]
DayOfYear = Annotated[MonthDay, PlainValidator(_day_of_year), _AS_LIST]
RuleText = Annotated[str, Field(max_length=200), AfterValidator(_rule)]
CronText = Annotated[str, Field(max_length=100), AfterValidator(_cron)]
