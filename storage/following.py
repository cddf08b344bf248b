"""What was decided on a case is told to the reporters of its copies too: a slice at a time.

The steps stand in the thread of the first; each copy remembers the last one it was told (`followed`). A
slice is one transaction, so thousands of copies hold up nobody, and after a stop the rest goes on.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from storage.cards import Card, refresh_cards
from storage.cases import Case, Part, Status, offices_of, people_left_out
from storage.copies import has_copies, last_step, leave_out_too
from storage.entries import Entry, Kind, add_entry, thread
from storage.errors import SealError
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.outbox import announce
from storage.sender_tags import forget_tags
from storage.subscriptions import Subscription, cancel_purge, schedule_purge

SLICE = 50
AT_ONCE = 20
"""Copies that are told in the transaction of the decision itself."""
_C = Case.__table__.c  # type: ignore[attr-defined]
_AGAIN = timedelta(hours=1)
_KEPT_INSIDE = ("step", "referred_to")


def spread(session: Session, case: Case, *, house: House, now: datetime) -> None:
    """A case that has copies was moved: they go to the same office at once, and are told soon."""
    if not has_copies(session, case):
        return
    values = {
        "lead_office": case.lead_office, "sealed": case.sealed, "intent": case.intent,
        "categories": case.categories, "unsure": case.unsure, "follow_at": None,
    }  # fmt: skip
    same = update(Case).where(_C.same_as.is_not(None), _C.same_as == case.id).values(values)
    session.execute(same.execution_options(synchronize_session=False))
    case.follow_at = now
    session.add(case)
    session.flush()
    _tell_slice(session, case, limit=AT_ONCE, house=house, now=now)


def follow_up(session: Session, *, house: House, now: datetime, limit: int = SLICE) -> int:
    """One slice of what waits to be told or drawn anew; returns how many cases were looked after."""
    due = select(Case).where(_C.follow_at.is_not(None), _C.follow_at <= now).order_by(_C.follow_at, _C.id)
    session.flush()
    fresh = due.limit(limit).execution_options(populate_existing=True)
    waiting = list(session.execute(fresh).scalars())
    done = 0
    for case in waiting:
        if done >= limit:
            break
        try:
            with session.begin_nested():
                done += _look_after(session, case, limit=limit - done, house=house, now=now)
        except SealError:  # the trouble of one case must not keep the others waiting
            case.follow_at = now + _AGAIN
            done += 1
    session.flush()
    return done


def _look_after(session: Session, case: Case, *, limit: int, house: House, now: datetime) -> int:
    if case.same_as is not None:
        first = session.get(Case, case.same_as)
        return _tell(session, first, [case], house=house, now=now) if first else 1
    told = _tell_slice(session, case, limit=limit, house=house, now=now)
    if not told:
        case.follow_at = None
        session.add(case)
        session.flush()
        refresh_cards(session, case.id or 0, now=now)
    return told or 1


def _tell_slice(session: Session, first: Case, *, limit: int, house: House, now: datetime) -> int:
    """The next copies of a case that were not told all; how many."""
    behind = select(Case).where(_C.same_as.is_not(None), _C.same_as == first.id)
    behind = behind.where(_C.followed < last_step(session, first.id or 0))
    behind = behind.where(or_(_C.follow_at.is_(None), _C.follow_at <= now)).order_by(_C.followed, _C.id)
    session.flush()
    fresh = behind.limit(limit).execution_options(populate_existing=True)
    copies = list(session.execute(fresh).scalars())
    return _tell(session, first, copies, house=house, now=now)


def _tell(session: Session, first: Case, copies: Sequence[Case], *, house: House, now: datetime) -> int:
    if not copies:
        return 0
    assert first.id is not None
    session.flush()
    steps = [
        one for one in thread(session, first.id, vault=house.vault) if one.kind is Kind.STEP and one.member_id
    ]
    ids = [case.id or 0 for case in copies]
    wanted, last = _told_of(session, ids), last_step(session, first.id)
    kept_from = people_left_out(session, first.id) or offices_of(session, first.id, Part.LEFT_OUT)
    for case in copies:
        if kept_from:
            leave_out_too(session, first.id, case.id or 0)
        for step in steps:
            if step.id > case.followed:
                _repeat(session, case, step, first, push=case.id in wanted, house=house, now=now)
        case.status, case.outcome, case.closed_at = first.status, first.outcome, first.closed_at
        case.followed = last
        case.follow_at, case.version = None, case.version + 1
        session.add(case)
    session.flush()
    for case_id in session.execute(select(col(Card.case_id)).where(col(Card.case_id).in_(ids))).scalars():
        refresh_cards(session, case_id, now=now)
    for case_id in wanted:
        if first.status is Status.CLOSED:
            schedule_purge(session, case_id, days=house.hospital.retention.addresses, now=now)
        else:
            cancel_purge(session, case_id)
    if first.status is Status.CLOSED:
        forget_tags(session, ids)
    session.flush()
    return len(copies)


def _repeat(
    session: Session, case: Case, step: Entry, first: Case, *, push: bool, house: House, now: datetime
) -> None:
    """The same step, for the reporter of a copy."""
    assert case.id is not None
    entry = add_entry(
        session, case.id, Kind.STEP, step.text, member_id=step.member_id, vault=house.vault, now=now,
        **step.facts,
    )  # fmt: skip
    facts: dict[str, Any] = {name: said for name, said in step.facts.items() if name not in _KEPT_INSIDE}
    actor = f"member:{step.member_id}" if step.member_id else SYSTEM
    record_event(session, actor, step.facts["step"], case_id=case.id, now=now, first=first.id, **facts)
    if push:
        announce(session, "reporter", "reporter.news", case_id=case.id, now=now, entry=entry)


def _told_of(session: Session, ids: Sequence[int]) -> set[int]:
    """Those of these cases whose answers are pushed somewhere."""
    found = select(col(Subscription.case_id)).where(col(Subscription.case_id).in_(ids))
    return set(session.execute(found).scalars())
