"""Lets what is open follow the book when it names others who owe it: given to them, taken from the rest."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.book import Duty
from storage.duties.moments import next_digest
from storage.duties.occurrences import Occurrence, OccurrenceStage, touch
from storage.duties.opening import assignments_owed, put_assignments
from storage.duties.owing import owing_key
from storage.duties.reminding import answering_for
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.staff.employees import Employee, Employment

_AT_ONCE = 500
"""Ids in one statement."""
Key = tuple[int | None, str]


def follow_owing(session: Session, *, house: House, now: datetime) -> int:
    """One open occurrence whose duty is owed by others than it was given out to; 1, or 0 where none is.

    Who owes it now is given it, and told with the next digest; who does not any more is excused, and what
    they did stays done. What is overdue is owed all the same.
    """
    for occurrence, key in _changed(session, house, now):
        _follow(session, occurrence, house.duties.by_key[occurrence.duty], house=house, now=now)
        occurrence.owing = key
        session.add(occurrence)
        session.flush()
        return 1
    return 0


def _changed(session: Session, house: House, now: datetime) -> Iterable[tuple[Occurrence, str]]:
    wanted = {key: owing_key(duty, house.duties, house.hospital) for key, duty in house.duties.by_key.items()}
    ahead = select(Occurrence).where(Occurrence.stage == OccurrenceStage.OPEN, Occurrence.due_at > now)
    for occurrence in session.exec(ahead.order_by(col(Occurrence.due_at), col(Occurrence.id))):
        key = wanted.get(occurrence.duty)
        if key is not None and occurrence.owing not in ("", key):
            yield occurrence, key


def _follow(session: Session, occurrence: Occurrence, duty: Duty, *, house: House, now: datetime) -> None:
    owed = {_key(row): row for row in assignments_owed(session, occurrence, duty, house)}
    known = _known(session, occurrence)
    new = [row for key, row in owed.items() if key not in known]
    put_assignments(session, new)
    again = [
        key for key, (_, state, why) in known.items()
        if key in owed and (state, why) == (AssignmentState.EXCUSED, Excuse.MOVED)
        and owed[key]["excuse"] is None
    ]  # fmt: skip
    over = [key for key, (_, state, _) in known.items() if key not in owed and state is AssignmentState.OPEN]
    _set(session, [known[key][0] for key in again], AssignmentState.OPEN, None)
    _set(session, [known[key][0] for key in over], AssignmentState.EXCUSED, Excuse.MOVED)
    told = [*again, *(key for key, row in owed.items() if key not in known and row["excuse"] is None)]
    _remind(session, told, next_digest(now, house))
    touch(session, occurrence.id or 0, now=now)
    record_event(
        session, SYSTEM, EventName.DUTY_OWED_BY_OTHERS, now=now, occurrence=occurrence.id, more=len(told),
        fewer=len(over),
    )  # fmt: skip


def _key(row: dict[str, Any]) -> Key:
    """A person by their number, an office by its name."""
    number = row["employee_id"]
    return (number, "") if number is not None else (None, row["office"])


def _known(session: Session, occurrence: Occurrence) -> dict[Key, tuple[int, AssignmentState, Excuse | None]]:
    """What was given out: by person or office, the assignment and how it stands."""
    rows = session.exec(
        select(
            Assignment.id, Assignment.employee_id, Assignment.office, Assignment.state, Assignment.excuse
        ).where(Assignment.occurrence_id == occurrence.id)  # type: ignore[call-overload]
    )
    return {
        (person, "") if person is not None else (None, office): (number, state, why)
        for number, person, office, state, why in rows
    }


def _set(session: Session, ids: Sequence[int], state: AssignmentState, why: Excuse | None) -> None:
    values: dict[str, Any] = {"state": state, "excuse": why}
    for chunk in _chunks(ids):
        session.execute(
            update(Assignment).where(col(Assignment.id).in_(chunk)).values(values),
            execution_options={"synchronize_session": "fetch"},
        )


def _remind(session: Session, told: Sequence[Key], moment: datetime) -> None:
    """They are told with the next digest, if they can be told at all and are not told sooner."""
    values: dict[str, Any] = {"remind_at": moment}
    reached = (
        col(Employee.standing) == Employment.ACTIVE, col(Employee.member_id).is_not(None),
        col(Employee.silent).is_(False),
        or_(col(Employee.remind_at).is_(None), col(Employee.remind_at) > moment),
    )  # fmt: skip
    offices = [office for person, office in told if person is None]
    people = [person for person, _ in told if person is not None]
    whom: list[ColumnElement[bool]] = [col(Employee.id).in_(chunk) for chunk in _chunks(people)]
    whom += [answering_for(session, offices)] if offices else []
    for one in whom:
        session.execute(
            update(Employee).where(*reached, one).values(values),
            execution_options={"synchronize_session": "fetch"},
        )


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
