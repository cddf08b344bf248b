"""The case: the file that is opened for a report, and the offices on it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, func, text
from sqlmodel import Field, Session, SQLModel, col, select

from nlp.taxonomy import Category, Intent
from storage.columns import UtcTime, Word


class Status(StrEnum):
    """Where a case stands; a reopened one is investigating again."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    INVESTIGATING = "investigating"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended."""

    SUBSTANTIATED = "substantiated"
    UNSUBSTANTIATED = "unsubstantiated"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    NOT_ACCEPTED = "not_accepted"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"


class Part(StrEnum):
    """What an office has to do with a case."""

    SUPPORTING = "supporting"
    LEFT_OUT = "left_out"


_OPEN = "status <> 'closed'"
IS_OPEN = text("cases.status <> 'closed'")
"""Spelled out, so that the partial indexes over open cases serve."""
_STANDS = "same_as IS NULL"
STANDS = text("cases.same_as IS NULL")
"""Not a copy that is handled with another case; spelled out for the same reason."""
_AGEING = "closed_at IS NOT NULL AND purged_at IS NULL"
AGEING = text("cases.closed_at IS NOT NULL AND cases.purged_at IS NULL")
"""Closed, and its content is still here; spelled out for the same reason."""
_ALIKE = "likeness IS NOT NULL AND same_as IS NULL"


class Case(SQLModel, table=True):
    """One report and what became of it; nothing here tells what was written or by whom.

    `receipt` is the keyed hash of the reporter's code. `due_at` is the next limit. `version` grows
    with every step, so that two officers cannot both take one.

    `likeness` is the keyed hash by which the same words are recognised; `same_as` the case a copy is
    handled with. Of a copy, `followed` is the entry of that case which its reporter was told last; at
    `follow_at` a copy, or a case that has copies, is looked after (see storage.following).

    `warned_at` is when officers were told that the content goes soon, `held_at` since when it is kept
    whatever its age, `purged_at` when it was destroyed (see storage.retention).
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_office", "lead_office", "due_at", sqlite_where=text(f"{_OPEN} AND {_STANDS}"),
              postgresql_where=text(f"{_OPEN} AND {_STANDS}")),
        Index("ix_cases_assignee", "assignee_id", "due_at", sqlite_where=text(_OPEN),
              postgresql_where=text(_OPEN)),
        Index("ix_cases_likeness", "likeness", sqlite_where=text(_ALIKE), postgresql_where=text(_ALIKE)),
        Index("ix_cases_same_as", "same_as", "followed", sqlite_where=text("same_as IS NOT NULL"),
              postgresql_where=text("same_as IS NOT NULL")),
        Index("ix_cases_ageing", "closed_at", sqlite_where=text(_AGEING), postgresql_where=text(_AGEING)),
        Index("ix_cases_follow", "follow_at", sqlite_where=text("follow_at IS NOT NULL"),
              postgresql_where=text("follow_at IS NOT NULL")),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    year: int
    receipt: str = Field(unique=True)
    status: Status = Field(sa_type=Word(Status))
    intent: Intent = Field(sa_type=Word(Intent))
    categories: str = ""
    unsure: bool = False
    urgent: bool = False
    sealed: bool = False
    lead_office: str
    assignee_id: int | None = None
    received_at: datetime = Field(sa_type=UtcTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    outcome: Outcome | None = Field(default=None, sa_type=Word(Outcome))
    version: int = 0
    likeness: str | None = None
    same_as: int | None = None
    followed: int = 0
    follow_at: datetime | None = Field(default=None, sa_type=UtcTime)
    warned_at: datetime | None = Field(default=None, sa_type=UtcTime)
    held_at: datetime | None = Field(default=None, sa_type=UtcTime)
    purged_at: datetime | None = Field(default=None, sa_type=UtcTime)

    @property
    def number(self) -> str:
        """The number people speak of, such as 2026-00042."""
        return f"{self.year}-{self.id:05d}"

    @property
    def all_categories(self) -> tuple[Category, ...]:
        """The categories, most central first."""
        return tuple(Category(code) for code in self.categories.split(",") if code)


class CaseOffice(SQLModel, table=True):
    """An office that supports a case, or that must not know of it."""

    __tablename__ = "case_offices"
    __table_args__ = (Index("ix_case_offices_office", "office", "part"),)

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    office: str = Field(primary_key=True)
    part: Part = Field(sa_type=Word(Part))


class Cause(StrEnum):
    """Why somebody must not know of a case; only a recusal can be lifted."""

    NAMED = "named"
    RECUSED = "recused"


class LeftOutPerson(SQLModel, table=True):
    """A member of staff who must not know of a case: named in it, or recused."""

    __tablename__ = "case_people_left_out"

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    member_id: int = Field(primary_key=True, index=True)
    cause: Cause = Field(default=Cause.NAMED, sa_type=Word(Cause))


def parse_number(words: str) -> int | None:
    """The case id meant by 2026-00042, 00042, 42 or #42; None if it is no number."""
    digits = words.strip().lstrip("#").removesuffix("号").rsplit("-", 1)[-1]
    return int(digits) if digits.isdecimal() and len(digits) <= 9 else None


def last_case(session: Session) -> int:
    """The id of the newest case; 0 if there is none."""
    return session.exec(select(func.max(Case.id))).one() or 0


def offices_of(session: Session, case_id: int, part: Part) -> tuple[str, ...]:
    """The offices that have this part in a case."""
    found = select(CaseOffice.office).where(CaseOffice.case_id == case_id, CaseOffice.part == part)
    return tuple(session.exec(found.order_by(col(CaseOffice.office))))


def people_left_out(session: Session, case_id: int, cause: Cause | None = None) -> frozenset[int]:
    """The members who must not know of a case, for whatever cause or for this one."""
    found = select(LeftOutPerson.member_id).where(LeftOutPerson.case_id == case_id)
    return frozenset(session.exec(found if cause is None else found.where(LeftOutPerson.cause == cause)))
