"""Counts what strangers try, and tells the trail once a quarter of an hour: a flood must not swell it."""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, select

from storage.columns import UtcTime
from storage.event_names import EventName
from storage.events import SYSTEM, record_event

WINDOW = timedelta(minutes=15)


class Tally(SQLModel, table=True):
    """How often something happened since the window began; `kind` is the name of the event it becomes."""

    __tablename__ = "tallies"

    kind: str = Field(primary_key=True, max_length=24)
    since: datetime = Field(sa_type=UtcTime)
    count: int = 0


def count_up(session: Session, kind: EventName, *, by: int = 1, now: datetime) -> None:
    """Adds to the count of this window; an earlier window is told first. `by` 0 or less does nothing."""
    if by <= 0:
        return
    tally = session.get(Tally, kind.value)
    if tally is not None and _is_over(tally, now):
        _tell(session, tally, now)
        tally = None
    tally = tally or Tally(kind=kind.value, since=now)
    tally.count += by
    session.add(tally)
    session.flush()


def tell_tallies(session: Session, *, now: datetime) -> int:
    """Writes every window that is over into the trail; returns how many."""
    over = [tally for tally in session.exec(select(Tally)).all() if _is_over(tally, now)]
    for tally in over:
        _tell(session, tally, now)
    return len(over)


def _is_over(tally: Tally, now: datetime) -> bool:
    """A window that lies ahead, because the clock was set back since, is over as well."""
    return not tally.since <= now < tally.since + WINDOW


def _tell(session: Session, tally: Tally, now: datetime) -> None:
    record_event(session, SYSTEM, tally.kind, now=now, count=tally.count)
    session.delete(tally)
    session.flush()
