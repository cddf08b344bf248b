"""What a sum comes to and which days a date means, in words: 2000元, 2026-11-18 周三, 约2026年5月."""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal

from handlers.words import Words
from nlp.dates import When
from nlp.sums import Sum

_MYRIAD, _LONG, _ROUND = 10_000, 100_000, 1_000
_PLAIN = re.compile(r"[¥￥]? ?[0-9]+(?:\.[0-9]+)?(?:元|块|块钱)?", re.ASCII)


def sum_words(one: Sum, said: str, words: Words) -> str:
    """The sum as it was said, with what it comes to in yuan where that is not plain: 两千块＝2000元."""
    if one.in_yuan is None or _PLAIN.fullmatch(said):
        return said
    low, high = one.in_yuan
    if high is None:
        value = words("named.yuan_from", amount=_number(low, words))
    elif high == low:
        value = words("named.yuan", amount=_number(low, words))
    else:
        value = words("named.yuan_between", low=_number(low, words), high=_number(high, words))
    return words("named.about" if one.about or low != high else "named.exactly", said=said, value=value)


def date_words(one: When, said: str, words: Words) -> str:
    """The time as it was said, with the days that are meant: 上周三 → 2026-11-18 周三."""
    if one.first is None or one.last is None:
        return said
    days = _days(one.first, one.last, words)
    return words("named.meant", said=said, days=words("named.roughly", days=days) if one.about else days)


def _number(value: Decimal, words: Words) -> str:
    if value >= _LONG and value % _ROUND == 0:
        return words("named.myriad", amount=_plain(value / _MYRIAD))
    return _plain(value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _days(first: date, last: date, words: Words) -> str:
    start = {"year": first.year, "month": first.month, "day": first.day}
    if first == last:
        return words("named.day", **start, weekday=words("named.weekdays")[first.weekday()])
    if first.day == 1 and first.year == last.year and last.day == monthrange(last.year, last.month)[1]:
        if first.month == last.month:
            return words("named.month", **start)
        if (first.month, last.month) == (1, 12):
            return words("named.year", **start)
    key = "named.days" if first.year == last.year else "named.days_over_years"
    return words(key, **start, last_year=last.year, last_month=last.month, last_day=last.day)
