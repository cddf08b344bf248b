"""A report comes in: a case is opened, or what followed is added and the routing thought over."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from nlp.reading import Verdict
from storage.access import keeper_of
from storage.cases import Case, CaseOffice, Cause, LeftOutPerson, Part, Status
from storage.clocks import (
    first_due,
    limits_for,
    plan_clocks,
    put_clocks,
)
from storage.direct import Prepared
from storage.entries import Kind, add_entry
from storage.events import REPORTER, record_event
from storage.files import attach_files
from storage.house import House
from storage.joining_cases import find_first, note_join
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
    likeness: str = "",
    house: House,
    now: datetime,
) -> Opened:
    """Opens a case with its thread, clocks, offices and trail, and leaves word for the office.

    With a `likeness` (see storage.likeness) it is handled with an open case of the same words, if there is
    one it may be handled with: then no clocks run and nobody is told. With files it never is.
    """
    code = new_code()
    joined = None
    if likeness and not files:
        joined = find_first(session, likeness, verdict=verdict, routing=routing, house=house, now=now)
    year = house.local(now).year
    limits = limits_for(verdict.intent, bool(routing.supporting), house.hospital.clocks)
    clocks = [] if joined else plan_clocks(limits, house=house, now=now)
    row: dict[str, Any] = {
        "uid": secrets.token_hex(8), "year": year, "receipt": code_hash(house.vault, code),
        "status": Status.RECEIVED, "intent": verdict.intent, "categories": ",".join(verdict.categories),
        "unsure": verdict.unsure, "urgent": verdict.urgent, "sealed": routing.sealed,
        "lead_office": routing.lead, "assignee_id": None, "received_at": now,
        "due_at": first_due(clocks), "closed_at": None, "outcome": None, "version": 0,
        "likeness": likeness or None, "same_as": joined.first_id if joined else None,
        "followed": joined.followed if joined else 0, "follow_at": joined.follow_at if joined else None,
        "warned_at": None, "held_at": None, "purged_at": None,
    }  # fmt: skip
    case_id = _INSERT_CASE.new_id(session, row)
    put_offices(session, case_id, routing.supporting, routing.left_out_offices, routing.left_out_people)
    put_clocks(session, case_id, clocks)
    entry = add_entry(session, case_id, Kind.REPORT, text, receipt=row["receipt"], vault=house.vault, now=now)
    if files:
        attach_files(session, files, case_id=case_id, entry_id=entry, vault=house.vault, now=now)
    record_event(session, REPORTER, "opened", case_id=case_id, now=now, lead=routing.lead)
    if joined:
        note_join(session, case_id, joined, now=now)
    else:
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
        attach_files(session, files, case_id=case.id, entry_id=entry, vault=house.vault, now=now)
    record_event(session, REPORTER, "added", case_id=case.id, now=now, files=len(files))
    if case.status is not Status.RECEIVED and case.same_as is None:
        announce(session, keeper_of(session, case, house.hospital), "case.added", case_id=case.id, now=now)
    return entry


def put_offices(
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
    named = [{"case_id": case_id, "member_id": person, "cause": Cause.NAMED} for person in people]
    _INSERT_PEOPLE.run_many(session, named)
