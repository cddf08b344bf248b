"""Ties a member who joined by chat to the person of the roster they are; everybody who joins is one."""

from datetime import datetime

from sqlmodel import Session, select

from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.invites import withdraw_codes_of
from storage.members import Member, name_of
from storage.mentions import plain_name
from storage.staff.employees import (
    Employee,
    Employment,
    add_employee,
    employees_at,
    is_whole,
    open_sealed,
    tie_member,
)
from storage.staff.moving import owes_anew, stop_owing


def employee_for(
    session: Session, member: Member, *, named: bool = False, house: House, now: datetime
) -> Employee:
    """The person of the roster a member is: found by the tie, or made; follows them to their office.

    `named`: whoever made the join code gave the name. Then the only person of the office who is called so
    and has not joined is taken to be the same. A name that was typed proves nothing: it makes a new person,
    whom `lianxin roster link` ties to the right number.
    """
    found = tied_to(session, member)
    if found is None and named:
        found = _namesake(session, member, house)
        if found is not None:
            tie(session, found, member, by=SYSTEM, house=house, now=now)
    if found is None:
        name = name_of(member, vault=house.vault)
        found = add_employee(
            session, name, member.office, role=member.role, member_id=member.id, vault=house.vault, now=now
        )
        owes_anew(session, found, house=house, now=now)
        return found
    if found.number_hash is None or found.standing is Employment.LEFT:
        _follow(session, found, member, house=house, now=now)
    return found


def tied_to(session: Session, member: Member) -> Employee | None:
    """The person of the roster a member is tied to, whether they work here or have left."""
    return session.exec(select(Employee).where(Employee.member_id == member.id)).first()


def tie(
    session: Session, employee: Employee, member: Member, *, by: str, house: House, now: datetime
) -> None:
    """The member is this person from here on; whoever they were counted as before is counted no more.

    Codes that were printed for them work no more. The caller has seen to it that nobody else is this person.
    """
    before = tied_to(session, member)
    if before is not None and before.id != employee.id:
        tie_member(before, None, vault=house.vault)
        if before.number_hash is None:  # was there only because the member had joined
            stop_owing(session, before, house=house, now=now)
        session.add(before)
        session.flush()
    if employee.member_id != member.id:
        tie_member(employee, member.id, vault=house.vault)
        employee.silent, employee.changed_at = False, now
        session.add(employee)
        session.flush()
        record_event(session, by, EventName.EMPLOYEE_LINKED, now=now, employee=employee.id, member=member.id)
    withdraw_codes_of(session, employee.id or 0)


def _namesake(session: Session, member: Member, house: House) -> Employee | None:
    """The only one of the office with the name of a member who has not joined."""
    name = plain_name(name_of(member, vault=house.vault))
    same = [
        one
        for one in employees_at(session, member.office)
        if is_whole(one, vault=house.vault)
        and plain_name(open_sealed(one, "name", vault=house.vault)) == name
    ]
    return same[0] if len(same) == 1 and same[0].member_id is None else None


def _follow(session: Session, employee: Employee, member: Member, *, house: House, now: datetime) -> None:
    """Who is on the roster only because they joined is wherever they joined last."""
    back = employee.standing is Employment.LEFT
    if not back and (employee.office, employee.role) == (member.office, member.role):
        return
    employee.office, employee.role, employee.changed_at = member.office, member.role, now
    employee.standing, employee.left_on = Employment.ACTIVE, None
    session.add(employee)
    session.flush()
    owes_anew(session, employee, house=house, now=now)
