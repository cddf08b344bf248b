"""Who has not answered, for heads in their private chat: each can be excused, and that be taken back."""

from collections.abc import Sequence

from sqlmodel import col, select

from handlers.staff.duties.finding import (
    heads_of_it,
    list_row,
    looks_in,
    me,
    no_such,
    number_in,
    occurrence_in,
    oversees_it,
)
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.completing import excuse, occurrence_of, owe_again
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.event_names import EventName
from storage.events import record_event
from storage.messages import Choice, Reply
from storage.refusals import note_refusal
from storage.staff.employees import Employee, employee_name
from storage.staff.permits import oversees

_PAGE = 10


def on_people(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """Names of who has still to answer, and of who was excused by a head."""
    occurrence = occurrence_in(turn, arguments)
    if occurrence is None or not oversees_it(turn) or not looks_in(turn, occurrence):
        note_refusal(turn.session, turn.officer, "action", now=turn.now, wish="missing")
        return no_such(turn)
    record_event(
        turn.session, f"member:{turn.officer.id}", EventName.MISSING_READ, now=turn.now,
        occurrence=occurrence.id,
    )  # fmt: skip
    return [_people(turn, occurrence, number_in(arguments, 1))]


def on_person(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """One of them, with a button to excuse or to take that back."""
    assignment = _theirs(turn, arguments)
    return no_such(turn) if assignment is None else [_person(turn, assignment)]


def on_excuse(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """免除: nothing is owed any more; nobody excuses themselves."""
    assignment = _theirs(turn, arguments)
    if assignment is None:
        return no_such(turn)
    if _is_own(turn, assignment):
        return [_person(turn, assignment, turn.words("duties.not_oneself"))]
    if assignment.state is not AssignmentState.OPEN:
        return [_person(turn, assignment, turn.words("duties.excuse_over"))]
    excuse(turn.session, assignment, Excuse.HEAD, now=turn.now)
    _note(turn, assignment, EventName.EXCUSED)
    return [_person(turn, assignment, turn.words("duties.you_excused"))]


def on_owe(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """恢复: what a head excused is owed again; what the house excused stays."""
    assignment = _theirs(turn, arguments)
    if assignment is None:
        return no_such(turn)
    by_head = assignment.state is AssignmentState.EXCUSED and assignment.excuse is Excuse.HEAD
    stopped = occurrence_of(turn.session, assignment).stage is OccurrenceStage.STOPPED
    if not by_head or stopped or _is_own(turn, assignment):
        return [_person(turn, assignment, turn.words("duties.excuse_over"))]
    owe_again(turn.session, assignment, now=turn.now)
    _note(turn, assignment, EventName.EXCUSE_LIFTED)
    return [_person(turn, assignment, turn.words("duties.you_restored"))]


def _theirs(turn: Turn, arguments: Sequence[str]) -> Assignment | None:
    """The assignment of somebody whose head presses; None for any other, which is noted."""
    assignment = turn.session.get(Assignment, number_in(arguments))
    if assignment is not None and heads_of_it(turn, assignment):
        return assignment
    note_refusal(turn.session, turn.officer, "action", now=turn.now, wish="excuse")
    return None


def _is_own(turn: Turn, assignment: Assignment) -> bool:
    """Their own, or what their office answers as one: another decides on that."""
    employee = me(turn)
    if assignment.employee_id is None:
        return assignment.office == turn.officer.office
    return employee is not None and assignment.employee_id == employee.id


def _people(turn: Turn, occurrence: Occurrence, page: int) -> Reply:
    offices = sorted(oversees(turn.officer, turn.house.hospital))
    shown = (col(Assignment.state) == AssignmentState.OPEN) | (col(Assignment.excuse) == Excuse.HEAD)
    found = select(Assignment).where(
        Assignment.occurrence_id == occurrence.id, shown, col(Assignment.office).in_(offices)
    )
    order = found.order_by(col(Assignment.office), col(Assignment.id))
    rows = list(turn.session.exec(order.offset(page * _PAGE).limit(_PAGE + 1)))
    buttons = [(Choice(_label(turn, one), f"due:person:{one.id}"),) for one in rows[:_PAGE]]
    turning = [Choice(turn.words("desk.previous"), f"due:people:{occurrence.id}:{page - 1}")] if page else []
    if len(rows) > _PAGE:
        turning.append(Choice(turn.words("desk.next"), f"due:people:{occurrence.id}:{page + 1}"))
    ways = [tuple(turning)] if turning else []
    key = "duties.people_title" if rows else "duties.people_none"
    return turn.reply(key, (*buttons, *ways, list_row(turn)), edit=True, title=occurrence.title)


def _person(turn: Turn, assignment: Assignment, news: str = "") -> Reply:
    occurrence, sight = occurrence_of(turn.session, assignment), Sight.of(turn)
    key = f"duties.person_{assignment.state}"
    due = turn.words("duties.due_was", at=sight.at(occurrence.due_at), left=sight.left(occurrence.due_at))
    lines = [
        news, turn.words("duties.title", title=occurrence.title),
        turn.words(key, name=_name(turn, assignment), office=assignment.office), due,
    ]  # fmt: skip
    rows: list[tuple[Choice, ...]] = []
    if assignment.state is AssignmentState.OPEN and not _is_own(turn, assignment):
        rows.append((Choice(turn.words("duties.excuse"), f"due:excuse:{assignment.id}"),))
    if assignment.state is AssignmentState.EXCUSED and assignment.excuse is Excuse.HEAD:
        rows.append((Choice(turn.words("duties.restore"), f"due:owe:{assignment.id}"),))
    rows.append((Choice(turn.words("duties.people"), f"due:people:{occurrence.id}:0"),))
    return Reply("\n".join(filter(None, lines)), (*rows, list_row(turn)), edits=turn.inbound.pressed)


def _label(turn: Turn, assignment: Assignment) -> str:
    excused = turn.words("duties.excused_mark") if assignment.excuse is Excuse.HEAD else ""
    name = _name(turn, assignment)
    return turn.words("duties.person_line", office=assignment.office, name=name, excused=excused)


def _name(turn: Turn, assignment: Assignment) -> str:
    if assignment.employee_id is None:
        return turn.words("duties.the_office")
    employee = turn.session.get(Employee, assignment.employee_id)
    return employee_name(employee, vault=turn.house.vault) or turn.words("duties.former")


def _note(turn: Turn, assignment: Assignment, what: EventName) -> None:
    record_event(
        turn.session, f"member:{turn.officer.id}", what, now=turn.now,
        occurrence=assignment.occurrence_id, assignment=assignment.id,
    )  # fmt: skip
