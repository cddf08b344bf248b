"""What somebody owes as they come, move, go on leave, come back or go: given to them, or taken back."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage.duties.assignments import Assignment, AssignmentState, Excuse, due_for
from storage.duties.book import Answers, Duty
from storage.duties.completing import excuse, owe_again
from storage.duties.moments import due_day, next_digest
from storage.duties.occurrences import Occurrence, OccurrenceStage, touch
from storage.duties.owing import owes
from storage.house import House
from storage.staff.employees import Employee, Employment, is_on_leave


def give_what_is_open(session: Session, employee: Employee, *, house: House, now: datetime) -> int:
    """Everything that is open and not yet due, and that they owe as they stand now; returns how much.

    To be called once the roster shows how it is: after they came, moved, or came back from leave. What they
    were excused from because they had left, moved or were away is owed again; what they did stays done. They
    are told with the next digest.
    """
    given = 0
    for occurrence, assignment in _open_for(session, employee, now):
        duty = house.duties.by_key.get(occurrence.duty)
        if duty is None or not _owed_here(duty, occurrence, employee, house):
            continue
        given += _give(session, occurrence, assignment, employee, duty, house=house, now=now)
    if given:
        remind_next_morning(session, employee, house=house, now=now)
    return given


def take_back_from(session: Session, employee: Employee, why: Excuse, *, house: House, now: datetime) -> int:
    """Excuses them from what they still owe; returns from how much. To be called once the roster shows it.

    LEFT: from everything. MOVED: from what is not owed where they are now; the rest goes with them to the
    new office. LEAVE: from what falls due while they are away.
    """
    taken = 0
    mine = (Assignment.employee_id == employee.id, Assignment.state == AssignmentState.OPEN)
    found = select(Assignment, Occurrence).join(Occurrence, col(Occurrence.id) == Assignment.occurrence_id)
    for assignment, occurrence in session.exec(found.where(*mine)).all():
        if _is_excused(occurrence, assignment, employee, why, house):
            excuse(session, assignment, why, now=now)
            taken += 1
        elif assignment.office != employee.office and why is Excuse.MOVED:
            assignment.office = employee.office
            session.add(assignment)
            session.flush()
            touch(session, occurrence.id or 0, now=now)
    if why is Excuse.LEFT:
        employee.remind_at = None
        session.add(employee)
    return taken


def remind_next_morning(session: Session, employee: Employee, *, house: House, now: datetime) -> None:
    """One person is told what is open with the next digest, if they can be told at all."""
    reachable = employee.member_id is not None and not employee.silent
    if reachable and employee.standing is Employment.ACTIVE:
        moment = next_digest(now, house)
        employee.remind_at = min(employee.remind_at or moment, moment)
        session.add(employee)
        session.flush()


def _open_for(
    session: Session, employee: Employee, now: datetime
) -> list[tuple[Occurrence, Assignment | None]]:
    """What people answer for themselves and is not due yet, each with what they have of it already."""
    theirs = (Assignment.occurrence_id == Occurrence.id) & (Assignment.employee_id == employee.id)
    found = (
        select(Occurrence, Assignment)
        .join(Assignment, theirs, isouter=True)  # type: ignore[arg-type]
        .where(
            Occurrence.stage == OccurrenceStage.OPEN, Occurrence.due_at > now,
            Occurrence.each == Answers.PERSON,
        )
        .order_by(col(Occurrence.due_at), col(Occurrence.id))
    )  # fmt: skip
    return [(occurrence, assignment) for occurrence, assignment in session.exec(found)]


def _give(
    session: Session,
    occurrence: Occurrence,
    assignment: Assignment | None,
    employee: Employee,
    duty: Duty,
    *,
    house: House,
    now: datetime,
) -> int:
    assert occurrence.id is not None
    away = is_on_leave(employee, due_day(occurrence.due_at, duty, house))
    if assignment is None:
        session.add(
            Assignment(
                occurrence_id=occurrence.id, employee_id=employee.id, office=employee.office,
                state=AssignmentState.EXCUSED if away else AssignmentState.OPEN,
                excuse=Excuse.LEAVE if away else None,
            )
        )  # fmt: skip
        session.flush()
        touch(session, occurrence.id, now=now)
        return 0 if away else 1
    by_roster = assignment.excuse in (Excuse.LEFT, Excuse.MOVED, Excuse.LEAVE)
    if assignment.state is not AssignmentState.EXCUSED or not by_roster or away:
        return 0
    assignment.office = employee.office
    owe_again(session, assignment, now=now)
    return 1


def _owed_here(duty: Duty, occurrence: Occurrence, employee: Employee, house: House) -> bool:
    in_scope = not occurrence.scope or occurrence.scope == employee.office
    return in_scope and owes(duty, employee, house.duties)


def _is_excused(
    occurrence: Occurrence, assignment: Assignment, employee: Employee, why: Excuse, house: House
) -> bool:
    duty = house.duties.by_key.get(occurrence.duty)
    match why:
        case Excuse.MOVED:
            return duty is not None and not _owed_here(duty, occurrence, employee, house)
        case Excuse.LEAVE:
            return is_on_leave(employee, due_day(due_for(assignment, occurrence), duty, house))
        case _:
            return True
