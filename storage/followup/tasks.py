"""What a ward has to do for one patient: call back about health, or make a bad stay good."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.columns import UtcTime, Word
from storage.vault import Vault, place


class TaskKind(StrEnum):
    """CALLBACK: a nurse calls about a health trouble, urgent. RECOVERY: the head looks after a low rating."""

    CALLBACK = "callback"
    RECOVERY = "recovery"


class TaskState(StrEnum):
    """How far a task is."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"


class Task(SQLModel, table=True):
    """`office` is who does it: the department, or the office that stands in for it.

    `words` (what the patient said, sealed) and `phone` (sealed) are there only where the patient agreed, or
    where health needs it. `next_at` is the next reminder; `reminders` how many there were; `calls` how often
    nobody answered the phone. `ask_again`: the patient wants to be asked once more when it is done. `apart`:
    the words accuse somebody of the department, so it goes there no more. `opened_at` is exact for a
    CALLBACK alone: a RECOVERY tells only the day, or it could be held against what was reported that minute.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_next", "next_at", sqlite_where=text("next_at IS NOT NULL"),
              postgresql_where=text("next_at IS NOT NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    kind: TaskKind = Field(sa_type=Word(TaskKind))
    state: TaskState = Field(default=TaskState.OPEN, sa_type=Word(TaskState))
    survey_id: int | None = Field(default=None, foreign_key="surveys.id", index=True)
    department: str
    ward: str = ""
    office: str = Field(index=True)
    score: int | None = None
    words: bytes | None = None
    phone: bytes | None = None
    note: bytes | None = None
    call_wanted: bool = False
    ask_again: bool = False
    apart: bool = False
    calls: int = 0
    assignee_id: int | None = None
    version: int = 0
    opened_at: datetime = Field(sa_type=UtcTime)
    due_at: datetime = Field(sa_type=UtcTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcTime)
    next_at: datetime | None = Field(default=None, sa_type=UtcTime)
    reminders: int = 0


def task_place(row: Any, column: str) -> str:
    """`words`, `phone` and `note` stand for whom the task was given to."""
    return place("tasks", row.uid, column, str(row.kind), row.survey_id, row.department, row.ward, row.office)


def keep_sealed(task: Task, column: str, text: str, *, vault: Vault) -> None:
    """Puts `words`, `phone` or `note`, once all that they are bound to stands; empty text: none."""
    setattr(task, column, vault.seal_text(text, task_place(task, column)) if text else None)


def open_sealed(task: Task, column: str, *, vault: Vault) -> str:
    """The `words`, `phone` or `note` in clear; empty where there is none. Raises SealError."""
    sealed: bytes | None = getattr(task, column)
    return vault.open_text(sealed, task_place(task, column)) if sealed else ""
