"""What of a person's words goes with their name, once they have left long enough: rows stay to be counted."""

from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from storage.deposits import drop_deposits
from storage.duties.assignments import Assignment
from storage.duties.promises import Promise
from storage.duties.submissions import Submission, SubmissionStage
from storage.staff.record import RecordEntry, Veto
from storage.training.sittings import Sitting


def forget_words_of(session: Session, employee_id: int) -> None:
    """Erases what somebody signed, wished and answered by themselves, and the words of their record.

    What an office handed in through them is the office's and stays, as do counts, dates and results. The
    sweep for files without a row takes the files.
    """
    _forget_submissions(session, employee_id)
    _erase(session, Promise, Promise.employee_id, employee_id, answers=None, signature=None)
    _erase(session, RecordEntry, RecordEntry.employee_id, employee_id, note=None)
    _erase(session, Veto, Veto.employee_id, employee_id, reason=None, lift_reason=None)
    wished = or_(col(Assignment.wished_by) == employee_id, col(Assignment.employee_id) == employee_id)
    session.execute(
        update(Assignment).where(wished, col(Assignment.wish).is_not(None)).values(wish=None),
        execution_options={"synchronize_session": "fetch"},
    )
    session.execute(delete(Sitting).where(col(Sitting.employee_id) == employee_id))


def _forget_submissions(session: Session, employee_id: int) -> None:
    """Their own, and any draft."""
    found = (
        select(Submission)
        .join(Assignment, col(Assignment.id) == col(Submission.assignment_id))
        .where(
            Submission.employee_id == employee_id,
            or_(
                col(Assignment.employee_id) == employee_id, col(Submission.stage) == SubmissionStage.DRAFT,
            ),
        )
    )  # fmt: skip
    for submission in session.exec(found).all():
        drop_deposits(session, f"submission:{submission.id}")
        submission.words = submission.remark = None
        session.add(submission)
    session.flush()


def _erase(session: Session, table: Any, whose: Any, employee_id: int, **values: Any) -> None:
    session.execute(
        update(table).where(whose == employee_id).values(values),
        execution_options={"synchronize_session": "fetch"},
    )
