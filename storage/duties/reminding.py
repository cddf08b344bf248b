"""Whom a step is told to: people are marked in one go, then taken some at a time, each once a morning."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, text, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.book import Answers
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.house import House
from storage.members import Role
from storage.staff.employees import Employee, Employment

TOGETHER = 300
"""People taken in one transaction: nobody waits long for the one writer."""
ANSWERS_FOR_OFFICE = (Role.OFFICER, Role.HEAD)
"""Who is told what their office owes as one; where it has none of them, everybody there is."""


def claim_due_occurrence(session: Session, *, now: datetime) -> tuple[Occurrence, datetime] | None:
    """The occurrence that has been due longest, and the step that is due; None when nothing is.

    It is given to one caller only: taking it is an UPDATE that compares and clears `next_at`. The caller
    says in the same transaction what is next; if that is undone, so is the taking.
    """
    due = (
        select(Occurrence.id, Occurrence.next_at).where(col(Occurrence.next_at) <= now)  # type: ignore[call-overload]
        .order_by(col(Occurrence.next_at), col(Occurrence.id)).limit(1)
    )  # fmt: skip
    while (found := session.execute(due).first()) is not None:
        number, step_at = found
        values: dict[str, Any] = {"next_at": None}
        taken = session.execute(
            update(Occurrence).where(col(Occurrence.id) == number, col(Occurrence.next_at) == step_at)
            .values(values),
            execution_options={"synchronize_session": False},
        )  # fmt: skip
        if taken.rowcount:  # type: ignore[attr-defined]
            occurrence = session.get(Occurrence, number, populate_existing=True)
            assert occurrence is not None
            return occurrence, step_at
    return None


def is_any_due(session: Session, *, now: datetime) -> bool:
    """Whether an occurrence still waits to be looked after: until then nobody's morning is complete."""
    return bool(session.execute(select(exists().where(col(Occurrence.next_at) <= now))).scalar())


def mark_people(
    session: Session,
    occurrence: Occurrence,
    *,
    dues: Collection[datetime] | None = None,
    moment: datetime,
    house: House,
) -> int:
    """Has all who still owe it told at `moment`, with `dues` only those it is due for then; returns how many.

    Nobody who is on leave that day, has not joined or cannot be reached; who is told sooner anyway, is told
    then.
    """
    day = house.local_day(moment)
    at_work = or_(
        col(Employee.leave_from).is_(None), col(Employee.leave_until).is_(None),
        col(Employee.leave_from) > day, col(Employee.leave_until) < day,
    )  # fmt: skip
    values: dict[str, Any] = {"remind_at": moment}
    marked = session.execute(
        update(Employee)
        .where(
            col(Employee.standing) == Employment.ACTIVE, col(Employee.member_id).is_not(None),
            col(Employee.silent).is_(False), at_work,
            or_(col(Employee.remind_at).is_(None), col(Employee.remind_at) > moment),
            _who_owes(session, occurrence, dues),
        )
        .values(values),
        execution_options={"synchronize_session": False},
    )  # fmt: skip
    return int(marked.rowcount)  # type: ignore[attr-defined]


def offices_missing(
    session: Session, occurrence: Occurrence, dues: Collection[datetime] | None = None
) -> dict[str, int]:
    """How many still owe it, by office; with `dues` only those it is due for then."""
    counted = (
        select(col(Assignment.office), func.count()).where(*_still_owed(occurrence, dues))
        .group_by(col(Assignment.office))
    )  # fmt: skip
    return {row[0]: row[1] for row in session.execute(counted)}


