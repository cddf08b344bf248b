"""What the head of an office hears of somebody's leave, and they of its end."""

from datetime import date
from typing import Any

from sqlmodel import Session

from handlers.staff.leave import leave_days
from handlers.telling import member_addressed
from handlers.turn import Desk
from handlers.words import Words
from storage.letters import Letter
from storage.messages import Choice, Reply
from storage.staff.employees import Employee, employee_name
from storage.staff.permits import oversees_office


def leave_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words
) -> Reply | None:
    """None where the leave is another by now, or whoever is addressed may not know of it."""
    employee = session.get(Employee, int(arguments.get("employee", 0)))
    member = member_addressed(letter, session)
    if employee is None or member is None or not member.active:
        return None
    if letter.notice == "leave.ended":
        return Reply(words("leave.ended_for_you")) if employee.member_id == member.id else None
    first, last = (date.fromisoformat(arguments[name]) for name in ("first", "last"))
    own = employee.member_id == member.id
    if own or (employee.leave_from, employee.leave_until) != (first, last):
        return None
    if not oversees_office(member, employee.office, desk.house.hospital):
        return None
    name = employee_name(employee, vault=desk.house.vault) or employee.office
    days = leave_days(first, last, words)
    end = Choice(words("leave.end"), f"leave:end:{employee.id}")
    return Reply(words("leave.told", name=name, office=employee.office, days=days), ((end,),))
