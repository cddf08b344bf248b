"""Reads a day as staff type it: 2026-12-05, 12月5日, 12.5, 明天."""

import re
import unicodedata
from datetime import date, timedelta

_LONGEST = 24
_WITH_YEAR = re.compile(r"(20\d\d)[-./年](\d{1,2})[-./月](\d{1,2})[日号]?", re.ASCII)
_WITHOUT = re.compile(r"(\d{1,2})[-./月](\d{1,2})[日号]?", re.ASCII)
_NEAR = {"前天": -2, "昨天": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2}


def day_in(text: str, today: date, *, ahead: bool) -> date | None:
    """The day that is meant, or None. Without a year: the next such day where `ahead`, else the nearest."""
    if len(text) > _LONGEST:
        return None
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).rstrip("。前")
    if plain in _NEAR:
        return today + timedelta(days=_NEAR[plain])
    if found := _WITH_YEAR.fullmatch(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _WITHOUT.fullmatch(plain):
        years = (today.year - 1, today.year, today.year + 1)
        days = [day for year in years if (day := _day(year, int(found[1]), int(found[2])))]
        if ahead:
            days = [day for day in days if day >= today]
        return min(days, key=lambda day: abs(day - today), default=None)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
