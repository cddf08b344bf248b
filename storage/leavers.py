"""Who left is forgotten in time: name, address and keyed hash go, the number in the trail stays."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func
from sqlmodel import Session, col, select

from storage.cards import Card
from storage.cases import Case
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.members import Member, forget_member

_AT_ONCE = 100


def forget_leavers(session: Session, *, days: int, now: datetime) -> int:
    """Forgets members who left more than `days` days ago and hold nothing; returns how many, 100 at most.

    Somebody holds a case, open or closed, as long as its content is here: who handled it belongs to what can
    be asked about it, and a case that was reopened or is kept as evidence may be asked about late.
    """
    holds = exists().where(col(Case.assignee_id) == Member.id, col(Case.purged_at).is_(None))
    named = func.length(Member.name) + func.length(Member.address) > 0
    long_ago = col(Member.changed_at) < now - timedelta(days=days)
    gone = select(Member).where(col(Member.active).is_(False), long_ago, named, ~holds)
    leavers = session.exec(gone.order_by(col(Member.id)).limit(_AT_ONCE)).all()
    for member in leavers:
        session.execute(delete(Card).where(col(Card.audience) == f"member:{member.id}"))
        forget_member(session, member)
        record_event(session, SYSTEM, EventName.MEMBER_FORGOTTEN, now=now, member=member.id)
    return len(leavers)
