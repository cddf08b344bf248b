"""Everybody who works here, whether they have joined by chat or not: name and number are sealed."""

import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, Word
from storage.errors import SealError
from storage.members import Member, Role
from storage.vault import Vault, place


class Employment(StrEnum):
    """ACTIVE works here; LEFT does not any more and stands in no list."""

    ACTIVE = "active"
    LEFT = "left"


class Employee(SQLModel, table=True):
    """One person of the roster. `number_hash` is a keyed hash of the staff number, None for who has none.

    `name` and `number` are sealed, and empty once somebody who left was forgotten. `office` is an office or a
    clinical department (hospital.places). `role` tells who owes what heads owe; what somebody may do in chat
    stands with the `member` they joined as. `groups` is JSON: groups of duties.toml they belong to beside
    those of their office. On leave from `leave_from` to `leave_until`, local days, both included; `left_on`
    is the local day from which they work here no more. `remind_at` is when they are told what is open; None
    where nothing is to be told. `silent`: their chat is gone.
    """

    __tablename__ = "employees"
    __table_args__ = (
        Index("ix_employees_remind", "remind_at", "id", sqlite_where=text("remind_at IS NOT NULL"),
              postgresql_where=text("remind_at IS NOT NULL")),
        Index("ix_employees_office", "standing", "office"),
        Index("ix_employees_leave", "leave_until", sqlite_where=text("leave_until IS NOT NULL"),
              postgresql_where=text("leave_until IS NOT NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    number_hash: str | None = Field(default=None, unique=True)
    number: bytes | None = None
    name: bytes | None = None
    office: str
    role: Role = Field(default=Role.STAFF, sa_type=Word(Role))
    groups: str = "[]"
    standing: Employment = Field(default=Employment.ACTIVE, sa_type=Word(Employment))
    member_id: int | None = Field(default=None, foreign_key="members.id", unique=True)
    leave_from: date | None = None
    leave_until: date | None = None
    left_on: date | None = None
    remind_at: datetime | None = Field(default=None, sa_type=UtcTime)
    silent: bool = False
    entered_at: datetime = Field(sa_type=UtcTime)
    changed_at: datetime = Field(sa_type=UtcTime)


def add_employee(
    session: Session,
    name: str,
    office: str,
    *,
    number: str = "",
    role: Role = Role.STAFF,
    groups: Sequence[str] = (),
    member_id: int | None = None,
    vault: Vault,
    now: datetime,
) -> Employee:
    """A new person of the roster; what is open now is given to them by storage.duties.newcomers."""
    row = new_row(
        name, office, number=number, role=role, groups=groups, member_id=member_id, vault=vault, now=now
    )
    employee = Employee(**row)
    session.add(employee)
    session.flush()
    return employee


def new_row(
    name: str,
    office: str,
    *,
    number: str,
    role: Role = Role.STAFF,
    groups: Sequence[str] = (),
    member_id: int | None = None,
    vault: Vault,
    now: datetime,
) -> dict[str, Any]:
    """The columns of a new person, for putting thousands at once."""
    row: dict[str, Any] = {
        "uid": secrets.token_hex(8), "number_hash": number_hash(vault, number) if number else None,
        "office": office, "role": role, "groups": as_groups(groups), "standing": Employment.ACTIVE,
        "member_id": member_id, "silent": False, "entered_at": now, "changed_at": now,
    }  # fmt: skip
    beside = SimpleNamespace(**row)
    for column, words in (("name", name), ("number", number)):
        row[column] = vault.seal_text(words, employee_place(beside, column)) if words else None
    return row


def as_groups(groups: Sequence[str]) -> str:
    """How groups stand in the row."""
    return json.dumps(list(groups), ensure_ascii=False)


def employee_of(session: Session, member: Member | None) -> Employee | None:
    """The person of the roster a member is; None where they are not on it, or have left."""
    if member is None or not member.active:
        return None
    found = select(Employee).where(Employee.member_id == member.id)
    employee = session.exec(found).first()
    return employee if employee is not None and employee.standing is Employment.ACTIVE else None


def employees_at(session: Session, office: str) -> list[Employee]:
    """Everybody who works at an office now, in the order they came."""
    here = select(Employee).where(Employee.standing == Employment.ACTIVE, Employee.office == office)
    return list(session.exec(here.order_by(col(Employee.id))))


def groups_of(employee: Employee) -> tuple[str, ...]:
    """The groups a person belongs to by themselves."""
    return tuple(json.loads(employee.groups))


def groups_in(groups: str) -> frozenset[str]:
    """The same, from the column of a row."""
    return frozenset(json.loads(groups))


def is_on_leave(employee: Employee, day: date) -> bool:
    """Whether somebody is away on a local day."""
    if employee.leave_from is None or employee.leave_until is None:
        return False
    return employee.leave_from <= day <= employee.leave_until


def find_employee(session: Session, number: str, *, vault: Vault) -> Employee | None:
    """The person with this staff number, who may have left."""
    found = select(Employee).where(Employee.number_hash == number_hash(vault, number))
    return session.exec(found).first()


def number_hash(vault: Vault, number: str) -> str:
    """The keyed hash by which a staff number is known again."""
    return vault.keyed_hash("employee", number)


def keep_sealed(employee: Employee, column: str, words: str, *, vault: Vault) -> None:
    """Puts `name` or `number`; empty words: none."""
    setattr(employee, column, vault.seal_text(words, employee_place(employee, column)) if words else None)


def open_sealed(employee: Employee, column: str, *, vault: Vault) -> str:
    """The `name` or `number` in clear; empty where there is none. Raises SealError."""
    sealed: bytes | None = getattr(employee, column)
    return vault.open_text(sealed, employee_place(employee, column)) if sealed else ""


def tie_member(employee: Employee, member_id: int | None, *, vault: Vault) -> None:
    """The person is this member from here on, or none: the only way in which that may change.

    Name and number are sealed anew beside it. Raises SealError for a row that was changed from outside.
    """
    known = {column: open_sealed(employee, column, vault=vault) for column in ("name", "number")}
    employee.member_id = member_id
    for column, words in known.items():
        keep_sealed(employee, column, words, vault=vault)


def employee_name(employee: Employee | None, *, vault: Vault) -> str:
    """A name; empty where there is nobody, or it does not open (lianxin keys verify tells of it)."""
    try:
        return open_sealed(employee, "name", vault=vault) if employee is not None else ""
    except SealError:
        return ""


def is_whole(employee: Employee, *, vault: Vault) -> bool:
    """Whether the row is as it was written: nobody becomes somebody else by a number in a column."""
    return bool(employee_name(employee, vault=vault))


def employee_place(row: Any, column: str) -> str:
    """Name and number stand for their row, and for the member who reads what is kept of this person."""
    return place("employees", row.uid, row.number_hash, row.member_id, column)
