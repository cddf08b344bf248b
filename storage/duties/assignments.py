"""Assignments: what one person, or one office, owes for one occurrence."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, Session, SQLModel, select

from storage.columns import UtcTime, Word
from storage.duties.book import Answers
from storage.duties.occurrences import Occurrence
from storage.staff.employees import Employee
from storage.vault import Vault, place


class AssignmentState(StrEnum):
    """OPEN is owed; DONE was answered in the way that counts; EXCUSED need not answer (see `Excuse`)."""

    OPEN = "open"
    DONE = "done"
    EXCUSED = "excused"


class Excuse(StrEnum):
    """LEAVE: away on the due day. LEFT: works here no more. MOVED: not among those who owe it any more, for
    they went elsewhere or the plan names others now.

    HEAD: excused by the office's head. STOPPED: the occurrence was taken back.
    """

    LEAVE = "leave"
    LEFT = "left"
    MOVED = "moved"
    HEAD = "head"
    STOPPED = "stopped"


class Extension(StrEnum):
    """A wish for more time: asked, granted (see `extended_until`) or refused."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class Assignment(SQLModel, table=True):
    """`employee_id` is None where an office answers as one. `office` is where the person was at the time.

    `acknowledged_at` is the first confirmation of having read, or the end of the first quiz; `done_at` when
    it counted as done, by the employee `done_by`; `late` if that was after the due time (or after
    `extended_until`). `owed_again_at` is when an answer was given back after the due time: it is called to
    mind from then on as if it had been due then. `score` is the best quiz result in percent, `tries` the
    sittings finished, `passed` stays None without a quiz. `wish` is the sealed reason for wanting more time,
    until `wished_until`, of the employee `wished_by`.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_person", "occurrence_id", "employee_id", unique=True,
              sqlite_where=text("employee_id IS NOT NULL"), postgresql_where=text("employee_id IS NOT NULL")),
        Index("ix_assignments_office", "occurrence_id", "office", unique=True,
              sqlite_where=text("employee_id IS NULL"), postgresql_where=text("employee_id IS NULL")),
        # All that progress needs stands in it: nothing else is read to count how far an office is.
        Index("ix_assignments_progress", "occurrence_id", "office", "state", "late", "passed",
              "acknowledged_at"),
        Index("ix_assignments_owed", "employee_id", "state"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    occurrence_id: int = Field(foreign_key="occurrences.id")
    employee_id: int | None = Field(default=None, foreign_key="employees.id")
    office: str
    state: AssignmentState = Field(default=AssignmentState.OPEN, sa_type=Word(AssignmentState))
    excuse: Excuse | None = Field(default=None, sa_type=Word(Excuse))
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcTime)
    done_by: int | None = Field(default=None, foreign_key="employees.id")
    late: bool = False
    owed_again_at: datetime | None = Field(default=None, sa_type=UtcTime)
    score: int | None = None
    passed: bool | None = None
    tries: int = 0
    extension: Extension | None = Field(default=None, sa_type=Word(Extension))
    wished_until: datetime | None = Field(default=None, sa_type=UtcTime)
    extended_until: datetime | None = Field(default=None, sa_type=UtcTime)
    wish: bytes | None = None
    wished_by: int | None = Field(default=None, foreign_key="employees.id")


def find_assignment(session: Session, occurrence: Occurrence, employee: Employee) -> Assignment | None:
    """What somebody owes for an occurrence: their own, or their office's where offices answer as one."""
    owed = select(Assignment).where(Assignment.occurrence_id == occurrence.id)
    if occurrence.each is Answers.OFFICE:
        return session.exec(
            owed.where(Assignment.employee_id == None, Assignment.office == employee.office)  # noqa: E711 (SQL)
        ).first()
    return session.exec(owed.where(Assignment.employee_id == employee.id)).first()


def due_for(assignment: Assignment, occurrence: Occurrence) -> datetime:
    """When it is due for this person or office: later where more time was granted."""
    return max(occurrence.due_at, assignment.extended_until or occurrence.due_at)


def keep_wish(assignment: Assignment, reason: str, *, vault: Vault) -> None:
    """Why more time is wished for."""
    assignment.wish = vault.seal_text(reason, assignment_place(assignment)) if reason else None


def open_wish(assignment: Assignment, *, vault: Vault) -> str:
    """The reason in clear; empty where there is none. Raises SealError."""
    return vault.open_text(assignment.wish, assignment_place(assignment)) if assignment.wish else ""


def assignment_place(row: Any) -> str:
    """The reason for wanting more time stands for its assignment."""
    return place("assignments", row.occurrence_id, row.employee_id, row.office, row.wished_by, "wish")
