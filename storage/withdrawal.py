"""The reporter takes a report back, or takes that back."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.cases import Case, Outcome, Part, Status, offices_of
from storage.clocks import limits_for, start_clocks
from storage.corrections import forget_corrections
from storage.entries import Kind, add_entry
from storage.errors import CaseMoved
from storage.events import REPORTER, record_event
from storage.house import House
from storage.intake import announce_case
from storage.moves import OPEN, end_clocks, move, settle
from storage.regrouping import part_with
from storage.subscriptions import cancel_purge


def withdraw_case(session: Session, case: Case, *, house: House, now: datetime) -> None:
    """撤回, by the reporter: the case is closed; officers see that it was withdrawn.

    Nothing is learned from its words any more. Those who sent the same words have withdrawn nothing: their
    cases go on.
    """
    assert case.id is not None
    part_with(session, case, house=house, now=now)
    values = {"status": Status.CLOSED, "outcome": Outcome.WITHDRAWN, "closed_at": now}
    move(session, case, OPEN, values, now=now)
    end_clocks(session, case, house=house, now=now)
    forget_corrections(session, case.id)
    facts: dict[str, Any] = {"step": "withdrawn", "outcome": Outcome.WITHDRAWN.value}
    add_entry(session, case.id, Kind.STEP, "", vault=house.vault, now=now, **facts)
    record_event(session, REPORTER, "withdrawn", case_id=case.id, now=now)
    settle(session, case, now=now)


def restore_case(session: Session, case: Case, *, house: House, now: datetime) -> None:
    """The reporter takes a withdrawal back: the case waits for the office again."""
    assert case.id is not None
    if case.outcome is not Outcome.WITHDRAWN:
        raise CaseMoved("the case is not withdrawn")
    values = {"status": Status.RECEIVED, "outcome": None, "closed_at": None, "assignee_id": None}
    move(session, case, (Status.CLOSED,), values, now=now)
    several = bool(offices_of(session, case.id, Part.SUPPORTING))
    limits = limits_for(case.intent, several, house.hospital.clocks)
    start_clocks(session, case.id, limits, house=house, now=now)
    cancel_purge(session, case.id)
    add_entry(session, case.id, Kind.STEP, "", vault=house.vault, now=now, step="restored")
    record_event(session, REPORTER, "restored", case_id=case.id, now=now)
    settle(session, case, now=now)
    announce_case(
        session, case.id, case.lead_office, urgent=case.urgent, sealed=case.sealed, house=house, now=now
    )
