"""The ledger of a drive as a table for a spreadsheet: every item with its steps, and counts by office."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.workbook import Workbook
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
    book = Workbook()
    wrapped = book.style(text_wrap=True, valign="top")
    items = book.sheet(words("drives.sheet_items"), _heads(_COLUMNS, words))
    for place, width in enumerate(_COLUMNS.values()):
        items.widen(place, width)
    for row in rows:
        items.add(row.cells, wrapped)
    items.filter()
    offices = book.sheet(words("drives.sheet_offices"), _heads(_OFFICES, words))
    for office, counts in _by_office(rows).items():
        offices.add([office, *counts])
    return book.finish()


def _heads(columns: Iterable[str], words: Words) -> list[str]:
    return [words(f"drives.column_{column}") for column in columns]


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
