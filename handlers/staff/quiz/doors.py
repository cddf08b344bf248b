"""Finds the occurrence, the sitting and the question that a button or an answer is about."""

from collections.abc import Sequence

from sqlmodel import col, select

from handlers.turn import Turn
from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.book import Answers, Proof
from storage.duties.completing import occurrence_of
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.staff.employees import Employee
from storage.training.questions import Question
from storage.training.sittings import Sitting

_LONGEST = 9


def number_in(arguments: Sequence[str], place: int = 0) -> int | None:
    """The number that stands at a place of a button's value; None for anything else."""
    said = arguments[place] if len(arguments) > place else ""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= _LONGEST else None


def find_occurrence(turn: Turn, arguments: Sequence[str]) -> Occurrence | None:
    """The occurrence a button names."""
    number = number_in(arguments)
    return turn.session.get(Occurrence, number) if number is not None else None


def find_sitting(turn: Turn, employee: Employee, number: object) -> Sitting | None:
    """A sitting of this person; None for one that is gone or belongs to somebody else."""
    sitting = turn.session.get(Sitting, number) if isinstance(number, int) else None
    return sitting if sitting is not None and sitting.employee_id == employee.id else None


def on_screen(turn: Turn, sitting: Sitting) -> Question | None:
    """The question a sitting stands at; None behind the last, or where it has left the bank since."""
    questions = sitting.questions
    if sitting.position >= len(questions):
        return None
    key, order = questions[sitting.position]
    question = turn.house.questions.find(key)
    return question if question is not None and question.count == len(order) else None


def held_for(turn: Turn, sitting: Sitting) -> Occurrence | None:
    """The occurrence a sitting is for; None for practice."""
    assignment = turn.session.get(Assignment, sitting.assignment_id) if sitting.assignment_id else None
    return occurrence_of(turn.session, assignment) if assignment is not None else None


def is_taken_back(occurrence: Occurrence | None) -> bool:
    """Whether nothing has to be answered any more."""
    return occurrence is not None and occurrence.stage is OccurrenceStage.STOPPED


def next_quiz(turn: Turn, employee: Employee) -> Occurrence | None:
    """The quiz this person owes that is due first."""
    owed = (
        select(Occurrence)
        .join(Assignment, col(Assignment.occurrence_id) == col(Occurrence.id))
        .where(
            Assignment.employee_id == employee.id, Assignment.state == AssignmentState.OPEN,
            Occurrence.stage == OccurrenceStage.OPEN, Occurrence.proof == Proof.QUIZ,
            Occurrence.each == Answers.PERSON,
        )
    )  # fmt: skip
    return turn.session.exec(owed.order_by(col(Occurrence.due_at), col(Occurrence.id)).limit(1)).first()
