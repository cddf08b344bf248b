"""On which days the festivals of a year fall that people date things by: 春节, 中秋, 国庆, 大年初二."""

import re
from datetime import date, timedelta
from functools import lru_cache

from nlp.large_numerals import numeral
from nlp.tables import rows

FESTIVAL = (
    "春节|过年(?![轻龄纪检审终])|大年(?:夜|三十|初[一二三四五六七八九十])|年三十|(?:正月|年)初[一二三四五六七八九十]{1,2}|正月十五|元宵(?:节)?|除夕(?:夜)?"
    "|清明(?:节)?|端午(?:节)?|中秋(?:节)?|国庆(?:节)?|元旦|五一(?![个零一二三四五六七八九十百千])|劳动节|护士节|医师节|教师节|圣诞(?:节)?"
)
"""A festival in list form, without groups that are kept."""

_FIXED = {
    "元旦": (1, 1, 1), "五一": (5, 1, 5), "劳动": (5, 1, 5), "护士": (5, 12, 1), "医师": (8, 19, 1),
    "教师": (9, 10, 1), "国庆": (10, 1, 7), "圣诞": (12, 25, 1),
}  # fmt: skip
"""Month, first day, and days of holiday."""
_OF_SPRING = {"除夕": -1, "大年夜": -1, "大年三十": -1, "年三十": -1, "正月十五": 14, "元宵": 14}
_FIRST_DAYS = re.compile("初([一二三四五六七八九十]{1,2})")
_HOLIDAY = 7
Days = tuple[date, date]


def festival_days(name: str, year: int) -> Days | None:
    """First and last day of a festival in that year, or None where the table does not know it."""
    if fixed := _FIXED.get(name[:2]):
        month, day, length = fixed
        return _from(date(year, month, day), length)
    if name.startswith("清明"):
        return _from(_clear_and_bright(year), 1)
    lunar = _lunar().get(year)
    if lunar is None:
        return None
    spring, dragon, autumn = lunar
    if name.startswith("端午"):
        return _from(dragon, 1)
    if name.startswith("中秋"):
        return _from(autumn, 1)
    return _around_new_year(name, spring)


def _around_new_year(name: str, spring: date) -> Days:
    """春节 and 过年 are the eve and the holiday; the days of the new year are counted from its first."""
    for word, days in _OF_SPRING.items():
        if name.startswith(word):
            return _from(spring + timedelta(days=days), 1)
    if counted := _FIRST_DAYS.search(name):
        value = numeral(counted.group(1))
        return _from(spring + timedelta(days=int(value or 1) - 1), 1)
    return spring - timedelta(days=1), spring + timedelta(days=_HOLIDAY - 1)


def _clear_and_bright(year: int) -> date:
    """清明, the 4th or 5th of April: the rule of thumb for this century's solar terms."""
    return date(year, 4, int(year % 100 * 0.2422 + 4.81) - year % 100 // 4)


def _from(first: date, days: int) -> Days:
    return first, first + timedelta(days=days - 1)


@lru_cache(maxsize=1)
def _lunar() -> dict[int, tuple[date, date, date]]:
    return {
        int(year): (_day(year, spring), _day(year, dragon), _day(year, autumn))
        for year, spring, dragon, autumn in rows("festivals.tsv", 4)
    }


def _day(year: str, month_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_day}")
