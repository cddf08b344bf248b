"""What an officer does with a case: each step happens once, whoever presses first.

A step names the version of the case it was decided on. If the case has moved since, nothing changes
and CaseMoved is raised; the caller shows what happened meanwhile.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.cases import Case, CaseOffice, Outcome, Part, Status
from storage.clocks import Limit, earliest_due, stop_clocks
from storage.entries import Kind, add_entry
from storage.events import record_event
from storage.house import House
from storage.intake import announce_case
from storage.members import Member
from storage.moves import (
    OPEN,
    actor,
    end_clocks,
    keep_inside,
    move,
    restart_answer,
    restart_triage,
    settle,
    tell_reporter,
)
from storage.outbox import announce


def note_first_look(
    session: Session, case: Case, member: Member, *, leads: bool = True, now: datetime, **facts: Any
) -> None:
    """An officer has opened the case: every reading is in the trail, with `facts` about the page.

    The first by somebody who `leads` (may decide on it) ends the limit and redraws the cards.
    """
    assert case.id is not None
    record_event(session, actor(member), "read", case_id=case.id, now=now, **facts)
    if not leads or case.status is not Status.RECEIVED:
        return
    before = case.due_at
    stop_clocks(session, case.id, Limit.FIRST_LOOK, now=now)
    if earliest_due(session, case.id) != before:
        settle(session, case, now=now)


def accept_case(session: Session, case: Case, member: Member, *, house: House, now: datetime) -> None:
    """受理: the case is taken by this officer; the reporter is told."""
    values = {"status": Status.ACCEPTED, "assignee_id": case.assignee_id or member.id}
    move(session, case, (Status.RECEIVED,), values, now=now)
    assert case.id is not None
    stop_clocks(session, case.id, Limit.FIRST_LOOK, Limit.DECIDE, Limit.NOTICE, now=now)
    tell_reporter(session, case, member, "accepted", house=house, now=now)


def start_investigation(session: Session, case: Case, member: Member, *, house: House, now: datetime) -> None:
    """开始调查: from accepted to investigating; the reporter is told."""
    move(session, case, (Status.ACCEPTED,), {"status": Status.INVESTIGATING}, now=now)
    tell_reporter(session, case, member, "investigating", house=house, now=now)


def transfer_case(
    session: Session, case: Case, member: Member, office: str, reason: str, *, house: House, now: datetime
) -> None:
    """转办: another office leads; it starts at 'received' with clocks of its own."""
    assert case.id is not None
    before = case.lead_office
    values = {"status": Status.RECEIVED, "assignee_id": None, "lead_office": office}
    move(session, case, OPEN, values, now=now)
    was = session.get(CaseOffice, (case.id, office))
    if was is not None and was.part is Part.SUPPORTING:
        session.delete(was)
    restart_triage(session, case, house=house, now=now)
    keep_inside(session, case, member, reason, step="transferred", house=house, now=now)
    tell_reporter(session, case, member, "transferred", house=house, now=now, office=office, before=before)
    announce_case(session, case.id, office, urgent=case.urgent, sealed=case.sealed, house=house, now=now)


def refuse_case(
    session: Session, case: Case, member: Member, reason: str, *, house: House, now: datetime
) -> None:
    """不予受理: closed with a reason that the reporter reads."""
    values = {"status": Status.CLOSED, "outcome": Outcome.NOT_ACCEPTED, "closed_at": now}
    move(session, case, (Status.RECEIVED,), values, now=now)
    end_clocks(session, case, house=house, now=now)
    tell_reporter(
        session, case, member, "closed", reason, house=house, now=now, outcome=Outcome.NOT_ACCEPTED.value
    )


def close_case(
    session: Session,
    case: Case,
    member: Member,
    outcome: Outcome,
    disposition: str,
    answer: str,
    *,
    referred_to: str = "",
    duplicate_of: str = "",
    house: House,
    now: datetime,
) -> None:
    """办结: outcome and answer for the reporter, disposition for the office.

    `referred_to` names who takes a referred matter and stays sealed; `duplicate_of` is the number of
    the case that goes on.
    """
    assert case.id is not None
    values = {"status": Status.CLOSED, "outcome": outcome, "closed_at": now}
    move(session, case, (Status.ACCEPTED, Status.INVESTIGATING), values, now=now)
    end_clocks(session, case, house=house, now=now)
    if disposition:
        keep_inside(session, case, member, disposition, step="disposition", house=house, now=now)
    facts = {"outcome": outcome.value} | ({"duplicate_of": duplicate_of} if duplicate_of else {})
    sealed = {"referred_to": referred_to} if referred_to else {}
    tell_reporter(session, case, member, "closed", answer, house=house, now=now, sealed_facts=sealed, **facts)


def reopen_case(
    session: Session, case: Case, member: Member, reason: str, *, house: House, now: datetime
) -> None:
    """重新打开: back to investigating, with a new limit for the answer."""
    assert case.id is not None
    values = {"status": Status.INVESTIGATING, "outcome": None, "closed_at": None, "assignee_id": member.id}
    move(session, case, (Status.CLOSED,), values, now=now)
    restart_answer(session, case, house=house, now=now)
    keep_inside(session, case, member, reason, step="reopened", house=house, now=now)
    tell_reporter(session, case, member, "reopened", house=house, now=now)


def assign_case(
    session: Session, case: Case, member: Member, to: Member, *, house: House, now: datetime
) -> None:
    """指派: a colleague of the lead office handles it from here."""
    assert case.id is not None
    move(session, case, OPEN, {"assignee_id": to.id}, now=now)
    record_event(session, actor(member), "assigned", case_id=case.id, now=now, to=to.id)
    settle(session, case, now=now)
    if to.id != member.id:
        announce(session, f"member:{to.id}", "case.assigned", case_id=case.id, now=now)


def ask_reporter(
    session: Session, case: Case, member: Member, question: str, *, house: House, now: datetime
) -> None:
    """问反映人: the question waits for the reporter's next visit, or is pushed if they agreed."""
    assert case.id is not None
    entry = add_entry(
        session, case.id, Kind.QUESTION, question, member_id=member.id, vault=house.vault, now=now
    )
    record_event(session, actor(member), "asked", case_id=case.id, now=now)
    announce(session, "reporter", "reporter.news", case_id=case.id, now=now, entry=entry)


def add_note(session: Session, case: Case, member: Member, note: str, *, house: House, now: datetime) -> None:
    """内部备注: stays between the offices on the case."""
    assert case.id is not None
    add_entry(session, case.id, Kind.NOTE, note, member_id=member.id, vault=house.vault, now=now)
    record_event(session, actor(member), "noted", case_id=case.id, now=now)
