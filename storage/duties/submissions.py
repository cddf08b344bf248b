"""What staff hand in for a duty: files, a figure or words, with everything that was handed in before."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, Word
from storage.deposits import deposit, deposits_of, drop_deposits
from storage.duties.assignments import Assignment, AssignmentState, due_for
from storage.duties.book import Proof
from storage.duties.completing import complete, occurrence_of, owe_again
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.house import House
from storage.messages import StoredFile
from storage.staff.employees import Employee
from storage.vault import Vault, place

MOST_FILES = 20
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


def keep_words(session: Session, submission: Submission, words: str, *, vault: Vault) -> None:
    """What a draft says in words, or its figure; empty: nothing."""
    words = words[:LONGEST_WORDS]
    submission.words = vault.seal_text(words, submission_place(submission, "words")) if words else None
    session.add(submission)
    session.flush()


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
    submission.remark = vault.seal_text(remark, submission_place(submission, "remark"))
    assignment = assignment_of(session, submission)
    _settle(session, assignment, SubmissionStage.RETURNED, now)
    _owe_again(session, assignment, now)
    return True


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
