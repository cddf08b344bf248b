"""A member is taken off, or let in again, by hand: the roster goes along."""

from datetime import datetime

from sqlmodel import Session

from storage.errors import ConfigError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.handover import HandedOver
from storage.house import House
from storage.members import Member, Right, may
from storage.newcomers import look_through_cases
from storage.posting import take_off
from storage.roster import Roster
from storage.staff.employees import Employment
from storage.staff.linking import employee_for, tied_to
from storage.staff.moving import stop_owing


def switch_off(
    session: Session, member: Member, *, to: Member | None, roster: Roster, house: House, now: datetime
) -> HandedOver:
    """Takes a member off; who was on the roster only because they had joined has left with that.

    Who has a staff number still works here, and owes what they owe, until the roster says otherwise.
    """
    if not member.active:
        return HandedOver()
    done = take_off(session, member, to=to, by=CONSOLE, roster=roster, house=house, now=now)
    employee = tied_to(session, member)
    if employee is not None and employee.number_hash is None and employee.standing is Employment.ACTIVE:
        stop_owing(session, employee, house=house, now=now)
    return done


def switch_on(session: Session, member: Member, *, roster: Roster, house: House, now: datetime) -> HandedOver:
    """Lets a member in again, kept from what named them meanwhile; raises ConfigError for who has left."""
    employee = tied_to(session, member)
    if employee is not None and employee.standing is Employment.LEFT and employee.number_hash is not None:
        raise ConfigError(
            f"member {member.id} has left according to the roster; first: lianxin roster on {employee.id}"
        )
    member.active, member.changed_at = True, now
    record_event(session, CONSOLE, EventName.MEMBER_ON, now=now, member=member.id)
    session.flush()
    if may(member, Right.HANDLE):
        people = roster.people(session, vault=house.vault)
        look_through_cases(session, member, people, house=house, now=now)
    employee_for(session, member, house=house, now=now)
    return HandedOver()
