"""How a case moves: once, whoever presses first, and everybody who should know hears of it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from storage.cards import refresh_cards
from storage.cases import Case, Part, Status, offices_of
from storage.clocks import Limit, earliest_due, limits_for, start_clocks, stop_clocks
from storage.entries import Kind, add_entry
from storage.errors import CaseMoved
from storage.events import record_event
from storage.following import spread
from storage.house import House
from storage.members import Member
from storage.outbox import announce
from storage.sender_tags import forget_tags
from storage.subscriptions import cancel_purge, schedule_purge

OPEN = (Status.RECEIVED, Status.ACCEPTED, Status.INVESTIGATING)


def move(
    session: Session, case: Case, allowed: tuple[Status, ...], values: dict[str, Any], *, now: datetime
) -> None:
    """Compare and set: raises CaseMoved if the status does not allow it or the case has moved."""
    guarded = (
        update(Case)
        .where(col(Case.id) == case.id, col(Case.version) == case.version, col(Case.status).in_(allowed))
        .values(version=case.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if session.execute(guarded).rowcount != 1:  # type: ignore[attr-defined]
        raise CaseMoved("the case has moved")
    session.refresh(case)


def end_clocks(session: Session, case: Case, *, house: House, now: datetime) -> None:
    """The case is closed: no limit runs, and the addresses to answer to have their last days."""
    assert case.id is not None
    stop_clocks(session, case.id, now=now)
    case.likeness = None
    forget_tags(session, [case.id])
    schedule_purge(session, case.id, days=house.hospital.retention.addresses, now=now)


def restart_answer(session: Session, case: Case, *, house: House, now: datetime) -> None:
    """The case is open again: a new limit for the answer, and the addresses stay."""
    assert case.id is not None
    several = bool(offices_of(session, case.id, Part.SUPPORTING))
    limits = limits_for(case.intent, several, house.hospital.clocks)
    again: dict[Limit, int] = {kind: days for kind, days in limits.items() if kind is Limit.ANSWER}
    start_clocks(session, case.id, again, house=house, now=now)
    cancel_purge(session, case.id)


def restart_triage(session: Session, case: Case, *, house: House, now: datetime) -> None:
    """The case came to another office: first look and decision have new limits there."""
    assert case.id is not None
    clocks = house.hospital.clocks
    again = {Limit.FIRST_LOOK: clocks.first_look, Limit.DECIDE: clocks.decide}
    stop_clocks(session, case.id, *again, now=now)
    start_clocks(session, case.id, again, house=house, now=now)


def keep_inside(
    session: Session, case: Case, member: Member, text: str, *, step: str, house: House, now: datetime
) -> None:
    """What was written with a step and stays between the offices: a reason, a disposition."""
    assert case.id is not None
    add_entry(session, case.id, Kind.NOTE, text, member_id=member.id, vault=house.vault, now=now, step=step)


def tell_reporter(
    session: Session,
    case: Case,
    member: Member,
    step: str,
    text: str = "",
    *,
    house: House,
    now: datetime,
    sealed_facts: Mapping[str, str] = MappingProxyType({}),
    **facts: Any,
) -> None:
    """A step the reporter should know of: into the thread, the trail, and to whoever wants it pushed.

    `facts` are words of the office; `sealed_facts` are content and stand in the thread alone.
    """
    assert case.id is not None
    told = {"step": step, **facts, **sealed_facts}
    entry = add_entry(
        session, case.id, Kind.STEP, text, member_id=member.id, vault=house.vault, now=now, **told
    )
    record_event(session, actor(member), step, case_id=case.id, now=now, **facts)
    announce(session, "reporter", "reporter.news", case_id=case.id, now=now, entry=entry)
    settle(session, case, now=now)
    spread(session, case, house=house, now=now)


def settle(session: Session, case: Case, *, now: datetime) -> None:
    """After a step: the next limit stands on the case, and its cards are drawn anew."""
    assert case.id is not None
    case.due_at = earliest_due(session, case.id)
    session.add(case)
    session.flush()
    refresh_cards(session, case.id, now=now)


def actor(member: Member) -> str:
    """How the trail names a member."""
    return f"member:{member.id}"
