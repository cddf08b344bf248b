"""Counts coverage, shows it on the screen, and writes the table that was asked for."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from bot.cli.progress import bar
from bot.coverage import gather_people
from bot.new_file import save
from handlers.staff.coverage.report import percent
from handlers.words import FALLBACK, words_for
from storage.duties.coverage import Coverage, coverage
from storage.duties.progress import Progress
from storage.duties.spans import bounds_of, is_span, slices_of, span_of, start_of
from storage.errors import ConfigError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.house import House

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

T = TypeVar("T")
_COLUMNS = ("due", "duty", "office", "done", "share", "late", "excused", "missing")
_WORDS = ("due", "duty", "office")
_MOST_ROWS = 200_000
"""Lines about people: these take half a gigabyte and twenty seconds to write."""
_DAY, _SLICE, _LONGEST = timedelta(days=1), timedelta(days=31), timedelta(days=1100)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`span` (see storage.duties.spans) or `days`, both included; this month for neither."""

    span: str
    days: tuple[date, date] | None
    office: str
    duty: str


def show_coverage(
    folder: "DataFolder", wanted: Wanted, *, out: Path | None, force: bool, now: datetime
) -> None:
    """Prints the table and writes the file. Raises ConfigError: no such month, office or duty."""
    house = folder.house
    _check(wanted, house, now)
    slices = list(_slices(wanted, house, now))
    scope = frozenset({wanted.office}) if wanted.office else None
    found = Coverage()
    with bar("Counting", len(slices)) as advance:
        for since, until in slices:
            found += _counted(folder, wanted, scope, since, until)
            advance(1)
    _check_names(wanted, found, house)
    _print(found, house)
    if out is not None:
        _write(folder, found, scope, out, force=force, now=now)


def _counted(
    folder: "DataFolder", wanted: Wanted, scope: frozenset[str] | None, since: datetime, until: datetime
) -> Coverage:
    return folder.database.run_now(
        lambda session: coverage(
            session, house=folder.house, offices=scope, since=since, until=until, duty=wanted.duty
        )
    )


def _write(
    folder: "DataFolder", found: Coverage, scope: frozenset[str] | None, out: Path, *, force: bool,
    now: datetime,
) -> None:  # fmt: skip
    from bot.coverage_file import table_of

    async def run(work: Callable[[Session], T]) -> T:
        return folder.database.run_now(work)

    people = asyncio.run(gather_people(run, found, scope, house=folder.house, most=_MOST_ROWS))
    content = table_of(found, people, words_for(FALLBACK), house=folder.house, most=_MOST_ROWS)
    folder.database.run_now(
        lambda session: record_event(session, CONSOLE, EventName.COVERAGE_EXPORTED, now=now, what="table")
    )
    save(content, out, force=force)
    print(f"Coverage is in {out}.")
    if people is None:
        print(
            f"lianxin: more than {_MOST_ROWS} lines about people: left out; use --office or a shorter time",
            file=sys.stderr,
        )


def _slices(wanted: Wanted, house: House, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when to when (UTC) each part lasts: a month at most."""
    zone = house.hospital.timezone
    if wanted.days is None:
        span = wanted.span or span_of(house.local_day(now))
        yield from (bounds_of(one, zone) for one in slices_of(span))
        return
    first, last = wanted.days
    while first <= last:
        end = min(last, first + _SLICE - _DAY)
        yield start_of(first, zone), start_of(end + _DAY, zone)
        first = end + _DAY


def _check(wanted: Wanted, house: House, now: datetime) -> None:
    this = span_of(house.local_day(now))
    if wanted.span and not is_span(wanted.span):
        raise ConfigError(f"--month: {wanted.span} is no month, quarter or year; write it like {this}")
    if wanted.days is not None and not _DAY <= wanted.days[1] - wanted.days[0] + _DAY <= _LONGEST:
        raise ConfigError(
            f"--from, --to: the first day must come first, and {_LONGEST.days} days are the most"
        )


def _check_names(wanted: Wanted, found: Coverage, house: House) -> None:
    """What is in no file and has no figures either was mistyped; what was renamed has figures still."""
    if found.lines:
        return
    if wanted.office and wanted.office not in house.hospital.places:
        known = ", ".join(house.hospital.places[:30])
        raise ConfigError(f"--office: there is no {wanted.office}; offices: {known}")
    if wanted.duty and wanted.duty not in house.duties.by_key:
        known = ", ".join(list(house.duties.by_key)[:30]) or "none"
        raise ConfigError(f"--duty: duties.toml has no duty {wanted.duty}; duties: {known}")


def _print(found: Coverage, house: House) -> None:
    table = Table(box=None, pad_edge=False)
    for column in _COLUMNS:
        table.add_column(column, overflow="fold", justify="left" if column in _WORDS else "right")
    for line in found.lines:
        day = str(house.local_day(line.due_at))
        for office, one in line.offices.items():
            table.add_row(day, line.title, office, *_figures(one))
    if found.lines:
        table.add_row("", "all", "", *_figures(found.total))
    nothing = "Nothing that was given out fell due in this time."
    Console().print(table if table.row_count else nothing, markup=False, soft_wrap=True)


def _figures(one: Progress) -> list[str]:
    share = percent(one.share) if one.expected else "-"
    return [f"{one.done}/{one.expected}", share, str(one.late), str(one.excused), str(one.missing)]
