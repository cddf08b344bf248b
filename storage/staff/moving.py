"""Somebody of the roster goes to another office, leaves for good, or comes back."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from storage.duties.assignments import Excuse
from storage.event_names import EventName
from storage.events import record_event
from storage.handover import HandedOver
from storage.house import House
from storage.invites import move_codes_of, withdraw_codes_of
from storage.members import Member, Right, Role, move_member
from storage.posting import Former, settle_in, take_off
from storage.rights import RIGHTS
from storage.roster import Roster
from storage.staff.employees import Employee, Employment, as_groups

_STAYS = (Role.SUPERVISOR, Role.ADMINISTRATOR)
"""Who oversees the house was put there by hand, and is moved by hand: lianxin invite, lianxin members."""


def transfer(
    session: Session,
    employee: Employee,
    office: str,
    *,
    role: Role | None = None,
    groups: Sequence[str] | None = None,
    by: str,
    roster: Roster | None = None,
    house: House,
    now: datetime,
) -> None:
    """Somebody works at another office from now on, as staff unless the roster gives a `role` there.

    Open duties of the old office go, new ones come. A member follows: an officer or head hands back what
    they may not decide on any more. A role of the roster never gives more rights in chat than somebody had.
    """
    before, role = employee.office, role or Role.STAFF
    employee.office, employee.role, employee.changed_at = office, role, now
    if groups is not None:
        employee.groups = as_groups(groups)
    session.add(employee)
    session.flush()
    move_codes_of(session, employee.id or 0, office, role, vault=house.vault)
    member = _member(session, employee)
    if member is not None and member.role not in _STAYS:
        _post(session, member, office, role, by=by, roster=roster or Roster(), house=house, now=now)
    record_event(
        session, by, EventName.EMPLOYEE_MOVED, now=now, employee=employee.id, before=before, office=office
    )
    owes_anew(session, employee, house=house, now=now)


def change_role(
    session: Session,
    employee: Employee,
    *,
    role: Role | None = None,
    groups: Sequence[str] | None = None,
    house: House,
    now: datetime,
) -> None:
    """Somebody is something else at the same office, or in other groups; rights in chat stay as they are."""
    employee.role = role or employee.role
    if groups is not None:
        employee.groups = as_groups(groups)
    employee.changed_at = now
    session.add(employee)
    session.flush()
    move_codes_of(session, employee.id or 0, employee.office, employee.role, vault=house.vault)
    owes_anew(session, employee, house=house, now=now)


def leave_for_good(
    session: Session,
    employee: Employee,
    *,
    day: date | None = None,
    by: str,
    roster: Roster | None = None,
    house: House,
    now: datetime,
) -> HandedOver:
    """Somebody works here no more since `day` (local; today unless given); a second time changes nothing.

    The member is switched off as by `lianxin members off`, what they owe is excused, codes work no more.
    """
    if employee.standing is Employment.LEFT:
        return HandedOver()
    today = house.local_day(now)
    stop_owing(session, employee, day=min(day or today, today), house=house, now=now)
    record_event(session, by, EventName.EMPLOYEE_LEFT, now=now, employee=employee.id)
    member = _member(session, employee)
    if member is None:
        return HandedOver()
    return take_off(session, member, by=by, roster=roster or Roster(), house=house, now=now)


def return_to_work(session: Session, employee: Employee, *, by: str, house: House, now: datetime) -> None:
    """Somebody who had left works here again; in chat they are let in with a new code, or by hand."""
    employee.standing, employee.left_on, employee.changed_at = Employment.ACTIVE, None, now
    session.add(employee)
    session.flush()
    record_event(session, by, EventName.EMPLOYEE_BACK, now=now, employee=employee.id)
    owes_anew(session, employee, house=house, now=now)


def stop_owing(
    session: Session, employee: Employee, *, day: date | None = None, house: House, now: datetime
) -> None:
    """Somebody is off the roster: owes nothing, stands in no list, and no code lets them in."""
    from storage.duties.newcomers import take_back_from

    employee.standing, employee.changed_at = Employment.LEFT, now
    employee.left_on = day or house.local_day(now)
    employee.leave_from = employee.leave_until = employee.remind_at = None
    session.add(employee)
    session.flush()
    withdraw_codes_of(session, employee.id or 0)
    take_back_from(session, employee, Excuse.LEFT, house=house, now=now)


def owes_anew(session: Session, employee: Employee, *, house: House, now: datetime) -> None:
    """What somebody owes after they came or changed place: what is theirs no more goes, the rest comes."""
    from storage.duties.newcomers import give_what_is_open, take_back_from

    take_back_from(session, employee, Excuse.MOVED, house=house, now=now)
    give_what_is_open(session, employee, house=house, now=now)


def _post(
    session: Session,
    member: Member,
    office: str,
    role: Role,
    *,
    by: str,
    roster: Roster,
    house: House,
    now: datetime,
) -> None:
    former = Former.of(member)
    kept = role if RIGHTS[role] <= RIGHTS[member.role] else member.role
    move_member(session, member, office=office, role=kept, vault=house.vault, now=now)
    settle_in(session, member, former, by=by, roster=roster, house=house, now=now)


def _member(session: Session, employee: Employee) -> Member | None:
    """Who joined by chat as this person, and is in."""
    member = session.get(Member, employee.member_id) if employee.member_id is not None else None
    return member if member is not None and member.active else None


def handles(role: Role) -> bool:
    """Whether a role of the roster handles cases once its person has joined."""
    return Right.HANDLE in RIGHTS[role]
