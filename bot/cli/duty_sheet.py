"""Draws the year of duties: see bot.pictures.years."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta

from bot.cli.duty_words import who_owes
from bot.cli.duty_years import DueDay, Year
from bot.cli.progress import bar
from bot.new_file import save
from bot.pictures.studio import draw
from handlers.words import FALLBACK, Words, words_for
from storage.duties.book import Duty
from storage.house import House

_MOST_MONTHS = 13
"""A year from the middle of a month on touches as many."""
_MOST_DUTIES = 70
"""As many as a picture has room for before phones refuse it."""


def save_year(year: Year, house: House, picture: Path, *, force: bool) -> None:
    """Draws it and puts it in its place. Raises PictureFailed, ConfigError."""
    with bar("Drawing", 1) as advance:
        image = asyncio.run(draw(sheet_of(year, house)))
        advance(1)
    save(image, picture, force=force)


def sheet_of(year: Year, house: House) -> dict[str, Any]:
    """The whole picture; at most the months of a year."""
    words = words_for(FALLBACK)
    months = _months(year)
    unsure = sum(not one.certain for one in year.days)
    key = [("duties", len({one.duty.key for one in year.days})), ("due", len(year.days)), ("unsure", unsure)]
    rows = list(_rows(year, months, words))
    more = len(rows) - _MOST_DUTIES
    return {
        "over": words("plan.over", hospital=house.hospital.name),
        "title": words("plan.title", unit=year.asked.office or words("plan.house")),
        "under": words("plan.under", first=_day(year.first, words), last=_day(year.last, words)),
        "key": [
            {"label": words(f"plan.key_{name}"), "value": str(value), "note": words(f"plan.key_{name}_note")}
            for name, value in key
        ],
        "charts": [{
            "kind": "year", "title": words("plan.chart"), "note": words("plan.chart_note"),
            "months": [words("plan.month", month=month.month) for month in months],
            "rows": rows[:_MOST_DUTIES], "more": words("plan.more", count=more) if more > 0 else "",
        }],
        "foot": [words("plan.foot_shift"), *([words("plan.foot_unsure")] if unsure else [])],
    }  # fmt: skip


def _rows(year: Year, months: Sequence[date], words: Words) -> Iterator[dict[str, Any]]:
    """What comes most often first, else in the order of days."""
    days: dict[str, list[DueDay]] = defaultdict(list)
    duties: dict[str, Duty] = {}
    for one in year.days:
        days[one.duty.key].append(one)
        duties[one.duty.key] = one.duty
    for key, duty in sorted(duties.items(), key=lambda item: -len(days[item[0]])):
        cells = [_cell([one for one in days[key] if _first(one.day) == month], words) for month in months]
        if any(cells):
            yield {"label": duty.title, "who": who_owes(duty, words), "cells": cells}


def _cell(days: Sequence[DueDay], words: Words) -> dict[str, Any] | None:
    if not days:
        return None
    text = str(days[0].day.day) if len(days) == 1 else words("plan.times", count=len(days))
    return {"text": text, "sure": all(one.certain for one in days)}


def _months(year: Year) -> list[date]:
    """From the first month with a day: today's may have none left."""
    first = _first(year.days[0].day)
    count = (_first(year.last).year - first.year) * 12 + year.last.month - first.month + 1
    return [first + relativedelta(months=number) for number in range(min(count, _MOST_MONTHS))]


def _first(day: date) -> date:
    return day.replace(day=1)


def _day(day: date, words: Words) -> str:
    return words("plan.day", year=day.year, month=day.month, day=day.day)