def claim_people(
    session: Session, *, house: House, now: datetime, limit: int = TOGETHER
) -> tuple[int, Sequence[int]]:
    """How many of the next people who are to be told were taken, and the members among them who are told.

    Each is given to one caller only. Who went on leave meanwhile is not told.
    """
    due = (
        select(Employee.id).where(col(Employee.remind_at) <= now)  # type: ignore[call-overload]
        .order_by(col(Employee.remind_at), col(Employee.id)).limit(limit)
    )  # fmt: skip
    values: dict[str, Any] = {"remind_at": None}
    taken = session.execute(
        update(Employee)
        .where(col(Employee.id).in_(due), col(Employee.remind_at) <= now)
        .values(values)
        .returning(col(Employee.member_id), col(Employee.leave_from), col(Employee.leave_until)),
        execution_options={"synchronize_session": False},
    )
    rows, day = list(taken), house.local_day(now)
    here = [member for member, first, last in rows if not (first and last and first <= day <= last)]
    return len(rows), sorted(member for member in here if member is not None)


class Owing(NamedTuple):
    """Something a person, or their office, still owes."""

    occurrence: Occurrence
    assignment: Assignment


def reminded_of(session: Session, employee: Employee) -> list[Owing]:
    """All that is open for somebody, what is due first at the front.

    What their office owes as one is among it for those who answer for offices.
    """
    owed = (
        select_rows(Occurrence, Assignment)
        .where(Occurrence.id == Assignment.occurrence_id, Occurrence.stage == OccurrenceStage.OPEN,
               Assignment.state == AssignmentState.OPEN)
    )  # fmt: skip
    found = list(session.exec(owed.where(Assignment.employee_id == employee.id)))
    if _answers_for_office(session, employee):
        of_office = (Occurrence.each == Answers.OFFICE, col(Assignment.employee_id).is_(None),
                     Assignment.office == employee.office)  # fmt: skip
        found += session.exec(owed.where(*of_office))
    owing = [Owing(occurrence, assignment) for occurrence, assignment in found]
    return sorted(owing, key=lambda one: (_due(one), one.occurrence.id or 0))


def _due(one: Owing) -> datetime:
    return max(one.occurrence.due_at, one.assignment.extended_until or one.occurrence.due_at)


def _still_owed(occurrence: Occurrence, dues: Collection[datetime] | None) -> list[ColumnElement[bool]]:
    """Open assignments of an occurrence; times equal to its own due time stand for no extension as well."""
    owed = [col(Assignment.occurrence_id) == occurrence.id, text("assignments.state = 'open'")]
    if dues is not None:
        times = col(Assignment.extended_until), col(Assignment.owed_again_at)
        own = and_(*(or_(time.is_(None), time <= occurrence.due_at) for time in times))
        later = or_(*(time.in_([due for due in dues if due > occurrence.due_at]) for time in times))
        owed.append(or_(own, later) if occurrence.due_at in dues else later)
    return owed  # type: ignore[return-value]


def _who_owes(
    session: Session, occurrence: Occurrence, dues: Collection[datetime] | None
) -> ColumnElement[bool]:
    if occurrence.each is Answers.PERSON:
        return col(Employee.id).in_(select(col(Assignment.employee_id)).where(*_still_owed(occurrence, dues)))
    return answering_for(session, list(offices_missing(session, occurrence, dues)))


def answering_for(session: Session, offices: Collection[str]) -> ColumnElement[bool]:
    """Who is told what these offices owe as one."""
    staffed = _offices_with_answerers(session, offices)
    alone = [office for office in offices if office not in staffed]
    return col(Employee.office).in_(offices) & or_(
        col(Employee.role).in_(ANSWERS_FOR_OFFICE), col(Employee.office).in_(alone)
    )


def _answers_for_office(session: Session, employee: Employee) -> bool:
    return employee.role in ANSWERS_FOR_OFFICE or not _offices_with_answerers(session, [employee.office])


def _offices_with_answerers(session: Session, offices: Collection[str]) -> set[str]:
    """Those of the offices where somebody has joined who answers for it."""
    able = (
        col(Employee.standing) == Employment.ACTIVE, col(Employee.member_id).is_not(None),
        col(Employee.role).in_(ANSWERS_FOR_OFFICE), col(Employee.office).in_(offices),
    )  # fmt: skip
    return set(session.execute(select(col(Employee.office)).where(*able).distinct()).scalars())
