"""Has heads told on the first working morning of a month how satisfied last month's patients were."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage.errands import ErrandKind, ask_for
from storage.followup.months import earlier, month_of
from storage.followup.surveys import Survey
from storage.hospital_followup import Kind
from storage.house import House
from storage.marks import read_mark, set_mark
from storage.members import Member, Right, Role, with_right

_LAST_TOLD = "satisfaction:month"


def tell_of_month(session: Session, *, house: House, now: datetime) -> int:
    """Leaves an errand for everybody who hears of the month; returns how many. Once a month, restart or not.

    A house that was switched off on the first working day tells on the next, and one where nobody has
    joined yet as soon as somebody has; a month in which nothing was asked
    is not told of.
    """
    last = earlier(month_of(now, house.hospital.timezone), 1)
    if not _is_office_hour(house, now) or read_mark(session, _LAST_TOLD) == last.encode():
        return 0
    told = with_right(session, Right.STATISTICS)
    if not told or not house.hospital.followup.enabled:
        return 0
    set_mark(session, _LAST_TOLD, last.encode())
    departments = _asked_about(session, last)
    if not departments:
        return 0
    for member in told:
        department = _own(member, departments)
        ask_for(session, ErrandKind.MONTHLY, member.id or 0, now=now, department=department, month=last)
    return len(told)


def _own(member: Member, departments: set[str]) -> str:
    """The department of a head; the house for heads of offices, supervisors and the administrator."""
    return member.office if member.role is Role.HEAD and member.office in departments else ""


def _asked_about(session: Session, month: str) -> set[str]:
    asked = col(Survey.month) == month, col(Survey.kind) == Kind.SATISFACTION
    return set(session.exec(select(Survey.department).where(*asked).distinct()))


def _is_office_hour(house: House, now: datetime) -> bool:
    local, clocks = house.local(now), house.hospital.clocks
    return house.calendar.is_working_day(local.date()) and clocks.day_starts <= local.time() < clocks.day_ends
