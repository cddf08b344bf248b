"""Surveys: one plan for one discharge, from the day it is due until it is answered or over."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.columns import UtcTime, Word
from storage.hospital_followup import Kind
from storage.vault import Vault, place


class Stage(StrEnum):
    """PLANNED waits for its day; SENT was handed to delivery and may be answered until it is over.

    ANSWERED was gone through to the end, or ended by the patient after an answer; EXPIRED was not. MISSED
    was too late to send. STOPPED is not asked, for the reason in `why` (a Standing, `plan`: there is no
    such plan any more, or `consent`: it was never given). UNREACHABLE could not be delivered.
    """

    PLANNED = "planned"
    SENT = "sent"
    ANSWERED = "answered"
    EXPIRED = "expired"
    MISSED = "missed"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"


class Survey(SQLModel, table=True):
    """`next_at` is when something is to be done with it (send, remind, end); None where nothing is.

    `month` (YYYY-MM, local, of sending) is what figures count it under. `chat` is the keyed hash of where it
    is being answered and empty when it is over: nothing then leads from a chat to a discharge's survey.
    `answers` is sealed JSON of the ratings so far, by question; for integrity only which questions were
    answered, never how. No time of answering is kept, so that nothing that happened then can be joined to it.
    """

    __tablename__ = "surveys"
    __table_args__ = (
        Index("ix_surveys_next", "next_at", "id", sqlite_where=text("next_at IS NOT NULL"),
              postgresql_where=text("next_at IS NOT NULL")),
        Index("ix_surveys_chat", "chat", sqlite_where=text("chat IS NOT NULL"),
              postgresql_where=text("chat IS NOT NULL")),
        # All that figures need stands in it, so that a month is counted without looking at any row.
        Index("ix_surveys_month", "month", "department", "ward", "kind", "stage", "reached", "score",
              "score_after", sqlite_where=text("month IS NOT NULL"),
              postgresql_where=text("month IS NOT NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    discharge_id: int = Field(foreign_key="discharges.id", index=True)
    plan: str
    plan_version: str
    kind: Kind = Field(sa_type=Word(Kind))
    department: str
    ward: str = ""
    stage: Stage = Field(default=Stage.PLANNED, sa_type=Word(Stage))
    why: str = ""
    due_at: datetime = Field(sa_type=UtcTime)
    next_at: datetime | None = Field(default=None, sa_type=UtcTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    month: str | None = None
    reminded: bool = False
    reached: bool = False
    chat: str | None = None
    answers: bytes | None = None
    score: int | None = None
    score_after: int | None = None


def survey_place(row: Any) -> str:
    """Answers stand for their survey."""
    return place("surveys", row.discharge_id, row.plan, str(row.kind), "answers")


def answers_of(survey: Survey, *, vault: Vault) -> dict[str, int | None]:
    """The answers so far, by question; None where only that it was answered is known. Raises SealError."""
    if survey.answers is None:
        return {}
    answers: dict[str, int | None] = json.loads(vault.open_text(survey.answers, survey_place(survey)))
    return answers


def keep_answers(survey: Survey, answers: dict[str, int | None], *, vault: Vault) -> None:
    """Puts the answers in place of those before."""
    survey.answers = vault.seal_text(json.dumps(answers), survey_place(survey))
