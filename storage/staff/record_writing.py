"""Entries into the ethics record: by who keeps records, never their own, never from cases hidden to them."""

import secrets
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from nlp.taxonomy import Intent
from storage.access import case_for
from storage.cases import Case, Outcome, Status
from storage.errors import RecordRefused, SealError
from storage.event_names import EventName
from storage.events import record_event
from storage.house import House
from storage.members import Member
from storage.moves import actor
from storage.refusals import note_refusal
from storage.staff.employees import Employee, Employment
from storage.staff.permits import is_same_person, keeps_records
from storage.staff.record import COUNTS, WAITS, EntryKind, RecordEntry, Veto, keep_note, open_note

LONGEST_NOTE = 200


def enter(
    session: Session,
    employee: Employee,
    kind: EntryKind,
    note: str,
    member: Member,
    *,
    number: str = "",
    house: House,
    now: datetime,
) -> RecordEntry:
    """A new entry, from the case `number` or by word. Raises RecordRefused (`why`), NoSuchCase.

    A CASE needs a case that is closed as substantiated; one that leaves the member out, or from which they
    were recused, does not exist for them.
    """
    may_change(session, employee, member, house=house, now=now)
    case = case_for(session, number, member, house.hospital, now=now) if number else None
    _fits(session, employee, kind, case)
    day = _day(case.closed_at if case is not None and case.closed_at else now, house)
    assert employee.id is not None
    assert member.id is not None
    entry = RecordEntry(
        uid=secrets.token_hex(8), employee_id=employee.id, kind=kind, on_day=day,
        case_id=case.id if case is not None else None, added_by=member.id, added_at=now,
    )  # fmt: skip
    keep_note(entry, note[:LONGEST_NOTE], vault=house.vault)
    session.add(entry)
    session.flush()
    facts: dict[str, Any] = {"employee": employee.id, "kind": kind.value}
    record_event(session, actor(member), EventName.RECORD_ENTERED, case_id=entry.case_id, now=now, **facts)
    return entry


def strike(session: Session, entry: RecordEntry, member: Member, *, house: House, now: datetime) -> None:
    """What was entered by mistake counts no more. Raises RecordRefused.

    The last confirmed case of a year stays as long as a veto rests on it: taking that back needs two.
    """
    employee = session.get(Employee, entry.employee_id)
    if employee is None or entry.struck_at is not None:
        raise RecordRefused("gone")
    may_change(session, employee, member, house=house, now=now)
    if _carries_a_veto(session, entry):
        raise RecordRefused("veto")
    try:
        note = open_note(entry, vault=house.vault)
    except SealError as error:
        raise RecordRefused("changed") from error
    entry.struck_by, entry.struck_at = member.id, now
    keep_note(entry, note, vault=house.vault)
    session.add(entry)
    session.flush()
    record_event(
        session, actor(member), EventName.RECORD_STRUCK, now=now, employee=employee.id, kind=entry.kind.value
    )


def may_change(session: Session, employee: Employee, member: Member, *, house: House, now: datetime) -> None:
    """Raises RecordRefused for who keeps no records, for their own, and for who works here no more."""
    why = ""
    if not keeps_records(member, house.hospital):
        why = "right"
    elif is_same_person(employee, member, vault=house.vault):
        why = "own"
    elif employee.standing is not Employment.ACTIVE:
        why = "gone"
    if why:
        note_refusal(session, member, "record", now=now, employee=employee.id or 0)
        raise RecordRefused(why)


def can_be_entered(case: Case) -> EntryKind | None:
    """As what a case may go into a record; None where it may not."""
    if case.status is Status.CLOSED and case.outcome is Outcome.SUBSTANTIATED:
        return EntryKind.PRAISE if case.intent is Intent.PRAISE else EntryKind.CASE
    return EntryKind.PRAISE if case.intent is Intent.PRAISE and case.status is Status.CLOSED else None


def _fits(session: Session, employee: Employee, kind: EntryKind, case: Case | None) -> None:
    if case is None:
        if kind is EntryKind.CASE:
            raise RecordRefused("no_case")
        return
    fits = can_be_entered(case)
    if fits is None or (kind is EntryKind.CASE) != (fits is EntryKind.CASE):
        raise RecordRefused("not_confirmed")
    same = select(RecordEntry.id).where(
        RecordEntry.employee_id == employee.id,
        RecordEntry.case_id == case.id,
        RecordEntry.struck_at == None,  # noqa: E711
    )
    if session.exec(same).first() is not None:
        raise RecordRefused("twice")


def _carries_a_veto(session: Session, entry: RecordEntry) -> bool:
    """Whether a veto counts or waits, and no other confirmed case of its year would be left."""
    if entry.kind is not EntryKind.CASE:
        return False
    year = entry.on_day.year
    vetoed = select(Veto.id).where(
        Veto.employee_id == entry.employee_id, Veto.year == year, col(Veto.state).in_((*COUNTS, *WAITS))
    )
    others = select(RecordEntry.id).where(
        RecordEntry.employee_id == entry.employee_id, RecordEntry.kind == EntryKind.CASE,
        col(RecordEntry.struck_at).is_(None), RecordEntry.id != entry.id,
        col(RecordEntry.on_day) >= date(year, 1, 1), col(RecordEntry.on_day) <= date(year, 12, 31),
    )  # fmt: skip
    return session.exec(vetoed).first() is not None and session.exec(others).first() is None


def _day(moment: datetime, house: House) -> date:
    return house.local_day(moment)
