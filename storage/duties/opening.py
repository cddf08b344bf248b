"""Gives an occurrence out: one assignment for each person who owes it, or for each office."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from storage.direct import Prepared
from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.book import Answers, Duty
from storage.duties.moments import due_day
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.owing import offices_owing, owes, owing_key
from storage.duties.stepping import plan_next_step
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.staff.employees import Employee, Employment, is_on_leave

_INSERT = Prepared(insert(Assignment.__table__))  # type: ignore[attr-defined]


def open_occurrence(session: Session, occurrence: Occurrence, *, house: House, now: datetime) -> int:
    """Assignments of all who owe it today, and when they are next reminded; returns how many owe it.

    Who is on leave on the due day is excused. Where nobody owes it, the occurrence is closed at once. One
    that was given out already, was taken back, or whose duty is gone, is left as it is: 0.
    """
    duty = house.duties.by_key.get(occurrence.duty)
    if duty is None or occurrence.stage is not OccurrenceStage.PLANNED:
        return 0
    rows = assignments_owed(session, occurrence, duty, house)
    put_assignments(session, rows)
    occurrence.owing = owing_key(duty, house.duties, house.hospital)
    occurrence.stage = OccurrenceStage.OPEN if rows else OccurrenceStage.CLOSED
    occurrence.opened_at = occurrence.changed_at = now
    occurrence.closed_at = None if rows else now
    occurrence.next_at = None
    session.add(occurrence)
    session.flush()
    plan_next_step(session, occurrence, house=house, now=now)
    owed = sum(row["state"] is AssignmentState.OPEN for row in rows)
    record_event(
        session, SYSTEM, EventName.DUTY_GIVEN_OUT, now=now, occurrence=occurrence.id, owed=owed,
        excused=len(rows) - owed,
    )  # fmt: skip
    return owed


def assignments_owed(
    session: Session, occurrence: Occurrence, duty: Duty, house: House
) -> list[dict[str, Any]]:
    """The row of everybody, or of every office, that owes an occurrence as the roster and the book stand."""
    return list(_rows(session, occurrence, duty, house))


def put_assignments(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Gives these out, with one prepared statement."""
    _INSERT.run_many(session, rows)


def _rows(session: Session, occurrence: Occurrence, duty: Duty, house: House) -> Iterator[dict[str, Any]]:
    if occurrence.each is Answers.OFFICE:
        scope = (occurrence.scope,) if occurrence.scope else None
        for office in scope or offices_owing(duty, house.duties, house.hospital):
            yield _row(occurrence, office, None, False)
        return
    day = due_day(occurrence.due_at, duty, house)
    columns = (Employee.id, Employee.office, Employee.role, Employee.groups, Employee.leave_from,
               Employee.leave_until)  # fmt: skip
    here = [col(Employee.office) == occurrence.scope] if occurrence.scope else []
    # Plain rows: ten thousand of them in one transaction must not hold up a message.
    for person in session.execute(
        select(*columns).where(Employee.standing == Employment.ACTIVE, *here).order_by(col(Employee.id))  # type: ignore[call-overload]
    ):
        if owes(duty, person, house.duties):
            yield _row(occurrence, person.office, person.id, _is_away(person, day))


def _is_away(person: Any, day: date) -> bool:
    return is_on_leave(person, day)


def _row(occurrence: Occurrence, office: str, employee_id: int | None, away: bool) -> dict[str, Any]:
    return {
        "occurrence_id": occurrence.id, "office": office, "employee_id": employee_id,
        "state": AssignmentState.EXCUSED if away else AssignmentState.OPEN,
        "excuse": Excuse.LEAVE if away else None, "late": False, "tries": 0,
    }  # fmt: skip
