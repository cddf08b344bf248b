"""Months as YYYY-MM, the way figures are kept."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


def month_of(moment: datetime, timezone: str) -> str:
    """The local month of a moment."""
    return f"{moment.astimezone(ZoneInfo(timezone)):%Y-%m}"


def earlier(month: str, by: int) -> str:
    """The month so many months before."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1 - by
    return f"{count // 12:04}-{count % 12 + 1:02}"


def is_month(text: str) -> bool:
    """Whether this is a month of this century."""
    return _MONTH.fullmatch(text) is not None
