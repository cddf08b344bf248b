"""Works out dates near the day of receipt: 昨天, 上周三, 上个月5号, 周三, 5号."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from nlp.date_patterns import DAY, SIDE, WEEK
from nlp.date_spans import Span, month_of, one_day, small, span, within

_SIDES = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "刚": 0, "明": 1, "大后": 3, "后": 2}
_WEEKDAYS = {char: number for number, char in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_WEEKDAYS |= {str(number): number - 1 for number in range(1, 8)}
_NEAR = re.compile(
    rf"({SIDE})一?个?(?:{WEEK}([一二三四五六日天末1-7])?|月份? ?(?:({DAY}) ?[日号]|([初底末]|[上中下]旬))?)"
)
_RELATIVE_DAY = re.compile("大前|前|昨|今|刚|明|大后|后")


def this_or_next(plain: str, received: date) -> Span | None:
    """上周三, 上个月5号: weeks begin on Monday."""
    parts = _NEAR.match(plain)
    if parts is None:
        return None
    side, weekday, day, third = parts.groups()
    if "月" in parts.group():
        months = received.year * 12 + received.month - 1 + _SIDES[side]
        return within(month_of(months // 12, months % 12 + 1), day, third)
    monday = received - timedelta(days=received.weekday()) + timedelta(weeks=_SIDES[side])
    return _on(monday, weekday) if weekday else span(monday, monday + timedelta(days=6))


def last_weekday(plain: str, received: date) -> Span | None:
    """周三, 周末: the last one that had begun."""
    name = next(char for char in plain.removeprefix("星期").removeprefix("礼拜").removeprefix("周"))
    monday = received - timedelta(days=received.weekday())
    found = _on(monday, name)
    return found if found.first <= received else _on(monday - timedelta(weeks=1), name)


def _on(monday: date, weekday: str) -> Span:
    first = monday + timedelta(days=_WEEKDAYS[weekday])
    return span(first, first + timedelta(days=1)) if weekday == "末" else one_day(first)


def days_from_today(plain: str, received: date) -> Span | None:
    """大前天, 昨晚, 今早, 后天."""
    name = _RELATIVE_DAY.match(plain)
    return one_day(received + timedelta(days=_DAYS[name.group()])) if name else None


def last_day_of_month(plain: str, received: date) -> Span | None:
    """5号: the last one that had come."""
    day = re.match(DAY, plain)
    return next(_earlier(small(day.group()), received), None) if day else None


def _earlier(day: int, received: date) -> Iterator[Span]:
    """That day of this month and of those before, as far as it had come."""
    for back in range(12):
        months = received.year * 12 + received.month - 1 - back
        found = within(month_of(months // 12, months % 12 + 1), str(day), None)
        if found and found.first <= received:
            yield found
