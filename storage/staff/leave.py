"""Being away: nobody is reminded then, what falls due meanwhile is excused, the office's head is told."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from storage.duties.assignments import Excuse
from storage.duties.newcomers import give_what_is_open, remind_next_morning, take_back_from
from storage.event_names import EventName
from storage.events import record_event
from storage.house import House
from storage.outbox import announce
from storage.staff.employees import Employee, Employment, is_on_leave

LONGEST = 365
"""Days of one leave, and how far ahead it may begin."""
_AT_ONCE = 500


def take_leave(
    session: Session,
    employee: Employee,
    first: date,
    last: date,
    *,
    by: str = "",
    house: House,
    now: datetime,
) -> None:
    """Somebody is away from `first` to `last`, local days, both included; it replaces a leave said before.

    What is due on these days is excused; what was excused only for the leave before is owed again. The heads
    of the office hear of it. Raises ValueError for days that are over, the wrong way round, or too many.
    """
    today = house.local_day(now)
    days = (last - first).days + 1
    if not 1 <= days <= LONGEST or last < today or first > today + timedelta(LONGEST):
        raise ValueError("no days that somebody could be away on")
    known = (employee.leave_from, employee.leave_until)
    if employee.standing is not Employment.ACTIVE or known == (first, last):
        return
    employee.leave_from, employee.leave_until, employee.changed_at = first, last, now
    session.add(employee)
    session.flush()
    give_what_is_open(session, employee, house=house, now=now)
    take_back_from(session, employee, Excuse.LEAVE, house=house, now=now)
    _say_nothing_meanwhile(session, employee, house)
    actor = by or f"member:{employee.member_id}"
    record_event(session, actor, EventName.LEAVE_TAKEN, now=now, employee=employee.id, days=days)
    announce(
        session, f"every_head:{employee.office}", "leave.taken", now=now, employee=employee.id,
        first=first.isoformat(), last=last.isoformat(),
    )  # fmt: skip


def come_back(session: Session, employee: Employee, *, by: str = "", house: House, now: datetime) -> bool:
    """The leave is over, or does not begin; False where there was none. What was due before stays excused.

    What is still to come is owed again, and is told with the next digest. `by` is somebody else, for the
    trail: then the person hears of it.
    """
    today = house.local_day(now)
    first, last = employee.leave_from, employee.leave_until
    if first is None or last is None or last < today:
        return False
    gone = first < today
    employee.leave_from = first if gone else None
    employee.leave_until = today - timedelta(1) if gone else None
    employee.changed_at = now
    session.add(employee)
    session.flush()
    give_what_is_open(session, employee, house=house, now=now)
    actor = by or f"member:{employee.member_id}"
    record_event(session, actor, EventName.LEAVE_ENDED, now=now, employee=employee.id)
    if by and employee.member_id is not None:
        announce(session, f"member:{employee.member_id}", "leave.ended", now=now, employee=employee.id)
    return True


def current_leave(employee: Employee, *, house: House, now: datetime) -> tuple[date, date] | None:
    """The leave somebody is on or will go on; None where there is none, or it is over."""
    first, last = employee.leave_from, employee.leave_until
    if first is None or last is None or last < house.local_day(now):
        return None
    return first, last


def end_leaves(session: Session, *, house: House, now: datetime) -> int:
    """Who is back hears with the next digest what is open; returns how many are back, 500 at most."""
    over = col(Employee.leave_until) < house.local_day(now)
    back = session.exec(select(Employee).where(over).order_by(col(Employee.id)).limit(_AT_ONCE)).all()
    for employee in back:
        employee.leave_from = employee.leave_until = None
        session.add(employee)
        remind_next_morning(session, employee, house=house, now=now)
    session.flush()
    return len(back)


def _say_nothing_meanwhile(session: Session, employee: Employee, house: House) -> None:
    """What would have been said on a day of the leave is said once they are back."""
    if employee.remind_at is not None and is_on_leave(employee, house.local_day(employee.remind_at)):
        employee.remind_at = None
        session.add(employee)
        session.flush()
