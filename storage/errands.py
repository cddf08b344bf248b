"""Slow work whose outcome somebody gets in their chat: kept until it is done, so that no stop loses it."""

import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, Word

MOST_TRIES = 3
"""After so many the errand is given up: perhaps it is what stops us."""
MOST_WAITING = 4
"""Errands of one member at a time: nobody makes the others wait for long."""
_AGAIN = timedelta(seconds=30)


class ErrandKind(StrEnum):
    """PICTURE and TABLE of satisfaction were asked for; MONTHLY is the message of a new month.

    COVERAGE_PICTURE and COVERAGE_TABLE of duties were asked for; COVERAGE_WEEK is Monday's message.
    KNOWLEDGE_PICTURE shows how the nine rules are known. DRIVE_… are of one drive. HAND_IN_SLIP is
    somebody's own confirmation.
    """

    PICTURE = "picture"
    TABLE = "table"
    MONTHLY = "monthly"
    COVERAGE_PICTURE = "coverage_picture"
    COVERAGE_TABLE = "coverage_table"
    COVERAGE_WEEK = "coverage_week"
    KNOWLEDGE_PICTURE = "knowledge_picture"
    DRIVE_PICTURE = "drive_picture"
    DRIVE_LEDGER = "drive_ledger"
    DRIVE_SUMMARY = "drive_summary"
    HAND_IN_SLIP = "hand_in_slip"


_OURS = (ErrandKind.MONTHLY, ErrandKind.COVERAGE_WEEK)
"""Nobody asked for these: they go beside what somebody has waiting."""


class Errand(SQLModel, table=True):
    """`arguments` is JSON of words of the office (month, department, duty), never content."""

    __tablename__ = "errands"

    id: int | None = Field(default=None, primary_key=True)
    kind: ErrandKind = Field(sa_type=Word(ErrandKind))
    member_id: int = Field(foreign_key="members.id", index=True)
    arguments: str
    tries: int = 0
    due_at: datetime = Field(sa_type=UtcTime, index=True)


def ask_for(session: Session, kind: ErrandKind, member_id: int, *, now: datetime, **arguments: Any) -> bool:
    """Leaves an errand, unless the same is waiting; False where too much of this member's waits already."""
    written = json.dumps(arguments, ensure_ascii=False, sort_keys=True)
    waiting = session.exec(select(Errand).where(Errand.member_id == member_id)).all()
    if any(one.kind is kind and one.arguments == written for one in waiting):
        return True
    if len(waiting) >= MOST_WAITING and kind not in _OURS:
        return False
    session.add(Errand(kind=kind, member_id=member_id, arguments=written, due_at=now))
    session.flush()
    return True


def take_errand(session: Session, *, now: datetime) -> Errand | None:
    """The next errand that is due, detached; who is stopped over it finds it again after half a minute."""
    due = select(Errand).where(Errand.due_at <= now).order_by(col(Errand.due_at), col(Errand.id)).limit(1)
    errand = session.exec(due).first()
    if errand is not None:
        errand.tries, errand.due_at = errand.tries + 1, now + _AGAIN
        session.add(errand)
        session.flush()
        session.refresh(errand)
        session.expunge(errand)
    return errand


def finish_errand(session: Session, errand_id: int) -> bool:
    """Takes a done errand away; False where it is gone already, and nothing may be sent a second time."""
    gone = session.execute(delete(Errand).where(col(Errand.id) == errand_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def bring_errands_forward(session: Session, *, now: datetime) -> None:
    """After a stop nothing waits for its next try."""
    session.execute(update(Errand).where(col(Errand.due_at) > now).values(due_at=now))


def drop_errands(session: Session, member_id: int) -> None:
    """Nothing more is made for who leaves."""
    session.execute(delete(Errand).where(col(Errand.member_id) == member_id))


def count_errands(session: Session) -> int:
    """How many wait."""
    return session.exec(select(func.count()).select_from(Errand)).one()
