"""一票否决: proposed by one person with a reason, decided by another; the bot sets none by itself."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.errors import RecordRefused, SealError
from storage.event_names import EventName
from storage.events import record_event
from storage.house import House
from storage.members import Member, Right, Role, may, name_of
from storage.mentions import plain_name
from storage.moves import actor
from storage.outbox import announce
from storage.refusals import note_refusal
from storage.staff.employees import Employee
from storage.staff.permits import is_same_person
from storage.staff.record import (
    COUNTS,
    WAITS,
    EntryKind,
    RecordEntry,
    Veto,
    VetoState,
    keep_reason,
    open_reason,
)
from storage.staff.record_writing import may_change

LONGEST_REASON = 200


def propose_veto(
    session: Session,
    employee: Employee,
    year: int,
    reason: str,
    member: Member,
    *,
    house: House,
    now: datetime,
) -> Veto:
    """Waits for a second person from here. Raises RecordRefused: no confirmed case of that year, or there is
    one already."""
    may_change(session, employee, member, house=house, now=now)
    if year not in years_with_cases(session, employee):
        raise RecordRefused("no_case")
    if any(one.state in (*COUNTS, *WAITS) for one in vetoes_of(session, employee) if one.year == year):
        raise RecordRefused("twice")
    assert employee.id is not None
    assert member.id is not None
    veto = Veto(
        uid=secrets.token_hex(8), employee_id=employee.id, year=year, proposed_by=member.id, proposed_at=now
    )
    keep_reason(veto, "reason", reason[:LONGEST_REASON], vault=house.vault)
    session.add(veto)
    session.flush()
    _note(session, member, EventName.VETO_PROPOSED, veto, now)
    _ask(session, veto, house, now)
    return veto


def propose_lifting(
    session: Session, veto: Veto, reason: str, member: Member, *, version: int, house: House, now: datetime
) -> None:
    """It counts on until a second person agrees. Raises RecordRefused."""
    may_change(session, _person(session, veto), member, house=house, now=now)
    lifting = {"state": VetoState.LIFTING, "lifting_by": member.id}
    _move(session, veto, version, VetoState.STANDING, house=house, **lifting)
    keep_reason(veto, "lift_reason", reason[:LONGEST_REASON], vault=house.vault)
    session.add(veto)
    session.flush()
    _note(session, member, EventName.VETO_LIFTING, veto, now)
    _ask(session, veto, house, now)


def decide_veto(
    session: Session, veto: Veto, member: Member, *, agrees: bool, version: int, house: House, now: datetime
) -> None:
    """The second person agrees, or does not. Raises RecordRefused for whoever may not, or comes too late."""
    if not may_decide(session, veto, member, house=house):
        note_refusal(session, member, "record", now=now, employee=veto.employee_id)
        raise RecordRefused("second")
    sets = agrees and veto.state is VetoState.PROPOSED
    if sets and veto.year not in years_with_cases(session, _person(session, veto)):
        raise RecordRefused("no_case")  # it was struck meanwhile
    match veto.state, agrees:
        case VetoState.PROPOSED, True:
            done = {"state": VetoState.STANDING, "confirmed_by": member.id, "confirmed_at": now}
            name = EventName.VETO_SET
        case VetoState.PROPOSED, False:
            done, name = {"state": VetoState.DECLINED}, EventName.VETO_DECLINED
        case VetoState.LIFTING, True:
            done = {"state": VetoState.LIFTED, "lifted_by": member.id, "lifted_at": now}
            name = EventName.VETO_LIFTED
        case _:
            done, name = {"state": VetoState.STANDING, "lifting_by": None}, EventName.VETO_KEPT
    _move(session, veto, version, veto.state, house=house, **done)
    record_event(session, actor(member), name, now=now, employee=veto.employee_id, year=veto.year)


def may_decide(session: Session, veto: Veto, member: Member, *, house: House) -> bool:
    """Whether somebody is the second person: head of discipline or supervisor, not who proposed it, not whom
    it is about, and neither of them under a second account."""
    discipline = house.hospital.discipline_office
    leads = member.active and member.role is Role.HEAD and member.office == discipline
    if not leads and not may(member, Right.EVERY_CASE):
        return False
    first = session.get(Member, veto.lifting_by if veto.state is VetoState.LIFTING else veto.proposed_by)
    person = session.get(Employee, veto.employee_id)
    if veto.state not in WAITS or first is None or first.id == member.id or person is None:
        return False
    return not is_same_person(person, member, vault=house.vault) and not _is_one(first, member, house)


def vetoes_of(session: Session, employee: Employee) -> list[Veto]:
    """All that were ever proposed for a person, the newest first."""
    found = select(Veto).where(Veto.employee_id == employee.id)
    return list(session.exec(found.order_by(col(Veto.id).desc())))


def waiting_vetoes(session: Session, member: Member, *, house: House) -> list[Veto]:
    """What waits for this member to decide."""
    waiting = select(Veto).where(col(Veto.state).in_(WAITS)).order_by(col(Veto.id))
    return [one for one in session.exec(waiting) if may_decide(session, one, member, house=house)]


def years_with_cases(session: Session, employee: Employee) -> list[int]:
    """The years in which a confirmed case stands in the record, the newest first."""
    theirs = select(RecordEntry).where(
        RecordEntry.employee_id == employee.id, RecordEntry.kind == EntryKind.CASE,
        col(RecordEntry.struck_at).is_(None),
    )  # fmt: skip
    return sorted({entry.on_day.year for entry in session.exec(theirs)}, reverse=True)


def _is_one(first: Member, second: Member, house: House) -> bool:
    """Whether two members are one person by name; one that was changed from outside may be anybody."""
    try:
        return len({plain_name(name_of(one, vault=house.vault)) for one in (first, second)}) == 1
    except SealError:
        return True


def _person(session: Session, veto: Veto) -> Employee:
    person = session.get(Employee, veto.employee_id)
    if person is None:
        raise RecordRefused("gone")
    return person


def _move(
    session: Session, veto: Veto, version: int, before: VetoState, *, house: House, **values: Any
) -> None:
    """Compare and set; the reasons are sealed anew beside what it has become. Raises RecordRefused."""
    session.flush()
    try:
        said = {column: open_reason(veto, column, vault=house.vault) for column in ("reason", "lift_reason")}
    except SealError as error:
        raise RecordRefused("changed") from error
    same = (col(Veto.id) == veto.id, col(Veto.version) == version, col(Veto.state) == before)
    moved = update(Veto).where(*same).values(version=version + 1, **values)
    done = session.execute(moved.execution_options(synchronize_session=False))
    session.refresh(veto)
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise RecordRefused("moved")
    for column, words in said.items():
        if words:
            keep_reason(veto, column, words, vault=house.vault)
    session.add(veto)
    session.flush()


def _ask(session: Session, veto: Veto, house: House, now: datetime) -> None:
    """Heads of discipline and supervisors hear that something waits, without whom it is about."""
    for audience in (f"every_head:{house.hospital.discipline_office}", "supervisors"):
        announce(session, audience, "record.veto", now=now, veto=veto.id, above=audience == "supervisors")


def _note(session: Session, member: Member, name: EventName, veto: Veto, now: datetime) -> None:
    record_event(session, actor(member), name, now=now, employee=veto.employee_id, year=veto.year)
