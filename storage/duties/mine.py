"""What one person owes now, what they did lately, and whether a matter is theirs at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from storage.duties.assignments import Assignment, AssignmentState, due_for, find_assignment
from storage.duties.book import Proof
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.staff.employees import Employee

_STILL = timedelta(days=30)
"""How long what is over, and was not answered, stands in the list."""
_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Owing:
    """Something that somebody, or their office, owes or owed."""

    assignment: Assignment
    occurrence: Occurrence

    @property
    def due_at(self) -> datetime:
        """When it is due for them."""
        return due_for(self.assignment, self.occurrence)

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return (
            self.assignment.state is AssignmentState.OPEN
            and self.occurrence.stage is not OccurrenceStage.STOPPED
        )


def open_for(session: Session, employee: Employee, *, now: datetime) -> list[Owing]:
    """What is open for somebody, nearest due first."""
    found = select(Assignment, Occurrence).join(
        Occurrence, col(Occurrence.id) == col(Assignment.occurrence_id)
    )
    rows = session.exec(found.where(*_open(employee, now)))
    return sorted((Owing(*row) for row in rows), key=lambda one: (one.due_at, one.occurrence.id))


def count_open(session: Session, employee: Employee, *, now: datetime) -> int:
    """How much is open for somebody."""
    counted = (
        select(func.count())
        .select_from(Assignment)
        .join(Occurrence, col(Occurrence.id) == col(Assignment.occurrence_id))
    )
    return session.exec(counted.where(*_open(employee, now))).one()


def done_lately(session: Session, employee: Employee, *, now: datetime, most: int = 5) -> list[Owing]:
    """What somebody did within a month, newest first."""
    found = (
        select(Assignment, Occurrence)
        .join(Occurrence, col(Occurrence.id) == col(Assignment.occurrence_id))
        .where(
            _whose(employee), Assignment.state == AssignmentState.DONE,
            Assignment.done_by == employee.id, col(Assignment.done_at) > now - _LATELY,
        )
        .order_by(col(Assignment.done_at).desc())
        .limit(most)
    )  # fmt: skip
    return [Owing(*row) for row in session.exec(found)]


def open_readings(session: Session, employee: Employee, *, now: datetime) -> list[Owing]:
    """What somebody has only to confirm having read."""
    return [one for one in open_for(session, employee, now=now) if one.occurrence.proof is Proof.READING]


def owing(session: Session, occurrence_id: int, employee: Employee | None) -> Owing | None:
    """What somebody owes for an occurrence that was given out; None where it is none of theirs."""
    occurrence = session.get(Occurrence, occurrence_id)
    if occurrence is None or employee is None or occurrence.stage is OccurrenceStage.PLANNED:
        return None
    assignment = find_assignment(session, occurrence, employee)
    return Owing(assignment, occurrence) if assignment is not None else None


def _open(employee: Employee, now: datetime) -> tuple[Any, ...]:
    over = and_(col(Occurrence.stage) == OccurrenceStage.CLOSED, col(Occurrence.due_at) > now - _STILL)
    return (
        _whose(employee), col(Assignment.state) == AssignmentState.OPEN,
        or_(col(Occurrence.stage) == OccurrenceStage.OPEN, over),
    )  # fmt: skip


def _whose(employee: Employee) -> Any:
    office = and_(col(Assignment.employee_id).is_(None), col(Assignment.office) == employee.office)
    return or_(col(Assignment.employee_id) == employee.id, office)
