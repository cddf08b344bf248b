"""Works out which days a dated phrase means, seen from the day on which it was received."""

import re
from collections.abc import Callable
from datetime import date

from nlp.ago import days_ago, days_before
from nlp.date_patterns import DAY, MONTH, RELATIVE_YEAR
from nlp.date_spans import Span, month_of, one_day, small, span, within
from nlp.festivals import FESTIVAL, festival_days
from nlp.near_dates import days_from_today, last_day_of_month, last_weekday, this_or_next

_YEARS_BACK = 9
_TAIWAN = 1911
"""The year before the first of the Taiwanese count (民国)."""
_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_SEASONS = {"春天": (3, 5), "夏天": (6, 8), "秋天": (9, 11), "上半年": (1, 6), "下半年": (7, 12)}
_ROUGH = {"初": (1, 2), "年中": (6, 7), "底": (11, 12), "末": (11, 12)}

_YEAR = re.compile(rf"({RELATIVE_YEAR})|(民国)? ?([0-9零〇一二三四五六七八九十百]{{1,6}}) ?年度?")
_MONTH_DAY = re.compile(rf"({MONTH}) ?月份? ?(?:({DAY}) ?[日号]?|([初底末]|[上中下]旬))?")
_FESTIVAL = re.compile(rf"({FESTIVAL})(前夕|前|后)?")


def _year(plain: str, received: date) -> Span | None:
    parts = _YEAR.match(plain)
    if parts is None:
        return None
    relative, taiwan, written = parts.groups()
    year = received.year + _YEARS[relative] if relative else _full_year(written, bool(taiwan), received)
    return _in_year(plain[parts.end() :].lstrip("的 "), year)


def _full_year(written: str, taiwan: bool, received: date) -> int:
    spelled = written.translate(str.maketrans("零〇一二三四五六七八九", "00123456789"))
    year = int(spelled) if spelled.isdecimal() else small(written)
    if taiwan or 100 <= year < 200:
        return year + _TAIWAN
    if year < 100:
        return year + (2000 if 2000 + year <= received.year + 1 else 1900)
    return year


def _in_year(rest: str, year: int) -> Span | None:
    if not rest:
        return span(date(year, 1, 1), date(year, 12, 31))
    if "月" in rest and (parts := _MONTH_DAY.match(rest)):
        return _month_day(parts, year)
    if (months := _SEASONS.get(rest)) or (months := _ROUGH.get(rest) or _ROUGH.get(rest[-1])):
        first, last = months
        return span(date(year, first, 1), month_of(year, last).last, rest not in _SEASONS)
    if rest == "冬天":
        return span(date(year, 12, 1), month_of(year + 1, 2).last)
    return _festival_in(rest, year)


def _month_day(parts: re.Match[str], year: int) -> Span | None:
    month, day, third = parts.groups()
    return within(month_of(year, small(month)), day, third)


def _festival_in(name: str, year: int) -> Span | None:
    parts = _FESTIVAL.match(name)
    days = festival_days(parts.group(1), year) if parts else None
    return span(*days, bool(parts and parts.group(2))) if days else None


def _festival(plain: str, received: date) -> Span | None:
    return _latest(lambda year: _festival_in(plain, year), received)


def _month(plain: str, received: date) -> Span | None:
    parts = _MONTH_DAY.match(plain)
    return _latest(lambda year: _month_day(parts, year), received) if parts else None


def _term(plain: str, received: date) -> Span | None:
    return _latest(lambda year: _in_year(plain, year), received)


def _latest(in_year: Callable[[int], Span | None], received: date) -> Span | None:
    """The last year in which it had begun when the text was received; a 29th of February may be far back."""
    years = (in_year(received.year - back) for back in range(_YEARS_BACK))
    return next((one for one in years if one and one.first <= received), None)


def _numbers(plain: str, received: date) -> Span | None:
    digits = re.findall("[0-9]+", plain)
    if len(digits) == 1:
        digits = [plain[:4], plain[4:6], plain[6:]]
    year, month, *day = map(int, digits)
    return one_day(date(year, month, day[0])) if day else month_of(year, month)


_WORKED_OUT: dict[str, Callable[[str, date], Span | None]] = {
    "year": _year, "numbers": _numbers, "week": this_or_next, "near_month": this_or_next,
    "day": days_from_today, "ago": days_ago, "days_before": days_before, "festival": _festival,
    "month": _month, "weekday": last_weekday, "day_of_month": last_day_of_month, "term": _term,
}  # fmt: skip


def days_meant(way: str, plain: str, received: date) -> Span | None:
    """The days that a phrase means, `way` as in date_patterns; None for mere words (术前) and no such day."""
    work_out = _WORKED_OUT.get(way)
    try:
        return work_out(plain, received) if work_out else None
    except (ValueError, OverflowError):  # no calendar has such a year or day
        return None
