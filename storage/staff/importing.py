"""Takes the roster in by the hundred: new people, changed ones, who left, who came back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto

from sqlalchemy import insert
from sqlmodel import Session, col, select

from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.house import House
from storage.members import Role
from storage.roster import Roster
from storage.staff.employees import (
    Employee,
    Employment,
    as_groups,
    groups_in,
    keep_sealed,
    new_row,
    number_hash,
    open_sealed,
)
from storage.staff.moving import change_role, leave_for_good, owes_anew, return_to_work, transfer

TOGETHER = 500
"""Rows that are good to put in one transaction: the other work of the database waits for them."""
_EMPLOYEES = Employee.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as the table has them; None where the table says nothing.

    `left_on` with `left`: the local day they left, today where it is not told.
    """

    number: str
    name: str
    office: str
    role: Role | None = None
    groups: tuple[str, ...] | None = None
    left: bool = False
    left_on: date | None = None


class Became(Enum):
    """What a row did."""

    ADDED = auto()
    CHANGED = auto()
    UNCHANGED = auto()
    LEFT = auto()
    RETURNED = auto()


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows did what; who left without ever having been here changes nothing."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left: int = 0
    returned: int = 0


def put_people(
    session: Session, rows: Sequence[RosterRow], *, by: str, roster: Roster, house: House, now: datetime
) -> Imported:
    """Puts all rows; the same row again changes nothing, of one number that comes twice the last counts.

    Who is new gets what is open; who moves is transferred; who left or came back is treated as by hand.
    """
    hashes = {number_hash(house.vault, row.number): row for row in rows}
    known = _known(session, hashes)
    new = [row for hashed, row in hashes.items() if hashed not in known and not row.left]
    _add(session, new, house=house, now=now)
    became = [
        _amend(session, employee, hashes[hashed], by=by, roster=roster, house=house, now=now)
        for hashed, employee in known.items()
    ]
    counted = {one: became.count(one) for one in Became}
    others = len(new) + len(became) - counted[Became.UNCHANGED]
    return Imported(
        len(new), counted[Became.CHANGED], len(rows) - others, counted[Became.LEFT], counted[Became.RETURNED]
    )


def not_in(session: Session, numbers: Collection[str], *, house: House) -> list[int]:
    """Ids of the people with a number who work here and are not among these; who has none stays out of it."""
    hashes = {number_hash(house.vault, number) for number in numbers}
    here = select(Employee.id, Employee.number_hash).where(
        Employee.standing == Employment.ACTIVE, col(Employee.number_hash).is_not(None)
    )
    found = session.exec(here.order_by(col(Employee.id)))
    return [number for number, hashed in found if number is not None and hashed not in hashes]


def count_numbered(session: Session) -> int:
    """How many people with a number work here."""
    here = select(Employee.id).where(
        Employee.standing == Employment.ACTIVE, col(Employee.number_hash).is_not(None)
    )
    return len(session.exec(here).all())


def let_go(
    session: Session, ids: Sequence[int], *, by: str, roster: Roster, house: House, now: datetime
) -> int:
    """These people have left; returns how many had not before."""
    people = session.exec(select(Employee).where(col(Employee.id).in_(ids)).order_by(col(Employee.id))).all()
    staying = [one for one in people if one.standing is Employment.ACTIVE]
    for employee in staying:
        leave_for_good(session, employee, by=by, roster=roster, house=house, now=now)
    return len(staying)


def _known(session: Session, hashes: Mapping[str, RosterRow]) -> dict[str, Employee]:
    found = session.exec(select(Employee).where(col(Employee.number_hash).in_(hashes)))
    return {one.number_hash or "": one for one in found}


def _add(session: Session, rows: Sequence[RosterRow], *, house: House, now: datetime) -> None:
    if not rows:
        return
    made = [
        new_row(
            row.name, row.office, number=row.number, role=row.role or Role.STAFF, groups=row.groups or (),
            vault=house.vault, now=now,
        )
        for row in rows
    ]  # fmt: skip
    session.execute(insert(_EMPLOYEES), made)
    if not _anything_open(session):
        return
    hashes = [row["number_hash"] for row in made]
    for employee in session.exec(select(Employee).where(col(Employee.number_hash).in_(hashes))).all():
        owes_anew(session, employee, house=house, now=now)


def _amend(
    session: Session,
    employee: Employee,
    row: RosterRow,
    *,
    by: str,
    roster: Roster,
    house: House,
    now: datetime,
) -> Became:
    before = employee.standing
    if row.left:
        if before is Employment.LEFT:
            return Became.UNCHANGED
        leave_for_good(session, employee, day=row.left_on, by=by, roster=roster, house=house, now=now)
        return Became.LEFT
    renamed = open_sealed(employee, "name", vault=house.vault) != row.name
    if renamed:
        keep_sealed(employee, "name", row.name, vault=house.vault)
        employee.changed_at = now
        session.add(employee)
    if before is Employment.LEFT:
        _place(session, employee, row)
        return_to_work(session, employee, by=by, house=house, now=now)
        return Became.RETURNED
    return _move(session, employee, row, renamed, by=by, roster=roster, house=house, now=now)


def _move(
    session: Session,
    employee: Employee,
    row: RosterRow,
    renamed: bool,
    *,
    by: str,
    roster: Roster,
    house: House,
    now: datetime,
) -> Became:
    other_groups = row.groups is not None and groups_in(employee.groups) != frozenset(row.groups)
    groups = row.groups if other_groups else None
    if row.office != employee.office:
        transfer(
            session, employee, row.office, role=row.role, groups=groups, by=by, roster=roster, house=house,
            now=now,
        )  # fmt: skip
        return Became.CHANGED
    if other_groups or row.role not in (None, employee.role):
        change_role(session, employee, role=row.role, groups=groups, house=house, now=now)
        return Became.CHANGED
    return Became.CHANGED if renamed else Became.UNCHANGED


def _place(session: Session, employee: Employee, row: RosterRow) -> None:
    employee.office, employee.role = row.office, row.role or Role.STAFF
    employee.groups = as_groups(row.groups or ())
    session.add(employee)


def _anything_open(session: Session) -> bool:
    """Whether newcomers owe anything: at the first import of thousands mostly not."""
    waits = select(Occurrence.id).where(Occurrence.stage == OccurrenceStage.OPEN).limit(1)
    return session.exec(waits).first() is not None
