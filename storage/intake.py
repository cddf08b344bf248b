"""A report comes in: a case is opened, or what followed is added and the routing thought over."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlmodel import Session

from nlp.reading import Verdict
from nlp.taxonomy import Intent
from storage.cards import refresh_cards
from storage.cases import Case, CaseOffice, LeftOutPerson, Part, Status, offices_of, people_left_out
from storage.clocks import (
    Limit,
    earliest_due,
    first_due,
    limits_for,
    plan_clocks,
    put_clocks,
    start_clocks,
    stop_clocks,
)
from storage.direct import Prepared
from storage.entries import Kind, add_entry
from storage.events import REPORTER, SYSTEM, case_history, record_event
from storage.files import attach_files
from storage.house import House
from storage.messages import StoredFile
from storage.outbox import announce
from storage.receipts import code_hash, new_code
from storage.routing import Routing

_CASE = Case.__table__  # type: ignore[attr-defined]
_INSERT_CASE = Prepared(insert(_CASE).returning(_CASE.c.id))
_INSERT_OFFICES = Prepared(insert(CaseOffice.__table__))  # type: ignore[attr-defined]
_INSERT_PEOPLE = Prepared(insert(LeftOutPerson.__table__))  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Opened:
    """A new case; `code` is the receipt in clear, to be shown once and kept nowhere."""

    case_id: int
    number: str
    code: str


def open_case(
    session: Session,
    text: str,
    *,
    verdict: Verdict,
    routing: Routing,
    files: Sequence[StoredFile] = (),
    house: House,
    now: datetime,
) -> Opened:
    """Opens a case with its thread, clocks, offices and trail, and leaves word for the office."""
    code = new_code()
    year = now.astimezone(ZoneInfo(house.hospital.timezone)).year
    limits = limits_for(verdict.intent, bool(routing.supporting), house.hospital.clocks)
    clocks = plan_clocks(limits, house=house, now=now)
    row = {
        "uid": secrets.token_hex(8), "year": year, "receipt": code_hash(house.vault, code),
        "status": Status.RECEIVED, "intent": verdict.intent, "categories": ",".join(verdict.categories),
        "unsure": verdict.unsure, "urgent": verdict.urgent, "sealed": routing.sealed,
        "lead_office": routing.lead, "assignee_id": None, "received_at": now,
        "due_at": first_due(clocks), "closed_at": None, "outcome": None, "version": 0,
    }  # fmt: skip
    case_id = _INSERT_CASE.new_id(session, row)
    _put_offices(session, case_id, routing.supporting, routing.left_out_offices, routing.left_out_people)
    put_clocks(session, case_id, clocks)
    entry = add_entry(session, case_id, Kind.REPORT, text, vault=house.vault, now=now)
    if files:
        attach_files(session, files, case_id=case_id, entry_id=entry, now=now)
    record_event(session, REPORTER, "opened", case_id=case_id, now=now, lead=routing.lead)
    announce_case(
        session, case_id, routing.lead, urgent=verdict.urgent, sealed=routing.sealed, house=house, now=now
    )
    return Opened(case_id, f"{year}-{case_id:05d}", code)


def announce_case(
    session: Session, case_id: int, lead: str, *, urgent: bool, sealed: bool, house: House, now: datetime
) -> None:
    """Leaves word of a case for whoever has to look: an urgent one also reaches heads and discipline."""
    if sealed:
        announce(session, "supervisors", "case.new", case_id=case_id, now=now)
        return
    announce(session, f"office:{lead}", "case.new", case_id=case_id, now=now)
    if urgent:
        announce(session, f"heads:{lead}", "case.new", case_id=case_id, now=now)
        if lead != house.hospital.discipline_office:
            discipline = f"office:{house.hospital.discipline_office}"
            announce(session, discipline, "case.new", case_id=case_id, now=now)


def add_to_case(
    session: Session,
    case: Case,
    text: str,
    *,
    files: Sequence[StoredFile] = (),
    house: House,
    now: datetime,
    **facts: Any,
) -> int:
    """Adds what the reporter wrote to their case, tells whoever handles it, returns the entry's id."""
    assert case.id is not None
    entry = add_entry(session, case.id, Kind.ADDITION, text, vault=house.vault, now=now, **facts)
    if files:
        attach_files(session, files, case_id=case.id, entry_id=entry, now=now)
    record_event(session, REPORTER, "added", case_id=case.id, now=now, files=len(files))
    if case.status is not Status.RECEIVED:
        audience = f"member:{case.assignee_id}" if case.assignee_id else f"office:{case.lead_office}"
        announce(session, "supervisors" if case.sealed else audience, "case.added", case_id=case.id, now=now)
    return entry


