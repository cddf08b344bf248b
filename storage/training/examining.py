"""Holds quizzes: who may begin when, what is drawn for them, and what the end of a sitting counts for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlmodel import Session

from storage.duties.assignments import Assignment
from storage.duties.book import Quiz
from storage.duties.completing import acknowledge, complete
from storage.duties.occurrences import Occurrence
from storage.errors import LianxinError
from storage.house import House
from storage.staff.employees import Employee
from storage.training.drawing import draw
from storage.training.knowledge import count_first_answers
from storage.training.sittings import (
    Sitting,
    SittingState,
    close_sitting,
    drop_lost_questions,
    finished_sittings,
    last_open_sitting,
    open_sitting,
    seen_and_wrong,
    start_sitting,
)

PRACTICE = 5
"""Questions of voluntary practice."""


class StudyFirst(LianxinError):
    """The pause for studying is not over; `until` is when the quiz may be tried again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("the study pause is not over")
        self.until = until


class NoQuestions(LianxinError):
    """The bank has no question that may be asked."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`score` in percent, rounded down; `again_at` is when one may try again, None for who passed.

    `weak` are rules of which something was answered wrong, the weakest first; 0 is none of the nine.
    """

    right: int
    asked: int
    score: int
    passed: bool
    again_at: datetime | None
    weak: tuple[int, ...]


def quiz_of(occurrence: Occurrence, house: House) -> Quiz:
    """How the quiz of an occurrence is held; the usual way where its duty is gone from the book."""
    duty = house.duties.by_key.get(occurrence.duty)
    return duty.quiz if duty is not None else Quiz()


def begin(
    session: Session, assignment: Assignment, employee: Employee, quiz: Quiz, *, house: House,
    chance: Random, now: datetime,
) -> Sitting:  # fmt: skip
    """The sitting to go on with: the one not finished, or a new one with other questions than before.

    Raises StudyFirst within the pause after the last, NoQuestions.
    """
    assert assignment.id is not None
    assert employee.id is not None
    unfinished = open_sitting(session, employee.id, assignment.id)
    if unfinished is not None and _has_questions(session, unfinished, house, now):
        return unfinished
    before = finished_sittings(session, employee.id, assignment.id)
    until = pause_until(before[-1] if before else None, quiz)
    if until is not None and until > now:
        raise StudyFirst(until)
    seen, wrong = seen_and_wrong(before)
    pool = house.questions.of(quiz.bank, quiz.rules)
    questions = draw(pool, quiz.questions, again=wrong, seen=seen, chance=chance)
    if not questions:
        raise NoQuestions
    return start_sitting(session, questions, employee.id, assignment.id, chance=chance, now=now)


def practise(session: Session, employee: Employee, *, house: House, chance: Random, now: datetime) -> Sitting:
    """Five questions on the nine rules that count nowhere; what was begun goes on."""
    assert employee.id is not None
    unfinished = open_sitting(session, employee.id, None)
    if unfinished is not None and _has_questions(session, unfinished, house, now):
        return unfinished
    questions = draw(house.questions.of(), PRACTICE, chance=chance)
    return start_sitting(session, questions, employee.id, chance=chance, now=now)


def unfinished_of(session: Session, employee: Employee, *, house: House, now: datetime) -> Sitting | None:
    """What this person began last and can still go on with."""
    assert employee.id is not None
    sitting = last_open_sitting(session, employee.id)
    if sitting is None or not _has_questions(session, sitting, house, now):
        return None
    return sitting


def pause_until(last: Sitting | None, quiz: Quiz) -> datetime | None:
    """When the pause after a finished sitting ends; None without one."""
    if last is None or last.finished_at is None:
        return None
    return last.finished_at + timedelta(minutes=quiz.again_after)


def finish(
    session: Session, sitting: Sitting, employee: Employee, occurrence: Occurrence | None, *, house: House,
    now: datetime,
) -> Outcome:  # fmt: skip
    """Ends a sitting that was answered to the end and counts it: best score, tries, passed, done."""
    if sitting.is_practice or occurrence is None:
        outcome = outcome_of(sitting, None, house=house)
        close_sitting(session, sitting, now=now)
        return outcome
    assignment = session.get(Assignment, sitting.assignment_id)
    assert assignment is not None
    first = not finished_sittings(session, employee.id or 0, assignment.id or 0)
    sitting.state, sitting.finished_at = SittingState.FINISHED, now
    session.add(sitting)
    outcome = outcome_of(sitting, occurrence, house=house)
    assignment.tries += 1
    assignment.score = max(outcome.score, assignment.score or 0)
    assignment.passed = bool(assignment.passed) or outcome.passed
    session.add(assignment)
    acknowledge(session, assignment, now=now)
    if outcome.passed:
        complete(session, assignment, by=employee, now=now)
    if first:
        count_first_answers(session, assignment, _marks_by_rule(sitting, house))
    session.flush()
    return outcome


def outcome_of(sitting: Sitting, occurrence: Occurrence | None, *, house: House) -> Outcome:
    """How a sitting went; without an occurrence it was practice, and nobody passes."""
    asked, weak = len(sitting.marks), _weak_rules(sitting, house)
    score = sitting.right * 100 // asked if asked else 0
    if occurrence is None:
        return Outcome(sitting.right, asked, score, False, None, weak)
    quiz = quiz_of(occurrence, house)
    passed = asked > 0 and sitting.right * 100 >= quiz.pass_mark * asked
    return Outcome(sitting.right, asked, score, passed, None if passed else pause_until(sitting, quiz), weak)


def _has_questions(session: Session, sitting: Sitting, house: House, now: datetime) -> bool:
    """Whether something of it can still be asked; one with nothing left is closed."""
    drop_lost_questions(session, sitting, house.questions)
    if sitting.questions:
        return True
    close_sitting(session, sitting, now=now)
    return False


def _marks_by_rule(sitting: Sitting, house: House) -> dict[int, list[bool]]:
    """What was answered right, by the rule it was about; what has left the bank since is not counted."""
    marks: dict[int, list[bool]] = {}
    for (key, _), mark in zip(sitting.questions, sitting.marks, strict=False):
        question = house.questions.find(key)
        if question is not None:
            marks.setdefault(question.rule, []).append(mark == "1")
    return marks


def _weak_rules(sitting: Sitting, house: House) -> tuple[int, ...]:
    shares = {rule: sum(marks) / len(marks) for rule, marks in _marks_by_rule(sitting, house).items()}
    return tuple(
        sorted((rule for rule, share in shares.items() if share < 1), key=lambda rule: (shares[rule], rule))
    )
