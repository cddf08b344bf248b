"""Works out dates that are counted back from today: 三天前, 半年前, 前几天."""

import re
from datetime import date, timedelta

from nlp.date_patterns import AGO_COUNT
from nlp.date_spans import Span, month_of, one_day, small, span

_UNITS = "月|星期|礼拜|周|天|日|年|小时|钟头|分钟"
_COUNTED = re.compile(f"({AGO_COUNT}) ?个?[多半]?({_UNITS})")
_BEFORE = re.compile("前(一两|[两三几些])(天|日|周|个?月|年|个?(?:星期|礼拜))")
_A_FEW = (2, 9)
_RECENTLY = {"天": 7, "日": 7, "周": 28}


def days_ago(plain: str, received: date) -> Span | None:
    """三天前 is that day; 两周前 is about that week, 半年前 that month, 两年前 that year."""
    parts = _COUNTED.match(plain)
    if parts is None:
        return None
    count, unit = parts.groups()
    if unit in ("小时", "钟头", "分钟"):
        return _hours_ago(count, unit, received)
    if count in ("多", "数") or "几" in count:
        return None if unit not in _RECENTLY or "十" in count else _few(received, _RECENTLY[unit])
    months = _months(count, unit, half="半" in plain[1:])
    if months is not None:
        return _months_back(received, months, whole_year=unit == "年" and months % 12 == 0)
    days = small(count.rstrip("多来")) if count != "半" else 0
    if unit in ("天", "日"):
        exact = one_day(received - timedelta(days=days))
        return exact._replace(about=True) if count.endswith(("多", "来")) else exact
    monday = received - timedelta(days=received.weekday(), weeks=days)
    return span(monday, monday + timedelta(days=6), True)


def days_before(plain: str, received: date) -> Span | None:
    """前两天, 前几天 are about the last days; 前几年 and the like name no day."""
    parts = _BEFORE.match(plain)
    if parts is None or parts.group(2) not in _RECENTLY:
        return None
    return _few(received, _RECENTLY[parts.group(2)] if parts.group(1) in "几些" else 3)


def _few(received: date, farthest: int) -> Span:
    return span(received - timedelta(days=farthest), received - timedelta(days=1), True)


def _hours_ago(count: str, unit: str, received: date) -> Span | None:
    """The clock is not known here, so fewer hours than a day are today."""
    hours = small(count) if unit != "分钟" and count not in ("半", "多", "数") and "几" not in count else 0
    return one_day(received - timedelta(days=hours // 24))._replace(about=hours > 0)


def _months(count: str, unit: str, half: bool) -> int | None:
    """The months in a count of months or years, half ones rounded down; None for days and weeks."""
    if unit not in ("月", "年"):
        return None
    per = 12 if unit == "年" else 1
    if count == "半":
        return per // 2
    return small(count.rstrip("多来")) * per + (per // 2 if half else 0)


def _months_back(received: date, months: int, *, whole_year: bool) -> Span:
    if months == 0:
        return span(received - timedelta(days=20), received - timedelta(days=10), True)
    if whole_year:
        year = received.year - months // 12
        return span(date(year, 1, 1), date(year, 12, 31), True)
    at = received.year * 12 + received.month - 1 - months
    return month_of(at // 12, at % 12 + 1)._replace(about=True)
