"""Reads holidays.toml: the days off and make-up workdays that the hospital writes down itself."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bot.config_text import Edited, Problem, read_edited, say, wording
from storage.errors import ConfigError

FILE = "holidays.toml"
_LONGEST = 31
_EMPTY_IS_FINE = ("empty", "missing")


def load_holidays(folder: Path) -> dict[date, bool]:
    """True for a day off, False for a make-up workday; empty if there is no file.

    Raises ConfigError with one line about the first mistake.
    """
    days, wrong = _read(folder)
    if wrong:
        raise ConfigError(str(wrong[0]))
    return days


def holiday_problems(folder: Path) -> list[Problem]:
    """Every mistake in holidays.toml; none if there is no file."""
    return _read(folder)[1]


def _read(folder: Path) -> tuple[dict[date, bool], list[Problem]]:
    edited = read_edited(folder / FILE, _example())
    if isinstance(edited, Problem):
        harmless = edited.message in (say("file", kind) for kind in _EMPTY_IS_FINE)
        return {}, [] if harmless else [edited]
    days: dict[date, bool] = {}
    wrong: list[Problem] = []
    for year in edited.data:
        for found in _year(edited, year):
            if isinstance(found, Problem):
                wrong.append(found)
            elif days.setdefault(*found) is not found[1]:
                wrong.append(
                    edited.problem((year,), say("holidays", "both", {"value": found[0]}), _example())
                )
    return days, wrong


def _year(edited: Edited, year: str) -> Iterator[tuple[date, bool] | Problem]:
    lists = edited.data[year]
    if len(year) != 4 or not (year.isascii() and year.isdecimal()) or int(year) < 2000:
        yield edited.problem((year,), say("holidays", "year", {"value": year}), _example())
    elif not isinstance(lists, dict):
        yield edited.problem((year,), say("holidays", "section"), _example())
    else:
        for key, entries in lists.items():
            if key not in ("off", "work"):
                yield edited.problem((year, key), say("holidays", "key"), _example())
            elif not isinstance(entries, list):
                yield edited.problem((year, key), say("holidays", "list"), _example())
            else:
                for entry in entries:
                    days = _days(entry, int(year))
                    if isinstance(days, str):
                        message = say("holidays", days, {"value": entry})
                        yield edited.problem((year, key), message, _example())
                    else:
                        yield from ((day, key == "off") for day in days)


def _days(entry: object, year: int) -> list[date] | str:
    """The days of an entry, or the kind of mistake in it."""
    try:
        if type(entry) is date:
            first = last = entry
        else:
            ends = [date.fromisoformat(part.strip()) for part in str(entry).split("..")]
            first, last = ends if len(ends) > 1 else (ends[0], ends[0])
    except ValueError:
        return "date"
    if {first.year, last.year} != {year}:
        return "other_year"
    if last < first:
        return "backwards"
    if (last - first).days >= _LONGEST:
        return "long"
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _example() -> str:
    return wording()["examples"]["holidays"]
