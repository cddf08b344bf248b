"""Events from messengers that were handled: the same event never counts twice."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, SQLModel, select

from storage.columns import UtcTime
from storage.direct import Prepared

KEPT = timedelta(days=7)
"""Longer than any messenger repeats an event."""


class InboxEvent(SQLModel, table=True):
    """`key` is a keyed hash of channel and event id; nothing here tells who wrote."""

    __tablename__ = "inbox"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    received_at: datetime = Field(sa_type=UtcTime)


_TABLE = InboxEvent.__table__  # type: ignore[attr-defined]
_INSERTS = {
    "sqlite": Prepared(sqlite_insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id)),
    "postgresql": Prepared(postgres_insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id)),
}


def claim_event(session: Session, key: str, *, now: datetime) -> int | None:
    """The id of the new inbox row, or None if this event was handled before."""
    statement = _INSERTS[session.get_bind().dialect.name]
    claimed = statement.first(session, {"key": key, "received_at": now})
    return claimed[0] if claimed else None


def find_event(session: Session, key: str) -> int | None:
    """The id of the inbox row of an event handled before."""
    return session.exec(select(InboxEvent.id).where(InboxEvent.key == key)).first()


def forget_events(session: Session, *, now: datetime) -> int:
    """Deletes what no messenger will repeat any more; returns how many."""
    old = delete(InboxEvent).where(InboxEvent.received_at < now - KEPT)  # type: ignore[arg-type]
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
