"""Shows duties and the year they make as tables."""

from collections.abc import Iterable
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.duty_words import what_counts, who_owes
from bot.cli.duty_years import DueDay, Year
from handlers.words import FALLBACK, words_for
from storage.duties.book import Duty
from storage.duties.moments import due_day
from storage.duties.occurrences import Occurrence
from storage.house import House

_UNSURE = "?"
_SHORT = ("key", "month", "day", "weekday", "due", "")


def print_list(duties: Iterable[tuple[Duty, DueDay | None]], house: House) -> None:
    """A row for each duty of the book."""
    words, console = words_for(FALLBACK), Console(highlight=False)
    table = _table("key", "title", "who", "done by", "next")
    count = 0
    for duty, day in duties:
        count += 1
        row = (duty.key, duty.title, who_owes(duty, words), what_counts(duty, words), _next(duty, day))
        table.add_row(*map(Text, row))
    if count:
        console.print(table)
    console.print(f"{count} duties. A year ahead: lianxin duties preview", soft_wrap=True)


def print_year(year: Year, house: House) -> None:
    """A row for each day something is due, a rule between months, and what may be started any time."""
    words, console = words_for(FALLBACK), Console(highlight=False)
    weekdays = words("plan.weekdays").split()
    table = _table("month", "day", "weekday", "due", "title", "who", "done by", "")
    before = ""
    for one in year.days:
        month = f"{one.day:%Y-%m}"
        if before and month != before:
            table.add_section()
        row = (
            month if month != before else "", f"{one.day.day}", weekdays[one.day.weekday()],
            f"{one.duty.at:%H:%M}", one.duty.title, who_owes(one.duty, words), what_counts(one.duty, words),
            "" if one.certain else _UNSURE,
        )  # fmt: skip
        table.add_row(*map(Text, row))
        before = month
    if year.days:
        console.print(table)
    _print_rest(console, year)


def occurrence_line(occurrence: Occurrence, house: House) -> str:
    """One instance in one line: key, period, for whom, by when."""
    day = due_day(occurrence.due_at, house.duties.by_key.get(occurrence.duty), house)
    scope = f" for {occurrence.scope}" if occurrence.scope else ""
    return f"{occurrence.duty} {occurrence.period}{scope}, {occurrence.title}, due {day}"


def _print_rest(console: Console, year: Year) -> None:
    count = len(year.days)
    console.print(f"{count} days from {year.first} to {year.last}.", soft_wrap=True)
    unsure = sorted({one.day.year for one in year.days if not one.certain})
    if unsure:
        years = ", ".join(map(str, unsure))
        console.print(
            f"{_UNSURE}: the holidays of {years} are not known yet; these days may still move. "
            "Write the State Council's plan into holidays.toml",
            soft_wrap=True,
        )  # fmt: skip
    if year.on_request:
        names = "、".join(f"{duty.title} ({duty.key})" for duty in year.on_request)
        console.print(f"On request: {names}", soft_wrap=True, markup=False)


def _next(duty: Duty, day: DueDay | None) -> str:
    if duty.when.on_request:
        return "on request"
    if day is None and duty.when.before_holidays:
        return _UNSURE  # the next one lies in a year whose holidays nobody knows yet
    return f"{day.day}{'' if day.certain else _UNSURE}" if day is not None else "over"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column == "day" else "left"
        table.add_column(column, overflow="fold", no_wrap=column in _SHORT, justify=justify)
    return table
