"""Confirming to have read: counts at once, can be taken back for some minutes."""

from datetime import datetime, timedelta

from sqlmodel import Session

from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.book import Proof
from storage.duties.completing import acknowledge, complete, occurrence_of, owe_again
from storage.staff.employees import Employee

UNDO = timedelta(minutes=10)
"""How long a slip of the finger can be taken back."""


def confirm_read(session: Session, assignment: Assignment, *, by: Employee, now: datetime) -> bool:
    """Done where reading is all that is owed, else only confirmed; False where it counted as done before."""
    if occurrence_of(session, assignment).proof is Proof.READING:
        return complete(session, assignment, by=by, now=now)
    is_new = assignment.acknowledged_at is None
    acknowledge(session, assignment, now=now)
    return is_new


def may_take_back(session: Session, assignment: Assignment, *, by: Employee, now: datetime) -> bool:
    """Whether somebody confirmed it themselves, and just now."""
    return (
        assignment.state is AssignmentState.DONE
        and assignment.done_by == by.id
        and assignment.done_at is not None
        and now - assignment.done_at <= UNDO
        and occurrence_of(session, assignment).proof is Proof.READING
    )


def take_back_read(session: Session, assignment: Assignment, *, by: Employee, now: datetime) -> bool:
    """A slip: as if it had not been confirmed. False where that is over."""
    if not may_take_back(session, assignment, by=by, now=now):
        return False
    if assignment.acknowledged_at == assignment.done_at:
        assignment.acknowledged_at = None
    owe_again(session, assignment, now=now)
    return True
