"""Settles what is owed: confirmed, done, excused, owed again. All that answers a duty goes through here."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from storage.duties.assignments import Assignment, AssignmentState, Excuse, due_for
from storage.duties.occurrences import Occurrence, OccurrenceStage, touch
from storage.staff.employees import Employee


def acknowledge(session: Session, assignment: Assignment, *, now: datetime) -> None:
    """Somebody confirmed having read; a second time changes nothing."""
    if assignment.acknowledged_at is None:
        assignment.acknowledged_at = now
        session.add(assignment)
        session.flush()
        touch(session, assignment.occurrence_id, now=now)


def complete(session: Session, assignment: Assignment, *, by: Employee, now: datetime) -> bool:
    """It counts as done from now on; False where it did already, or the occurrence was taken back.

    Who was excused and answers all the same has done it.
    """
    occurrence = occurrence_of(session, assignment)
    if assignment.state is AssignmentState.DONE or occurrence.stage is OccurrenceStage.STOPPED:
        return False
    assignment.state, assignment.excuse = AssignmentState.DONE, None
    assignment.acknowledged_at = assignment.acknowledged_at or now
    assignment.done_at, assignment.done_by = now, by.id
    assignment.late = now > due_for(assignment, occurrence)
    session.add(assignment)
    session.flush()
    touch(session, assignment.occurrence_id, now=now)
    return True


def owe_again(session: Session, assignment: Assignment, *, now: datetime) -> None:
    """What was handed in does not do, or a confirmation was a slip: it is owed again.

    After the due time it is called to mind from here on as if it had been due now, also where the occurrence
    was over.
    """
    occurrence = occurrence_of(session, assignment)
    assignment.state, assignment.excuse = AssignmentState.OPEN, None
    assignment.done_at = assignment.done_by = None
    assignment.late = False
    if now > due_for(assignment, occurrence):
        assignment.owed_again_at = now
    if occurrence.stage is OccurrenceStage.CLOSED:
        occurrence.stage, occurrence.closed_at, occurrence.next_at = OccurrenceStage.OPEN, None, now
    session.add_all((assignment, occurrence))
    session.flush()
    touch(session, assignment.occurrence_id, now=now)


def excuse(session: Session, assignment: Assignment, why: Excuse, *, now: datetime) -> None:
    """Nothing is owed any more, for this reason; what was done stays done."""
    if assignment.state is AssignmentState.OPEN:
        assignment.state, assignment.excuse = AssignmentState.EXCUSED, why
        session.add(assignment)
        session.flush()
        touch(session, assignment.occurrence_id, now=now)


def excuse_all(session: Session, occurrence: Occurrence, *, now: datetime) -> None:
    """The occurrence was taken back: whoever still owed it does not any more."""
    _set_all(session, occurrence, {"state": AssignmentState.OPEN, "excuse": None},
             {"state": AssignmentState.EXCUSED, "excuse": Excuse.STOPPED}, now)  # fmt: skip


def owe_all_again(session: Session, occurrence: Occurrence, *, now: datetime) -> None:
    """It was taken back by mistake: whoever owed it then owes it again."""
    _set_all(session, occurrence, {"state": AssignmentState.EXCUSED, "excuse": Excuse.STOPPED},
             {"state": AssignmentState.OPEN, "excuse": None}, now)  # fmt: skip


def _set_all(
    session: Session, occurrence: Occurrence, old: dict[str, Any], new: dict[str, Any], now: datetime
) -> None:  # fmt: skip
    """Thousands in one statement."""
    session.flush()
    session.execute(
        update(Assignment)
        .where(col(Assignment.occurrence_id) == occurrence.id)
        .where(*(getattr(Assignment, name) == value for name, value in old.items()))
        .values(new),
        execution_options={"synchronize_session": "fetch"},
    )
    assert occurrence.id is not None
    touch(session, occurrence.id, now=now)


def occurrence_of(session: Session, assignment: Assignment) -> Occurrence:
    """The occurrence an assignment belongs to."""
    occurrence = session.get(Occurrence, assignment.occurrence_id)
    assert occurrence is not None
    return occurrence
