"""Handing in for a duty: put together, handed in, replaced, taken back, given back."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from storage.deposits import deposit, deposits_of, drop_deposits
from storage.duties.assignments import Assignment, AssignmentState, due_for
from storage.duties.completing import complete, occurrence_of, owe_again
from storage.duties.occurrences import OccurrenceStage
from storage.duties.submissions import (
    Submission,
    SubmissionStage,
    assignment_of,
    draft_of,
    keep_remark,
    keep_words,
    matter_of,
)
from storage.house import House
from storage.messages import StoredFile
from storage.staff.employees import Employee
from storage.vault import Vault

MOST_FILES = 20


def submit(
    session: Session,
    assignment: Assignment,
    *,
    by: Employee,
    words: str = "",
    files: Sequence[StoredFile] = (),
    house: House,
    now: datetime,
) -> Submission:
    """Hands in at once what is complete. Raises ValueError where nothing can be handed in any more."""
    submission = begin(session, assignment, by=by, now=now)
    add_files(session, submission, files, vault=house.vault, now=now)
    keep_words(session, submission, words, vault=house.vault)
    hand_in(session, submission, by=by, now=now)
    return submission


def begin(session: Session, assignment: Assignment, *, by: Employee, now: datetime) -> Submission:
    """The draft of somebody for what is owed: the one begun before, or a new one."""
    draft = draft_of(session, assignment, by)
    if draft is None:
        kind = occurrence_of(session, assignment).proof
        assert assignment.id is not None
        assert by.id is not None
        draft = Submission(
            uid=secrets.token_hex(8), assignment_id=assignment.id, employee_id=by.id, kind=kind,
            created_at=now,
        )  # fmt: skip
        session.add(draft)
        session.flush()
    return draft


def add_files(
    session: Session, submission: Submission, files: Sequence[StoredFile], *, vault: Vault, now: datetime
) -> int:
    """Puts files to a draft, at most MOST_FILES in all; returns how many had no room."""
    room = max(0, MOST_FILES - len(deposits_of(session, matter_of(submission))))
    deposit(session, files[:room], matter_of(submission), vault=vault, now=now)
    return len(files[room:])


def hand_in(session: Session, submission: Submission, *, by: Employee, now: datetime) -> None:
    """The draft is handed in; an earlier one stays as replaced. Raises ValueError where that is over."""
    assignment = assignment_of(session, submission)
    if not may_hand_in(session, assignment, now=now):
        raise ValueError("nothing can be handed in for this any more")
    _settle(session, assignment, SubmissionStage.REPLACED, now)
    submission.stage, submission.created_at = SubmissionStage.HANDED_IN, now
    session.add(submission)
    session.flush()
    complete(session, assignment, by=by, now=now)


def may_hand_in(session: Session, assignment: Assignment, *, now: datetime) -> bool:
    """Whether something can be handed in: what is open, at any time; what is done, until it is due."""
    occurrence = occurrence_of(session, assignment)
    if occurrence.stage in (OccurrenceStage.STOPPED, OccurrenceStage.PLANNED):
        return False
    return assignment.state is not AssignmentState.DONE or now <= due_for(assignment, occurrence)


def withdraw(session: Session, submission: Submission, *, now: datetime) -> bool:
    """Takes back what was handed in, until it is due; False where that is over."""
    assignment = assignment_of(session, submission)
    over = now > due_for(assignment, occurrence_of(session, assignment))
    if submission.stage is not SubmissionStage.HANDED_IN or over:
        return False
    _settle(session, assignment, SubmissionStage.WITHDRAWN, now)
    _owe_again(session, assignment, now)
    return True


def give_back(session: Session, submission: Submission, remark: str, *, vault: Vault, now: datetime) -> bool:
    """It does not do: what was owed is owed again. False where it was replaced or taken back meanwhile."""
    if submission.stage is not SubmissionStage.HANDED_IN:
        return False
    keep_remark(submission, remark, vault=vault)
    assignment = assignment_of(session, submission)
    _settle(session, assignment, SubmissionStage.RETURNED, now)
    _owe_again(session, assignment, now)
    return True


def drop_draft(session: Session, submission: Submission) -> None:
    """A draft is given up; the sweep for files without a row takes its files."""
    if submission.stage is SubmissionStage.DRAFT:
        drop_deposits(session, matter_of(submission))
        session.delete(submission)
        session.flush()


def drop_old_drafts(session: Session, *, before: datetime) -> int:
    """Gives up drafts begun before a moment; returns how many."""
    old = (Submission.stage == SubmissionStage.DRAFT, col(Submission.created_at) < before)
    ids = list(session.exec(select(Submission.id).where(*old)))
    for number in ids:
        drop_deposits(session, f"submission:{number}")
    session.execute(delete(Submission).where(col(Submission.id).in_(ids)))
    return len(ids)


def _settle(session: Session, assignment: Assignment, stage: SubmissionStage, now: datetime) -> None:
    """What holds of an assignment does so no more."""
    values: dict[str, Any] = {"stage": stage, "settled_at": now}
    holds = (
        col(Submission.assignment_id) == assignment.id,
        col(Submission.stage) == SubmissionStage.HANDED_IN,
    )
    session.flush()
    session.execute(
        update(Submission).where(*holds).values(values), execution_options={"synchronize_session": "fetch"}
    )


def _owe_again(session: Session, assignment: Assignment, now: datetime) -> None:
    if assignment.state is AssignmentState.DONE:
        owe_again(session, assignment, now=now)
