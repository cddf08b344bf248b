"""The ethics record: what was entered about a person, and the veto of a year; all words are sealed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

import storage.cases
import storage.staff.employees  # noqa: F401 (these tables are pointed to)
from storage.columns import UtcTime, Word, as_number
from storage.errors import SealError
from storage.vault import Vault, place


class EntryKind(StrEnum):
    """CASE: a confirmed case. PRAISE: somebody praised them. REFUSED: they refused an envelope."""

    CASE = "case"
    PRAISE = "praise"
    REFUSED = "refused"


class RecordEntry(SQLModel, table=True):
    """One entry; `case_id` points to what it comes from, where it comes from a case.

    `note` is worded for the person, who reads it. `on_day` is the local day it counts for. What was entered
    by mistake is struck and stays in the table.
    """

    __tablename__ = "record_entries"
    __table_args__ = (
        Index("ix_record_entries_once", "employee_id", "case_id", unique=True,
              sqlite_where=text("case_id IS NOT NULL AND struck_at IS NULL"),
              postgresql_where=text("case_id IS NOT NULL AND struck_at IS NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    employee_id: int = Field(foreign_key="employees.id", index=True)
    kind: EntryKind = Field(sa_type=Word(EntryKind))
    on_day: date
    case_id: int | None = Field(default=None, foreign_key="cases.id")
    added_by: int = Field(foreign_key="members.id")
    added_at: datetime = Field(sa_type=UtcTime)
    struck_by: int | None = Field(default=None, foreign_key="members.id")
    struck_at: datetime | None = Field(default=None, sa_type=UtcTime)
    note: bytes | None = None


class VetoState(StrEnum):
    """PROPOSED waits for a second person; STANDING counts; DECLINED never did.

    LIFTING counts on until a second person agrees; LIFTED counts no more.
    """

    PROPOSED = "proposed"
    STANDING = "standing"
    DECLINED = "declined"
    LIFTING = "lifting"
    LIFTED = "lifted"


COUNTS = (VetoState.STANDING, VetoState.LIFTING)
WAITS = (VetoState.PROPOSED, VetoState.LIFTING)


class Veto(SQLModel, table=True):
    """一票否决 for one year: `proposed_by` an officer, `confirmed_by` a second person, both members.

    `lifting_by` and `lifted_by` likewise when it is taken back. Reasons are sealed.
    """

    __tablename__ = "record_vetoes"

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    employee_id: int = Field(foreign_key="employees.id", index=True)
    year: int
    state: VetoState = Field(default=VetoState.PROPOSED, sa_type=Word(VetoState))
    proposed_by: int = Field(foreign_key="members.id")
    proposed_at: datetime = Field(sa_type=UtcTime)
    confirmed_by: int | None = Field(default=None, foreign_key="members.id")
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    lifting_by: int | None = Field(default=None, foreign_key="members.id")
    lifted_by: int | None = Field(default=None, foreign_key="members.id")
    lifted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    version: int = 0
    reason: bytes | None = None
    lift_reason: bytes | None = None


def keep_note(entry: RecordEntry, note: str, *, vault: Vault) -> None:
    """Seals the note once all that it is bound to stands."""
    entry.note = vault.seal_text(note, entry_record_place(entry))


def open_note(entry: RecordEntry, *, vault: Vault) -> str:
    """The note in clear; raises SealError."""
    return vault.open_text(entry.note or b"", entry_record_place(entry))


def keep_reason(veto: Veto, column: str, words: str, *, vault: Vault) -> None:
    """Seals `reason` or `lift_reason`."""
    setattr(veto, column, vault.seal_text(words, veto_place(veto, column)))


def open_reason(veto: Veto, column: str, *, vault: Vault) -> str:
    """The `reason` or `lift_reason`; empty where there is none. Raises SealError."""
    sealed: bytes | None = getattr(veto, column)
    return vault.open_text(sealed, veto_place(veto, column)) if sealed else ""


def is_entered(entry: RecordEntry, *, vault: Vault) -> bool:
    """Whether an entry is as it was written, and about whom."""
    try:
        open_note(entry, vault=vault)
    except SealError:
        return False
    return True


def is_set(veto: Veto, *, vault: Vault) -> bool:
    """Whether a veto counts, and came to that through two people and not through a column."""
    try:
        return veto.state in COUNTS and bool(open_reason(veto, "reason", vault=vault))
    except SealError:
        return False


def entry_record_place(row: Any) -> str:
    """A note stands for person, kind, day, case and whoever entered it, and whether it was struck."""
    at, struck = as_number(row.added_at), row.struck_at and as_number(row.struck_at)
    parts = (row.uid, row.employee_id, str(row.kind), row.on_day, row.case_id, row.added_by, at)
    return place("record_entries", "note", *parts, row.struck_by, struck)


def veto_place(row: Any, column: str) -> str:
    """A reason stands for person and year, and for how far it is by whom: nobody sets one with a column."""
    at, confirmed, lifted = (
        moment and as_number(moment) for moment in (row.proposed_at, row.confirmed_at, row.lifted_at)
    )
    who = (row.proposed_by, row.confirmed_by, row.lifting_by, row.lifted_by)
    return place(
        "record_vetoes",
        column,
        row.uid,
        row.employee_id,
        row.year,
        str(row.state),
        *who,
        at,
        confirmed,
        lifted,
    )
