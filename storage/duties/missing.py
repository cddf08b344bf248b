"""Who has not answered yet: how many people, and, for who oversees their office alone, their names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.coverage import COUNTED
from storage.duties.occurrences import Occurrence
from storage.staff.employees import Employee, Employment, employee_name, is_on_leave
from storage.vault import Vault


class Why(StrEnum):
    """What stands in the way of an answer; OPEN: nothing that we know of.

    LEAVE: away on the day asked about. NOT_JOINED: has no chat with us yet. SILENT: their chat is gone.
    LEFT: works here no more, and had not answered when the occurrence was closed.
    """

    OPEN = "open"
    LEAVE = "leave"
    NOT_JOINED = "not_joined"
    SILENT = "silent"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Missing:
    """One person who has not answered; `name` is empty where it was forgotten or does not open."""

    name: str
    why: Why
    extended_until: datetime | None = None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Behind:
    """How many people have something open, how many of them have not joined, and what offices owe as one."""

    people: int = 0
    not_joined: int = 0
    as_offices: int = 0


def missing_names(
    session: Session, occurrence: Occurrence, office: str, *, vault: Vault, today: date | None = None
) -> list[Missing]:
    """Everybody of an office who still owes an answer, in the order of the roster.

    Ask only for who oversees that office (storage.staff.permits). `today` is the local day on which leave
    counts. Where offices answer as one nobody is missing by name.
    """
    owed = _people(occurrence, [office], AssignmentState.OPEN)
    return [
        Missing(employee_name(employee, vault=vault), _why(employee, today), assignment.extended_until)
        for employee, assignment in session.exec(owed)
    ]


def excused_names(session: Session, occurrence: Occurrence, office: str, *, vault: Vault) -> list[Missing]:
    """Everybody of an office who is excused because they are away; they are missing nowhere."""
    away = _people(occurrence, [office], AssignmentState.EXCUSED).where(Assignment.excuse == Excuse.LEAVE)
    return [Missing(employee_name(employee, vault=vault), Why.LEAVE) for employee, _ in session.exec(away)]


def behind(
    session: Session, *, offices: Collection[str] | None, since: datetime, until: datetime, duty: str = ""
) -> Behind:
    """How many people who work here, and how often offices, have not answered what is due in this time."""
    due = [
        col(Occurrence.stage).in_(COUNTED),
        col(Occurrence.due_at) >= since,
        col(Occurrence.due_at) < until,
    ]
    due += [col(Occurrence.duty) == duty] if duty else []
    owed = [
        col(Assignment.occurrence_id).in_(select(Occurrence.id).where(*due)),
        col(Assignment.state) == AssignmentState.OPEN,
    ]
    owed += [col(Assignment.office).in_(sorted(offices))] if offices is not None else []
    # Those few are found by the index of progress, and each is looked up once on the roster.
    late = select(Assignment.employee_id).where(*owed).distinct()
    alone = col(Employee.member_id).is_(None)
    counted = (
        select(alone, func.count())
        .where(Employee.standing == Employment.ACTIVE, col(Employee.id).in_(late))
        .group_by(alone)
    )
    counts = {bool(one): count for one, count in session.exec(counted)}
    of_offices = select(func.count()).where(*owed, col(Assignment.employee_id).is_(None))
    return Behind(sum(counts.values()), counts.get(True, 0), session.exec(of_offices).one())


def count_not_joined(session: Session, occurrence: Occurrence, offices: Collection[str] | None) -> int:
    """How many of those who have not answered an occurrence have not joined yet."""
    counted = (
        select(func.count())
        .select_from(Assignment)
        .join(Employee, col(Employee.id) == col(Assignment.employee_id))
        .where(
            Assignment.occurrence_id == occurrence.id,
            Assignment.state == AssignmentState.OPEN,
            col(Employee.member_id).is_(None),
        )
    )
    if offices is not None:
        counted = counted.where(col(Assignment.office).in_(sorted(offices)))
    return session.exec(counted).one()


def owed_by(
    session: Session, employee: Employee, since: datetime, until: datetime
) -> Sequence[tuple[Occurrence, Assignment]]:
    """What one person was given to answer for themselves in this time, with the answer; earliest first."""
    theirs = (
        select(Occurrence, Assignment)
        .join(Assignment, col(Assignment.occurrence_id) == col(Occurrence.id))
        .where(
            Assignment.employee_id == employee.id,
            col(Occurrence.stage).in_(COUNTED),
            col(Occurrence.due_at) >= since,
            col(Occurrence.due_at) < until,
        )
        .order_by(col(Occurrence.due_at), col(Occurrence.id))
    )
    return session.exec(theirs).all()


def _people(
    occurrence: Occurrence, offices: Sequence[str], state: AssignmentState
) -> Select[Employee, Assignment]:
    return (
        select(Employee, Assignment)
        .join(Assignment, col(Assignment.employee_id) == col(Employee.id))
        .where(
            Assignment.occurrence_id == occurrence.id,
            col(Assignment.office).in_(offices),
            Assignment.state == state,
        )
        .order_by(col(Employee.id))
    )


def _why(employee: Employee, today: date | None) -> Why:
    if employee.standing is Employment.LEFT:
        return Why.LEFT
    if employee.member_id is None:
        return Why.NOT_JOINED
    if employee.silent:
        return Why.SILENT
    return Why.LEAVE if today is not None and is_on_leave(employee, today) else Why.OPEN
