"""The trail: what was done to a case and by whom, append-only, each row chained to the one before."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime
from storage.direct import Prepared

REPORTER, SYSTEM = "reporter", "system"
RECATEGORISED, UNDONE = "recategorised", "recategorising_undone"
"""An officer changed what a case is about, or took that back."""
_START = "0" * 64


class Event(SQLModel, table=True):
    """`actor` is "reporter", "system", "console" or "member:ID"; `detail` is JSON without content."""

    __tablename__ = "events"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcTime)
    actor: str
    action: str
    case_id: int | None = Field(default=None, index=True)
    detail: str = "{}"
    chain: str


_INSERT = Prepared(insert(Event.__table__))  # type: ignore[attr-defined]
_LAST = Prepared(select(Event.chain).order_by(col(Event.id).desc()).limit(1))


def record_event(
    session: Session,
    actor: str,
    action: str,
    *,
    case_id: int | None = None,
    now: datetime,
    **detail: Any,
) -> None:
    """Adds a row to the trail; `detail` holds words of the office (status, office), never content."""
    text = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    last = _LAST.first(session)
    before = last[0] if last else _START
    row = {"at": now, "actor": actor, "action": action, "case_id": case_id, "detail": text}
    _INSERT.run(session, {**row, "chain": _link(before, row)})


def case_history(session: Session, case_id: int) -> list[Event]:
    """All events of a case, oldest first."""
    return list(session.exec(select(Event).where(Event.case_id == case_id).order_by(col(Event.id))))


def broken_link(session: Session) -> int | None:
    """The id of the first row that was changed, or that follows a removed or swapped one; None if whole."""
    before = _START
    for event in session.exec(select(Event).order_by(col(Event.id)).execution_options(yield_per=1000)):
        row = event.model_dump(include={"at", "actor", "action", "case_id", "detail"})
        if event.chain != _link(before, row):
            return event.id
        before = event.chain
    return None


def _link(before: str, row: dict[str, Any]) -> str:
    fields = [before, row["at"].isoformat(), row["actor"], row["action"], str(row["case_id"]), row["detail"]]
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()