def reconsider(
    session: Session, case: Case, *, verdict: Verdict, routing: Routing, house: House, now: datetime
) -> None:
    """After an addition: what is newly known moves the case away from whoever is now named in it.

    Nobody who was left out comes back in, and what was urgent or sealed stays so. As long as no officer
    has decided anything, a new subject also takes the case to the office that leads it.
    """
    assert case.id is not None
    before = offices_of(session, case.id, Part.LEFT_OUT)
    left_out = {*before, *routing.left_out_offices}
    new_offices = left_out.difference(before)
    new_people = set(routing.left_out_people) - people_left_out(session, case.id)
    seals = routing.sealed or house.hospital.discipline_office in left_out
    told = _learn(session, case, verdict)
    lead = house.hospital.discipline_office if seals or routing.lead in left_out else routing.lead
    accused = case.lead_office in new_offices or case.assignee_id in new_people
    moved = (seals and not case.sealed) or accused or (told and lead != case.lead_office)
    if not (seals or told or case.lead_office in left_out):
        lead = case.lead_office  # only the person is out: the office goes on
    grew_urgent = verdict.urgent and not case.urgent
    supporting = set(routing.supporting) - left_out - {lead} if told and not seals else set()
    supporting -= {*offices_of(session, case.id, Part.SUPPORTING)}
    _put_offices(session, case.id, tuple(supporting), tuple(new_offices), tuple(new_people))
    case.urgent, case.sealed = case.urgent or verdict.urgent, case.sealed or seals
    if moved:
        _hand_over(session, case, lead, house=house, now=now)
    if moved or grew_urgent:
        announce_case(
            session, case.id, case.lead_office, urgent=case.urgent, sealed=case.sealed, house=house, now=now
        )
    session.add(case)
    session.flush()
    if new_offices or new_people or moved or grew_urgent:
        refresh_cards(session, case.id, now=now)


def _learn(session: Session, case: Case, verdict: Verdict) -> bool:
    """Keeps the categories that the whole text shows now; True if they are new and nobody has decided."""
    assert case.id is not None
    known = case.all_categories
    new = [category for category in verdict.categories if category not in known]
    decided = case.status is not Status.RECEIVED or any(
        event.actor.startswith("member:") and event.action != "read"
        for event in case_history(session, case.id)
    )
    if not new or (decided and known):
        return False
    rest = (category for category in known if category not in verdict.categories)
    case.categories, case.unsure = ",".join([*verdict.categories, *rest]), verdict.unsure
    case.intent = Intent.REPORT if verdict.intent is Intent.REPORT else case.intent
    return not decided


def _hand_over(session: Session, case: Case, lead: str, *, house: House, now: datetime) -> None:
    """The case starts anew in the office where it belongs."""
    assert case.id is not None
    before, case.lead_office = case.lead_office, lead
    supports = session.get(CaseOffice, (case.id, lead))
    if supports is not None and supports.part is Part.SUPPORTING:
        session.delete(supports)
    case.assignee_id, case.version = None, case.version + 1
    if case.status is not Status.CLOSED:
        case.status = Status.RECEIVED
        stop_clocks(session, case.id, Limit.FIRST_LOOK, Limit.DECIDE, now=now)
        clocks = house.hospital.clocks
        again = {Limit.FIRST_LOOK: clocks.first_look, Limit.DECIDE: clocks.decide}
        start_clocks(session, case.id, again, house=house, now=now)
        case.due_at = earliest_due(session, case.id)
    record_event(
        session,
        SYSTEM,
        "rerouted",
        case_id=case.id,
        now=now,
        before=before,
        lead=lead,
        sealed=case.sealed,
    )


def _put_offices(
    session: Session,
    case_id: int,
    supporting: Sequence[str],
    left_out: Sequence[str],
    people: Sequence[int],
) -> None:
    for office in left_out:
        known = session.get(CaseOffice, (case_id, office))
        if known is not None:
            session.delete(known)
    if left_out:
        session.flush()
    rows = [{"case_id": case_id, "office": office, "part": Part.SUPPORTING} for office in supporting]
    rows += [{"case_id": case_id, "office": office, "part": Part.LEFT_OUT} for office in left_out]
    _INSERT_OFFICES.run_many(session, rows)
    _INSERT_PEOPLE.run_many(session, [{"case_id": case_id, "member_id": person} for person in people])
