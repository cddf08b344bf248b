"""Occurrences: one instance of a duty, from the day it is planned until everybody has answered."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text, update
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import UtcTime, Word
from storage.duties.book import Answers, Proof


class OccurrenceStage(StrEnum):
    """PLANNED waits for its first lead; OPEN was given out; CLOSED is over, answered by all or not.

    STOPPED was taken back: the plan changed, or there is no such duty any more.
    """

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    STOPPED = "stopped"


class Occurrence(SQLModel, table=True):
    """`period` names the instance for good (2026-11, 2026-W48, 2026-11-30): one for each duty and scope.

    `scope` is the one office an occurrence was started for, empty for all who owe the duty. `title`,
    `proof` and `each` are those of the duty when it was planned, so that it reads on when the duty is
    gone; `version` tells whether the plan changed since, `owing` whom it was given out to (see
    `owing_key`); `turn` counts the instances of the duty, for texts that take turns. What was started or
    stopped `by_hand` is left alone by planning. `opens_at` is the first lead, `next_at` when something is
    to be done (open, remind, escalate, close) and None when nothing is; `steps` counts the reminders so
    far. `certain` is false where a year was counted whose holidays nobody knows yet.
    `changed_at` moves with every answer: cards drawn before it are drawn again.
    """

    __tablename__ = "occurrences"
    __table_args__ = (
        Index("ix_occurrences_once", "duty", "period", "scope", unique=True),
        Index("ix_occurrences_next", "next_at", "id", sqlite_where=text("next_at IS NOT NULL"),
              postgresql_where=text("next_at IS NOT NULL")),
        Index("ix_occurrences_stage", "stage", "due_at"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    duty: str
    drive: str = Field(default="", index=True)
    phase: str = ""
    period: str
    scope: str = ""
    title: str
    proof: Proof = Field(sa_type=Word(Proof))
    each: Answers = Field(default=Answers.PERSON, sa_type=Word(Answers))
    to_office: str = ""
    version: str = ""
    owing: str = ""
    turn: int = 0
    by_hand: bool = False
    stage: OccurrenceStage = Field(default=OccurrenceStage.PLANNED, sa_type=Word(OccurrenceStage))
    opens_at: datetime = Field(sa_type=UtcTime)
    due_at: datetime = Field(sa_type=UtcTime)
    certain: bool = True
    next_at: datetime | None = Field(default=None, sa_type=UtcTime)
    steps: int = 0
    opened_at: datetime | None = Field(default=None, sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    changed_at: datetime = Field(sa_type=UtcTime)


def touch(session: Session, occurrence_id: int, *, now: datetime) -> None:
    """Somebody answered, was excused or came new: cards that show how far all are want drawing again."""
    values: dict[str, Any] = {"changed_at": now}
    session.execute(
        update(Occurrence).where(col(Occurrence.id) == occurrence_id).values(values),
        execution_options={"synchronize_session": "fetch"},
    )
