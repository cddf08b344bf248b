"""Prints drives: samples to choose from, those there are, and the days of one."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from storage.drives.duties import duties_of
from storage.drives.items import ItemState
from storage.drives.plan import Drive
from storage.drives.reckoning import Reckoning, reckon
from storage.duties.book import Answers, Duty
from storage.duties.schedule import due_days
from storage.house import House

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

_NARROW = ("KEY", "FROM", "TO", "DUE", "SHAPE")
"""Columns that are not broken into lines."""


def print_samples() -> None:
    """Each shape with its phases and what they ask for."""
    from bot.drives.samples import SHAPES, sample

    table = _table("SHAPE", "TITLE", "PHASES (DAYS)", "ASKS FOR")
    for shape in SHAPES:
        drive = sample(shape)
        phases = "\n".join(f"{phase.title} {phase.from_}-{phase.to}" for phase in drive.phases)
        asks = "、".join(asked.title for _, asked in drive.asked())
        _row(table, shape, drive.title, phases, asks)
    _print(table)


def print_drives(folder: "DataFolder", *, now: datetime) -> None:
    """Each drive with how far it is."""
    house = folder.house
    if not house.drives:
        Console().print("There is no drive yet. Begin with: lianxin drives new mobilise --start YYYY-MM-DD")
        return
    table = _table("KEY", "TITLE", "LEAD", "FROM", "TO", "NOW", "HANDED IN", "STRUCK OFF")
    for drive in house.drives:
        far = folder.database.run_now(
            lambda session, drive=drive: reckon(session, drive, house=house, now=now)  # type: ignore[misc]
        )
        done, all_ = far.handed_in()
        struck = f"{far.count(ItemState.STRUCK)}/{far.count()}"
        _row(
            table, drive.key, drive.title, drive.lead, str(drive.start), str(drive.over), _now(far),
            f"{done}/{all_}", struck,
        )  # fmt: skip
    _print(table)


def print_plan(house: House, drive: Drive) -> None:
    """Phases, and every day on which something is due, moved off days off as it will be."""
    phases = _table("PHASE", "TITLE", "FROM", "TO")
    for number, phase in enumerate(drive.phases, 1):
        first, last = _day(drive.first(phase)), _day(drive.last(phase))
        _row(phases, f"{number} {phase.key}", phase.title, first, last)
    days = _table("DUE", "PHASE", "WHAT", "PROOF", "WHO", "TO")
    for _, row in sorted(_due_rows(house, drive), key=lambda one: one[0]):
        _row(days, *row)
    _print(phases)
    _print(days)


def _due_rows(house: House, drive: Drive) -> Iterator[tuple[datetime, tuple[str, ...]]]:
    zone, last = ZoneInfo(house.hospital.timezone), date(drive.over.year + 1, 1, 1)
    for duty in duties_of(drive, leads=house.duties.reminding.leads):
        for planned in due_days(
            duty, book=house.duties, calendar=house.calendar, timezone=house.hospital.timezone,
            first=drive.start, last=last,
        ):  # fmt: skip
            sure = "" if planned.certain else " ?"
            when = f"{planned.due_at.astimezone(zone):%Y-%m-%d %a %H:%M}{sure}"
            who = _who(duty, drive)
            yield planned.due_at, (when, duty.phase, duty.title, duty.done.value, who, duty.to_office)


def _who(duty: Duty, drive: Drive) -> str:
    if duty.each is Answers.PERSON:
        return "each head" if duty.owed_by.roles else "each person"
    return drive.lead if duty.owed_by.offices == (drive.lead,) else "each office"


def _now(far: Reckoning) -> str:
    drive, phase = far.drive, far.drive.phase_on(far.today)
    if phase is not None:
        return phase.title
    return (
        "not begun" if far.today < drive.start else "over" if drive.is_over(far.today) else "between phases"
    )


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d %a}"


def _row(table: Table, *cells: str) -> None:
    """As they stand: a title may have square brackets."""
    table.add_row(*map(Text, cells))


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in _NARROW)
    return table


def _print(table: Table) -> None:
    console = Console()
    console.print(table)
    console.print()
