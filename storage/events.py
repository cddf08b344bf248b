"""The trail: what was done to a case and by whom, append-only, each row chained to the one before."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, as_number
from storage.direct import Prepared, direct
from storage.event_names import NAMES, EventName
from storage.trail_chain import START, trail_key
from storage.trail_guards import guard

REPORTER, SYSTEM, CONSOLE = "reporter", "system", "console"
RECATEGORISED, UNDONE = EventName.RECATEGORISED.value, EventName.UNDONE.value
"""An officer changed what a case is about, or took that back."""
_LOCK = 7_246_531
"""On PostgreSQL, where several write at a time, one after the other adds to the trail."""


class Event(SQLModel, table=True):
    """`actor` is "reporter", "system", "console" or "member:ID"; `detail` is JSON without content.

    Ids count from 1 without a gap; `chain` is the link to the row before (storage.trail_chain).
    """

    __tablename__ = "events"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcTime)
    actor: str
    action: str
    case_id: int | None = Field(default=None, index=True)
    detail: str = "{}"
    chain: str


_TABLE = Event.__table__  # type: ignore[attr-defined]
guard(_TABLE)
_INSERT = Prepared(insert(_TABLE))
_LAST = Prepared(select(Event.id, Event.chain).order_by(col(Event.id).desc()).limit(1))
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_WAIT = Prepared(select(func.pg_advisory_xact_lock(_LOCK)))


def record_event(
    session: Session,
    actor: str,
    action: str,
    *,
    case_id: int | None = None,
    now: datetime,
    **detail: Any,
) -> None:
    """Adds a row to the trail; `detail` holds words of the office (status, office), never content.

    `action` is one of EventName. Raises TrailWithoutKey where the engine was given none.
    """
    if action not in NAMES:
        raise ValueError(f"the event {action!r} has no name in storage/event_names.py")
    connection = direct(session)
    key = trail_key(connection)
    if connection.dialect.name == "postgresql":
        _WAIT.first(session)
    text = _encode(detail)
    number, before = _LAST.first(session) or (0, START)
    chain = key.link(before, number + 1, as_number(now), actor, action, case_id, text)
    row = {"at": now, "actor": actor, "action": action, "case_id": case_id, "detail": text}
    _INSERT.run(session, {"id": number + 1, **row, "chain": chain})


def last_event(session: Session) -> tuple[int, str]:
    """Number and link of the newest event; 0 and START where there is none."""
    number, chain = _LAST.first(session) or (0, START)
    return number, chain


def case_history(session: Session, case_id: int) -> list[Event]:
    """All events of a case, oldest first."""
    return list(session.exec(select(Event).where(Event.case_id == case_id).order_by(col(Event.id))))
