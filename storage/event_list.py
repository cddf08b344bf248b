"""Events of the trail by case, member, day or kind, a page at a time."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from storage.event_names import EventName
from storage.events import Event

REFUSALS = (
    EventName.REFUSED, EventName.WRONG_CODES, EventName.WRONG_JOIN_CODES, EventName.BAD_SESSIONS,
    EventName.STRANGERS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for, None for everything; `since` is a day without a zone, taken as UTC."""

    case_id: int | None = None
    member: int | None = None
    since: datetime | None = None
    refusals: bool = False


def list_events(session: Session, wanted: Wanted, *, after: int, count: int) -> list[Event]:
    """At most `count` events with an id beyond `after`, oldest first."""
    found = select(Event).where(col(Event.id) > after)
    if wanted.case_id is not None:
        found = found.where(Event.case_id == wanted.case_id)
    if wanted.member is not None:
        found = found.where(Event.actor == f"member:{wanted.member}")
    if wanted.since is not None:
        found = found.where(Event.at >= wanted.since.replace(tzinfo=UTC))
    if wanted.refusals:
        found = found.where(col(Event.action).in_(REFUSALS))
    return list(session.exec(found.order_by(col(Event.id)).limit(count)))
