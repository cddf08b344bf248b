"""One reminder out of turn, that a head sends to those who have not answered: once a day for each duty."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.book import Answers
from storage.duties.moments import allowed_from
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.reminding import ANSWERS_FOR_OFFICE
from storage.event_names import EventName
from storage.events import record_event
from storage.house import House
from storage.marks import Mark, read_mark, set_mark
from storage.members import Member
from storage.staff.employees import Employee, Employment

_MARK = "nudge:"


def nudge(
    session: Session, occurrence: Occurrence, offices: Collection[str], *, by: Member, house: House,
    now: datetime,
) -> int | None:  # fmt: skip
    """How many people are reminded, at once or when quiet hours end; None: today they were already.

    Who may do it for which offices is settled before (storage.staff.permits). People on leave, people without
    a chat and whoever presses are left alone. What they read is what they owe at that moment.
    """
    offices = _not_yet_today(session, occurrence, offices, house=house, now=now)
    if occurrence.stage is not OccurrenceStage.OPEN or not offices:
        return None
    today, when = house.local_day(now), allowed_from(now, house, urgent=True)
    reached = (
        col(Employee.id).in_(_who_owes(occurrence, offices)),
        col(Employee.member_id) != by.id,
        col(Employee.standing) == Employment.ACTIVE,
        ~col(Employee.silent),
        ~func.coalesce((col(Employee.leave_from) <= today) & (col(Employee.leave_until) >= today), False),
        # Their own turn comes first.
        func.coalesce(col(Employee.remind_at) > when, True),
    )
    done = session.execute(
        update(Employee).where(*reached).values(remind_at=when),
        execution_options={"synchronize_session": "fetch"},
    )
    for office in offices:
        set_mark(session, _name(occurrence, office), str(today).encode())
    session.execute(delete(Mark).where(col(Mark.name).startswith(_MARK), Mark.value != str(today).encode()))  # type: ignore[arg-type]
    people = int(done.rowcount)  # type: ignore[attr-defined]
    record_event(
        session, f"member:{by.id}", EventName.NUDGED, now=now, occurrence=occurrence.id, people=people,
        offices=len(offices),
    )  # fmt: skip
    return people


def _who_owes(occurrence: Occurrence, offices: Collection[str]) -> SelectOfScalar[Any]:
    """Who has not answered; where offices answer as one, who answers for those that have not."""
    owed = (
        Assignment.occurrence_id == occurrence.id,
        Assignment.state == AssignmentState.OPEN,
        col(Assignment.office).in_(sorted(offices)),
    )
    if occurrence.each is Answers.PERSON:
        return select(Assignment.employee_id).where(*owed, col(Assignment.employee_id).is_not(None))
    behind = col(Employee.office).in_(select(Assignment.office).where(*owed))
    return select(Employee.id).where(col(Employee.role).in_(ANSWERS_FOR_OFFICE), behind)


def was_nudged(
    session: Session, occurrence: Occurrence, offices: Collection[str], *, house: House, now: datetime
) -> bool:
    """Whether every one of these offices had its extra reminder of this occurrence today."""
    return not _not_yet_today(session, occurrence, offices, house=house, now=now)


def _not_yet_today(
    session: Session, occurrence: Occurrence, offices: Collection[str], *, house: House, now: datetime
) -> list[str]:
    today = str(house.local_day(now)).encode()
    return [one for one in sorted(offices) if read_mark(session, _name(occurrence, one)) != today]


def _name(occurrence: Occurrence, office: str) -> str:
    return f"{_MARK}{occurrence.id}:{office}"
