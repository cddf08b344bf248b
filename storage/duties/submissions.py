"""What staff hand in for a duty: files, a figure or words, with everything that was handed in before."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, Word
from storage.duties.assignments import Assignment
from storage.duties.book import Proof
from storage.duties.completing import occurrence_of
from storage.duties.occurrences import Occurrence
from storage.staff.employees import Employee
from storage.vault import Vault, place

LONGEST_WORDS = 4000
"""Characters of what is handed in as words."""


class SubmissionStage(StrEnum):
    """DRAFT is being put together; REPLACED gave way to a later one, RETURNED does not do."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"


class Submission(SQLModel, table=True):
    """`words` are the sealed text or figure; the files are deposits of `submission:ID`.

    `created_at` is when it was handed in (a draft: begun). `remark` is the sealed word with which it was
    returned, `settled_at` when it was replaced, withdrawn or returned.
    """

    __tablename__ = "submissions"

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    assignment_id: int = Field(foreign_key="assignments.id", index=True)
    employee_id: int = Field(foreign_key="employees.id", index=True)
    kind: Proof = Field(sa_type=Word(Proof))
    stage: SubmissionStage = Field(default=SubmissionStage.DRAFT, sa_type=Word(SubmissionStage), index=True)
    words: bytes | None = None
    remark: bytes | None = None
    created_at: datetime = Field(sa_type=UtcTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcTime)


def keep_words(session: Session, submission: Submission, words: str, *, vault: Vault) -> None:
    """What a draft says in words, or its figure; empty: nothing."""
    words = words[:LONGEST_WORDS]
    submission.words = vault.seal_text(words, submission_place(submission, "words")) if words else None
    session.add(submission)
    session.flush()


def keep_remark(submission: Submission, remark: str, *, vault: Vault) -> None:
    """The word with which it is given back."""
    submission.remark = vault.seal_text(remark, submission_place(submission, "remark"))


def current(session: Session, assignment: Assignment) -> Submission | None:
    """What was handed in and holds."""
    return next(iter(_of(session, assignment, SubmissionStage.HANDED_IN)), None)


def draft_of(session: Session, assignment: Assignment, employee: Employee) -> Submission | None:
    """What somebody is putting together."""
    drafts = _of(session, assignment, SubmissionStage.DRAFT)
    return next((one for one in drafts if one.employee_id == employee.id), None)


def history_of(session: Session, assignment: Assignment) -> list[Submission]:
    """All that was ever handed in, newest first."""
    found = select(Submission).where(
        Submission.assignment_id == assignment.id, col(Submission.stage) != SubmissionStage.DRAFT
    )
    return list(session.exec(found.order_by(col(Submission.id).desc())))


def handed_in_for(
    session: Session, occurrence_id: int, *, office: str = ""
) -> list[tuple[Submission, Assignment]]:
    """What holds of an occurrence, newest first; with `office` only of that one."""
    found = (
        select(Submission, Assignment)
        .join(Assignment, col(Assignment.id) == col(Submission.assignment_id))
        .where(
            Assignment.occurrence_id == occurrence_id,
            Submission.stage == SubmissionStage.HANDED_IN,
        )
        .order_by(col(Submission.id).desc())
    )
    return list(session.exec(found.where(Assignment.office == office) if office else found))


def find_submission(session: Session, number: int) -> Submission | None:
    """The one with this number; who may see it is decided in storage.duties.submission_access."""
    return session.get(Submission, number)


def assignment_of(session: Session, submission: Submission) -> Assignment:
    """What it was handed in for."""
    assignment = session.get(Assignment, submission.assignment_id)
    assert assignment is not None
    return assignment


def occurrence_for(session: Session, submission: Submission) -> Occurrence:
    """The occurrence it was handed in for."""
    return occurrence_of(session, assignment_of(session, submission))


def matter_of(submission: Submission) -> str:
    """Under which matter its files are kept."""
    return f"submission:{submission.id}"


def open_sealed(submission: Submission, column: str, *, vault: Vault) -> str:
    """The `words` or `remark` in clear; empty where there are none. Raises SealError."""
    sealed: bytes | None = getattr(submission, column)
    return vault.open_text(sealed, submission_place(submission, column)) if sealed else ""


def submission_place(row: Any, column: str) -> str:
    """Words stand for who handed them in, and for what."""
    return place("submissions", row.uid, row.assignment_id, row.employee_id, str(row.kind), column)


def _of(session: Session, assignment: Assignment, stage: SubmissionStage) -> list[Submission]:
    found = select(Submission).where(Submission.assignment_id == assignment.id, Submission.stage == stage)
    return list(session.exec(found.order_by(col(Submission.id).desc())))
