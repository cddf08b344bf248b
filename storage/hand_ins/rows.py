"""The table of hand-ins: dates and numbers in clear; what it was, from whom and where it went are sealed."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

import storage.cases
import storage.staff.employees  # noqa: F401 (these tables are pointed to)
from storage.columns import UtcTime, Word, as_number
from storage.vault import Vault, place

PHOTO, PROOF = "hand_in_photo", "hand_in"
"""Matters of deposits: what the giver sent along, and what shows how it was settled."""


class HandInState(StrEnum):
    """REPORTED by the giver; RECEIVED: the office has it in hand; the others are ends."""

    REPORTED = "reported"
    RECEIVED = "received"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


OPEN = (HandInState.REPORTED, HandInState.RECEIVED)


class Way(StrEnum):
    """RETURNED to the patient, credited to the inpatient DEPOSIT, or paid into the integrity ACCOUNT."""

    RETURNED = "returned"
    DEPOSIT = "deposit"
    ACCOUNT = "account"


class HandIn(SQLModel, table=True):
    """One thing given up. Without `employee_id` it is anonymous: nothing here or elsewhere tells whose it is.

    `receipt` is the keyed hash of the code an anonymous giver keeps. `received_on` is the local day on which
    they were given it. `reported_at` tells an anonymous one's day and no more. `late`: reported or handed
    over after `due_at`, or, with `kept_first`, kept at first. `received_by` and `ended_by` are members.
    `stage` counts what the office was told, `next_at` is when it hears again and None once it is over.
    `case_id` is the case an officer opened from it; `forgotten`: whose it was has been erased.
    """

    __tablename__ = "hand_ins"
    __table_args__ = (
        Index("ix_hand_ins_next", "next_at", sqlite_where=text("next_at IS NOT NULL"),
              postgresql_where=text("next_at IS NOT NULL")),
        Index("ix_hand_ins_reported", "reported_at"),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    year: int
    state: HandInState = Field(default=HandInState.REPORTED, sa_type=Word(HandInState))
    employee_id: int | None = Field(default=None, foreign_key="employees.id", index=True)
    receipt: str | None = Field(default=None, unique=True)
    received_on: date
    reported_at: datetime = Field(sa_type=UtcTime)
    due_at: datetime = Field(sa_type=UtcTime)
    late: bool = False
    kept_first: bool = False
    received_by: int | None = Field(default=None, foreign_key="members.id")
    got_at: datetime | None = Field(default=None, sa_type=UtcTime)
    way: Way | None = Field(default=None, sa_type=Word(Way))
    ended_by: int | None = Field(default=None, foreign_key="members.id")
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    case_id: int | None = Field(default=None, foreign_key="cases.id")
    stage: int = 0
    next_at: datetime | None = Field(default=None, sa_type=UtcTime)
    forgotten: bool = False
    version: int = 0
    given: bytes | None = None
    outcome: bytes | None = None

    @property
    def number(self) -> str:
        """The number people speak of, such as SJ-2026-0001."""
        return f"SJ-{self.year}-{self.id:04d}"

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody's name stands with it."""
        return self.employee_id is None


@dataclass(frozen=True, slots=True)
class Given:
    """What was given up, in the giver's words.

    `yuan` is what it comes to, None where nobody knows; `thing`: not, or not only, money. `ward` is where it
    was, `patient` whatever the giver wants to say of whose it is, `handed_to` who has it by now.
    """

    what: str
    yuan: Decimal | None = None
    thing: bool = False
    ward: str = ""
    patient: str = ""
    handed_to: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """How it ended: the number of a receipt or voucher, and a remark or reason."""

    reference: str = ""
    note: str = ""


def keep_given(row: HandIn, given: Given, *, vault: Vault) -> None:
    """Seals what was given up, once all that it is bound to stands."""
    plain = asdict(given) | {"yuan": None if given.yuan is None else str(given.yuan)}
    row.given = _sealed(row, "given", plain, vault)


def open_given(row: HandIn, *, vault: Vault) -> Given:
    """What was given up; nothing where it was taken back. Raises SealError."""
    if not row.given:
        return Given("")
    found = json.loads(vault.open_text(row.given, hand_in_place(row, "given")))
    yuan = found.pop("yuan")
    return replace(Given(**found), yuan=None if yuan is None else Decimal(yuan))


def keep_settled(row: HandIn, settled: Settled, *, vault: Vault) -> None:
    """Seals how it ended, once state, way and people stand."""
    row.outcome = _sealed(row, "outcome", asdict(settled), vault)


def open_settled(row: HandIn, *, vault: Vault) -> Settled:
    """How it ended; empty where it goes on. Raises SealError."""
    if not row.outcome:
        return Settled()
    return Settled(**json.loads(vault.open_text(row.outcome, hand_in_place(row, "outcome"))))


def hand_in_place(row: Any, column: str) -> str:
    """What was given stands for giver, code and day; the outcome also for who ended it how, late or not."""
    parts: tuple[object, ...] = (
        row.uid, row.year, row.employee_id, row.receipt, row.received_on, as_number(row.reported_at),
    )  # fmt: skip
    if column == "outcome":
        ended = as_number(row.ended_at) if row.ended_at else None
        parts += (str(row.state), row.way and str(row.way), row.ended_by, ended, row.late, row.kept_first)
    return place("hand_ins", column, *parts)


def _sealed(row: HandIn, column: str, plain: dict[str, Any], vault: Vault) -> bytes:
    return vault.seal_text(json.dumps(plain, ensure_ascii=False), hand_in_place(row, column))
