"""Who left is forgotten in time: name, address, number and hashes go, what is counted and the trail stay."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_
from sqlmodel import Session, col, select

from storage.cards import Card
from storage.cases import Case
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.members import Member, forget_member
from storage.staff.employees import Employee, Employment
from storage.staff.forgetting import forget_words_of

_AT_ONCE = 100


def forget_people_who_left(session: Session, *, days: int, house: House, now: datetime) -> int:
    """Forgets name, number and words of who left the roster more than `days` days ago; how many, 100 at most.

    The row stays, with office and days, for what is counted. Who comes again later is somebody new.
    """
    long_ago = house.local_day(now) - timedelta(days=days)
    known = or_(
        col(Employee.name).is_not(None), col(Employee.number).is_not(None),
        col(Employee.number_hash).is_not(None),
    )  # fmt: skip
    gone = select(Employee).where(
        Employee.standing == Employment.LEFT, col(Employee.left_on) < long_ago, known
    )
    people = session.exec(gone.order_by(col(Employee.id)).limit(_AT_ONCE)).all()
    for person in people:
        person.name = person.number = person.number_hash = person.member_id = None
        session.add(person)
        forget_words_of(session, person.id or 0)
        record_event(session, SYSTEM, EventName.EMPLOYEE_FORGOTTEN, now=now, employee=person.id)
    session.flush()
    return len(people)


def forget_leavers(session: Session, *, days: int, now: datetime) -> int:
    """Forgets members who left more than `days` days ago and hold nothing; returns how many, 100 at most.

    Somebody holds a case, open or closed, as long as its content is here: who handled it belongs to what can
    be asked about it, and a case that was reopened or is kept as evidence may be asked about late.
    """
    holds = exists().where(col(Case.assignee_id) == Member.id, col(Case.purged_at).is_(None))
    named = func.length(Member.name) + func.length(Member.address) > 0
    long_ago = col(Member.changed_at) < now - timedelta(days=days)
    gone = select(Member).where(col(Member.active).is_(False), long_ago, named, ~holds)
    leavers = session.exec(gone.order_by(col(Member.id)).limit(_AT_ONCE)).all()
    for member in leavers:
        session.execute(delete(Card).where(col(Card.audience) == f"member:{member.id}"))
        forget_member(session, member)
        record_event(session, SYSTEM, EventName.MEMBER_FORGOTTEN, now=now, member=member.id)
    return len(leavers)
