"""The ledger of a drive: problems offices found, what they do about them, and what is struck off."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, func, text
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, Word
from storage.errors import SealError
from storage.vault import Vault, place

COLUMNS = ("problem", "measure", "responsible", "proof", "returned")
"""What is sealed: words of staff, and the name of who is responsible."""


class ItemState(StrEnum):
    """OPEN is being put right; FIXED is said to be; RETURNED was not good enough; STRUCK is settled.

    WITHDRAWN was a slip, taken back by who added it: it counts nowhere.
    """

    OPEN = "open"
    FIXED = "fixed"
    RETURNED = "returned"
    STRUCK = "struck"
    WITHDRAWN = "withdrawn"


UNSETTLED = (ItemState.OPEN, ItemState.RETURNED)
"""The office has still to do something."""


class DriveItem(SQLModel, table=True):
    """`number` counts within the drive. `proof` says how it was put right, `returned` why that does not do.

    Times and numbers of members tell who did what. `next_at` is when somebody is reminded, None for never;
    `reminders` counts those of this state. `version` moves with every step: an older button does nothing.
    """

    __tablename__ = "drive_items"
    __table_args__ = (
        Index("ix_drive_items_number", "drive", "number", unique=True),
        Index("ix_drive_items_office", "drive", "office", "state", "due_on"),
        Index("ix_drive_items_next", "next_at", "id", sqlite_where=text("next_at IS NOT NULL"),
              postgresql_where=text("next_at IS NOT NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    drive: str
    office: str
    number: int
    problem: bytes | None = None
    measure: bytes | None = None
    responsible: bytes | None = None
    proof: bytes | None = None
    returned: bytes | None = None
    due_on: date | None = None
    state: ItemState = Field(default=ItemState.OPEN, sa_type=Word(ItemState))
    added_by: int = Field(foreign_key="members.id")
    added_at: datetime = Field(sa_type=UtcTime)
    fixed_by: int | None = Field(default=None, foreign_key="members.id")
    fixed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    struck_by: int | None = Field(default=None, foreign_key="members.id")
    struck_at: datetime | None = Field(default=None, sa_type=UtcTime)
    returned_at: datetime | None = Field(default=None, sa_type=UtcTime)
    returns: int = 0
    next_at: datetime | None = Field(default=None, sa_type=UtcTime)
    reminders: int = 0
    version: int = 1


def new_item(
    session: Session, drive: str, office: str, problem: str, *, by: int, vault: Vault, now: datetime
) -> DriveItem:
    """The next item of a drive."""
    last = session.exec(select(func.max(DriveItem.number)).where(DriveItem.drive == drive)).one()
    item = DriveItem(
        uid=secrets.token_hex(8), drive=drive, office=office, number=(last or 0) + 1, added_by=by,
        added_at=now,
    )  # fmt: skip
    keep_sealed(item, "problem", problem, vault=vault)
    session.add(item)
    session.flush()
    return item


def keep_sealed(item: DriveItem, column: str, words: str, *, vault: Vault) -> None:
    """Puts one of COLUMNS; empty words: none."""
    setattr(item, column, sealed_words(item, column, words, vault=vault))


def sealed_words(item: DriveItem, column: str, words: str, *, vault: Vault) -> bytes | None:
    """One of COLUMNS as it is kept, for an UPDATE that compares; None for empty words."""
    return vault.seal_text(words, item_place(item, column)) if words else None


def open_sealed(item: DriveItem, column: str, *, vault: Vault) -> str:
    """One of COLUMNS in clear; empty where there is none. Raises SealError."""
    sealed: bytes | None = getattr(item, column)
    return vault.open_text(sealed, item_place(item, column)) if sealed else ""


def words_in(item: DriveItem, column: str, *, vault: Vault, otherwise: str = "") -> str:
    """Like open_sealed; `otherwise` where it does not open."""
    try:
        return open_sealed(item, column, vault=vault)
    except SealError:
        return otherwise


def item_place(row: Any, column: str) -> str:
    """The words stand for their item: drive, office and number must not change beside them."""
    return place("drive_items", row.uid, row.drive, row.office, row.number, column)


def items_of(
    session: Session, drive: str, *, office: str = "", states: Iterable[ItemState] = ()
) -> list[DriveItem]:
    """The items of a drive, or of one office, that count; those due first in front, then by number."""
    wanted = tuple(states) or tuple(state for state in ItemState if state is not ItemState.WITHDRAWN)
    found = select(DriveItem).where(DriveItem.drive == drive, col(DriveItem.state).in_(wanted))
    if office:
        found = found.where(DriveItem.office == office)
    undated = col(DriveItem.due_on).is_(None)
    return list(session.exec(found.order_by(undated, col(DriveItem.due_on), col(DriveItem.number))))


def count_items(session: Session, drive: str) -> dict[str, dict[ItemState, int]]:
    """How many items each office has in each state; withdrawn ones are left out."""
    counted = (
        select(DriveItem.office, DriveItem.state, func.count())
        .where(DriveItem.drive == drive, DriveItem.state != ItemState.WITHDRAWN)
        .group_by(DriveItem.office, DriveItem.state)
        .order_by(DriveItem.office)
    )
    found: dict[str, dict[ItemState, int]] = {}
    for office, state, count in session.exec(counted):
        found.setdefault(office, {})[ItemState(state)] = count
    return found


def count_fixed(session: Session, drive: str) -> int:
    """How many items wait to be struck off."""
    waiting = (DriveItem.drive == drive, DriveItem.state == ItemState.FIXED)
    return session.exec(select(func.count()).select_from(DriveItem).where(*waiting)).one()


def is_overdue(item: DriveItem, today: date) -> bool:
    """Whether the office should have put it right by now."""
    return item.state in UNSETTLED and item.due_on is not None and item.due_on < today


def matter_of(item: DriveItem) -> str:
    """How the files that prove an item are filed."""
    return f"drive_item:{item.id}"


def item_id_of(matter: str) -> int | None:
    """The item of such a matter; None for other matters."""
    kind, _, number = matter.partition(":")
    return int(number) if kind == "drive_item" and number.isdecimal() else None
