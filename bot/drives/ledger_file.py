"""The ledger of a drive as a table for a spreadsheet: every item with its steps, and counts by office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import xlsxwriter
from sqlmodel import Session
from xlsxwriter.worksheet import Worksheet

from bot.cells import PLAIN_STRINGS, as_text
from handlers.words import Words
from storage.deposits import deposits_of
from storage.drives.items import UNSETTLED, DriveItem, ItemState, is_overdue, items_of, matter_of, words_in
from storage.drives.plan import Drive
from storage.errors import SealError
from storage.house import House
from storage.members import Member, name_of

_COLUMNS = {
    "number": 6, "office": 14, "problem": 40, "measure": 40, "responsible": 12, "due": 12, "state": 10,
    "proof": 40, "files": 8, "returned": 30, "returns": 8, "added_by": 12, "added_at": 18, "fixed_by": 12,
    "fixed_at": 18, "struck_by": 12, "struck_at": 18,
}  # fmt: skip
"""With their widths in characters."""
_OFFICES = ("office", "all", "open", "overdue", "fixed", "struck")


@dataclass(frozen=True, slots=True)
class Row:
    """One item in clear: the cells of _COLUMNS, and what is counted by office."""

    cells: tuple[str | int, ...]
    office: str
    state: ItemState
    overdue: bool


def ledger_rows(session: Session, drive: Drive, *, house: House, words: Words, now: datetime) -> list[Row]:
    """Every item of a drive that counts, in the order of its number."""
    names: dict[int | None, str] = {None: ""}
    items = sorted(items_of(session, drive.key), key=lambda one: one.number)
    return [_row(session, item, names, house, words, now) for item in items]


def ledger_table(rows: Sequence[Row], words: Words) -> bytes:
    """The file; nothing touches a disk."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, **PLAIN_STRINGS})
    book.set_properties({"author": "Lianxin"})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDF1F4"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def sheet(name: str, columns: Sequence[str]) -> Worksheet:
        made = book.add_worksheet(words(f"drives.{name}"))
        for place, column in enumerate(columns):
            made.write_string(0, place, words(f"drives.column_{column}"), head)
        made.freeze_panes(1, 0)
        return made

    items = sheet("sheet_items", tuple(_COLUMNS))
    for place, width in enumerate(_COLUMNS.values()):
        items.set_column(place, place, width)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row.cells):
            if isinstance(cell, int):
                items.write_number(number, place, cell, wrapped)
            elif cell:
                items.write_string(number, place, as_text(cell), wrapped)
    items.autofilter(0, 0, max(1, len(rows)), len(_COLUMNS) - 1)
    offices = sheet("sheet_offices", _OFFICES)
    offices.set_column(0, 0, 16)
    for number, (office, counts) in enumerate(_by_office(rows).items(), 1):
        offices.write_string(number, 0, as_text(office))
        for place, count in enumerate(counts, 1):
            offices.write_number(number, place, count)
    book.close()
    return content.getvalue()


def _row(
    session: Session, item: DriveItem, names: dict[int | None, str], house: House, words: Words, now: datetime
) -> Row:
    unopened = words("drives.unopened")
    zone = ZoneInfo(house.hospital.timezone)

    def said(column: str) -> str:
        return words_in(item, column, vault=house.vault, otherwise=unopened)

    def who(number: int | None) -> str:
        if number not in names:
            names[number] = _name(session.get(Member, number), house, words)
        return names[number]

    def at(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""

    overdue = is_overdue(item, house.local_day(now))
    state = words("drives.state_late" if overdue else f"drives.state_{item.state.value}")
    files = len(deposits_of(session, matter_of(item)))
    cells = (
        item.number, item.office, said("problem"), said("measure"), said("responsible"),
        item.due_on.isoformat() if item.due_on else "", state, said("proof"), files, said("returned"),
        item.returns, who(item.added_by), at(item.added_at), who(item.fixed_by), at(item.fixed_at),
        who(item.struck_by), at(item.struck_at),
    )  # fmt: skip
    return Row(cells, item.office, item.state, overdue)


def _name(member: Member | None, house: House, words: Words) -> str:
    if member is None:
        return ""
    try:
        return name_of(member, vault=house.vault) or words("history.former_member")
    except SealError:
        return words("history.unopened_name")


def _by_office(rows: Sequence[Row]) -> dict[str, list[int]]:
    """All, open, overdue, fixed and struck of each office."""
    found: dict[str, list[int]] = {}
    for row in rows:
        counts = found.setdefault(row.office, [0] * (len(_OFFICES) - 1))
        told = (
            True, row.state in UNSETTLED, row.overdue, row.state is ItemState.FIXED,
            row.state is ItemState.STRUCK,
        )  # fmt: skip
        found[row.office] = [count + bool(one) for count, one in zip(counts, told, strict=True)]
    return found
