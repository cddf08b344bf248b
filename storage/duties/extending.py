"""More time for what is owed: asked for with a reason, granted or refused by a head, up to a limit."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel import Session

from storage.duties.assignments import Assignment, AssignmentState, Extension, due_for, keep_wish
from storage.duties.completing import occurrence_of
from storage.duties.occurrences import Occurrence, OccurrenceStage, touch
from storage.event_names import EventName
from storage.events import record_event
from storage.house import House
from storage.members import Member, Role, members_of, supervisors
from storage.staff.employees import Employee

DAYS = (3, 5, 10)
"""Working days that are offered."""
MOST_DAYS = 30
"""Working days after the due day, beyond which nothing is granted, however often it is asked for."""
LONGEST_REASON = 500


class Asking(StrEnum):
    """What came of asking: it went to a head, or why not."""

    ASKED = "asked"
    NOT_OPEN = "not_open"
    WAITING = "waiting"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NOBODY = "nobody"


def ask_for_time(
    session: Session,
    assignment: Assignment,
    until: datetime,
    reason: str,
    *,
    by: Employee,
    house: House,
    now: datetime,
) -> Asking:
    """Keeps the wish and its reason; the caller tells `deciders`."""
    found = may_ask(session, assignment, until, house=house, now=now)
    if found is not Asking.ASKED:
        return found
    if not deciders(session, assignment, by=by, house=house):
        return Asking.NOBODY
    assignment.extension, assignment.wished_until, assignment.wished_by = Extension.ASKED, until, by.id
    keep_wish(assignment, reason[:LONGEST_REASON], vault=house.vault)
    session.add(assignment)
    session.flush()
    _note(session, f"member:{by.member_id}", EventName.TIME_ASKED, assignment, now)
    return Asking.ASKED


def may_ask(
    session: Session, assignment: Assignment, until: datetime | None, *, house: House, now: datetime
) -> Asking:
    """Whether more time can be asked for at all, or until a moment."""
    occurrence = occurrence_of(session, assignment)
    if assignment.state is not AssignmentState.OPEN or occurrence.stage is not OccurrenceStage.OPEN:
        return Asking.NOT_OPEN
    if assignment.extension is Extension.ASKED:
        return Asking.WAITING
    latest = latest_moment(occurrence, house=house)
    if latest <= now or (until is not None and until > latest):
        return Asking.TOO_LATE
    if until is not None and until <= max(now, due_for(assignment, occurrence)):
        return Asking.TOO_EARLY
    return Asking.ASKED


def grant(session: Session, assignment: Assignment, *, by: Member, house: House, now: datetime) -> bool:
    """Gives the time that was wished; False where nothing is wished any more, or they may not decide."""
    if not _is_undecided(assignment) or not may_decide(session, assignment, by, house=house):
        return False
    assignment.extension, assignment.extended_until = Extension.GRANTED, assignment.wished_until
    _decided(session, assignment, EventName.TIME_GRANTED, by, now)
    return True


def refuse(session: Session, assignment: Assignment, *, by: Member, house: House, now: datetime) -> bool:
    """Leaves the due time as it is; False likewise."""
    if not _is_undecided(assignment) or not may_decide(session, assignment, by, house=house):
        return False
    assignment.extension = Extension.REFUSED
    _decided(session, assignment, EventName.TIME_REFUSED, by, now)
    return True


def may_decide(session: Session, assignment: Assignment, member: Member, *, house: House) -> bool:
    """Whether somebody decides on the wish; nobody on their own."""
    asker = session.get(Employee, assignment.wished_by) if assignment.wished_by else None
    if asker is None or not member.active:
        return False
    return any(one.id == member.id for one in deciders(session, assignment, by=asker, house=house))


def deciders(session: Session, assignment: Assignment, *, by: Employee, house: House) -> Sequence[Member]:
    """The heads of the office; those of the discipline office for heads and for what an office owes.

    Where such heads are missing: those of the discipline office, then supervisors.
    """
    discipline = house.hospital.discipline_office
    asker = session.get(Member, by.member_id) if by.member_id else None
    is_head = by.role is Role.HEAD or (asker is not None and asker.role is Role.HEAD)
    offices = [discipline] if assignment.employee_id is None or is_head else [assignment.office, discipline]
    for office in offices:
        heads = [one for one in members_of(session, office) if one.role is Role.HEAD]
        others = [one for one in heads if one.id != by.member_id]
        if others:
            return others
    return [one for one in supervisors(session) if one.id != by.member_id]


def later_by(
    days: int, assignment: Assignment, occurrence: Occurrence, *, house: House, now: datetime
) -> datetime:
    """So many working days after it is due for them (after today where that is over), at the same clock."""
    start = max(now, due_for(assignment, occurrence))
    zone = _zone(occurrence, house)
    return on_day(house.calendar.due(start, days).at.astimezone(zone).date(), occurrence, house=house)


def latest_moment(occurrence: Occurrence, *, house: House) -> datetime:
    """Beyond this nothing is granted."""
    zone = _zone(occurrence, house)
    last = house.calendar.due(occurrence.due_at, MOST_DAYS).at.astimezone(zone).date()
    return on_day(last, occurrence, house=house)


def on_day(day: date, occurrence: Occurrence, *, house: House) -> datetime:
    """The moment on that local day at which it would be due; UTC."""
    zone = _zone(occurrence, house)
    clock = occurrence.due_at.astimezone(zone).timetz()
    return datetime.combine(day, clock).astimezone(occurrence.due_at.tzinfo)


def token_of(assignment: Assignment) -> int:
    """Tells one wish from a later one: a button drawn for that one does not decide on this one."""
    return int(assignment.wished_until.timestamp()) // 60 if assignment.wished_until else 0


def _is_undecided(assignment: Assignment) -> bool:
    return assignment.extension is Extension.ASKED and assignment.state is AssignmentState.OPEN


def _decided(session: Session, assignment: Assignment, what: EventName, by: Member, now: datetime) -> None:
    session.add(assignment)
    session.flush()
    touch(session, assignment.occurrence_id, now=now)
    _note(session, f"member:{by.id}", what, assignment, now)


def _note(session: Session, actor: str, what: EventName, assignment: Assignment, now: datetime) -> None:
    record_event(session, actor, what, now=now, occurrence=assignment.occurrence_id, assignment=assignment.id)


def _zone(occurrence: Occurrence, house: House) -> ZoneInfo:
    """The zone of the duty, or the hospital's."""
    duty = house.duties.by_key.get(occurrence.duty)
    return ZoneInfo(duty.timezone if duty is not None and duty.timezone else house.hospital.timezone)
