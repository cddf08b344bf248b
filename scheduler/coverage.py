"""Has heads told once a week how far their people are: on the day of the digest, or the next working day."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from storage.duties.assignments import Assignment
from storage.duties.coverage import due_between
from storage.duties.spans import SpanKind, before, bounds_of, span_of
from storage.errands import ErrandKind, ask_for
from storage.house import House
from storage.marks import read_mark, set_mark
from storage.members import Member, Right, Role, with_right
from storage.staff.permits import oversees

_LAST_TOLD = "coverage:week"


def tell_of_week(session: Session, *, house: House, now: datetime) -> int:
    """Leaves an errand for everybody who hears of the week; how many. Once a week, restart or not.

    Heads hear of their office, heads of the discipline office and supervisors of the house; whose people owed
    nothing last week and owe nothing this week hears nothing. A house that was switched off that morning
    tells later that week.
    """
    today = house.local_day(now)
    begun = str(_digest_day(today, house)).encode()
    if not _may_tell(house, now) or read_mark(session, _LAST_TOLD) == begun:
        return 0
    told = [one for one in with_right(session, Right.STATISTICS) if one.role is not Role.ADMINISTRATOR]
    if not told:
        return 0
    set_mark(session, _LAST_TOLD, begun)
    span, count = span_of(today, SpanKind.WEEK), 0
    busy = _offices_with_duties(session, span, house)
    for member in told:
        office = _own(member, house)
        if busy if not office else office in busy:
            ask_for(
                session, ErrandKind.COVERAGE_WEEK, member.id or 0, now=now, span=span, office=office, duty=""
            )
            count += 1
    return count


def _own(member: Member, house: House) -> str:
    """The office of a head; empty, the house, for who oversees all."""
    return "" if len(oversees(member, house.hospital)) > 1 else member.office


def _offices_with_duties(session: Session, span: str, house: House) -> set[str]:
    """Offices of which somebody owes, or owed, something that is due last week or this."""
    zone = house.hospital.timezone
    since, until = bounds_of(before(span), zone)[0], bounds_of(span, zone)[1]
    ids = [one.id for one in due_between(session, since, until)]
    owing = select(col(Assignment.office)).where(col(Assignment.occurrence_id).in_(ids)).distinct()
    return set(session.execute(owing).scalars())


def _digest_day(today: date, house: House) -> date:
    """The last day of the digest, up to today: by it a week is known that was told of."""
    return today - timedelta(days=(today.isoweekday() - house.duties.reminding.coverage_day) % 7)


def _may_tell(house: House, now: datetime) -> bool:
    """From the digest's time on working days, until quiet hours."""
    rules, local = house.duties.reminding, house.local(now)
    if not house.calendar.is_working_day(local.date()) or local.time() < rules.at:
        return False
    return local.time() < rules.quiet_from or rules.quiet_from <= rules.at
