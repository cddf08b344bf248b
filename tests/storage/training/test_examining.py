"""Who may begin when, what comes again, and what the end of a sitting counts for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from storage.duties.assignments import AssignmentState
from storage.duties.book import Quiz
from storage.duties.occurrences import OccurrenceStage
from storage.training.bank import QuestionBank
from storage.training.examining import NoQuestions, StudyFirst, begin, practise, unfinished_of
from storage.training.knowledge import KnowledgeTally
from storage.training.questions import Question
from storage.training.sittings import Sitting, SittingState, forget_practice, tick
from tests.factories import MONDAY
from tests.storage.training.conftest import Candidate

LATER = MONDAY + timedelta(minutes=30)


def test_passing_completes_what_is_owed(candidate: Candidate) -> None:
    outcome = candidate.sits(right=8)
    assert (outcome.right, outcome.asked, outcome.score, outcome.passed) == (8, 10, 80, True)
    assert outcome.again_at is None
    owed = candidate.assignment
    assert (owed.state, owed.passed, owed.score, owed.tries) == (AssignmentState.DONE, True, 80, 1)
    assert owed.acknowledged_at == owed.done_at == MONDAY


def test_one_below_the_mark_does_not_pass_and_is_told_when_and_what(candidate: Candidate) -> None:
    outcome = candidate.sits(right=7)
    assert (outcome.passed, outcome.again_at) == (False, LATER)
    assert 1 <= len(outcome.weak) <= 3
    owed = candidate.assignment
    assert (owed.state, owed.passed, owed.score, owed.tries) == (AssignmentState.OPEN, False, 70, 1)
    assert owed.acknowledged_at == MONDAY


def test_the_next_try_waits_for_the_study_pause(candidate: Candidate) -> None:
    candidate.sits(right=2)
    with pytest.raises(StudyFirst) as refused:
        candidate.begins(LATER - timedelta(seconds=1))
    assert refused.value.until == LATER
    assert candidate.begins(LATER).state is SittingState.OPEN


def test_the_next_try_asks_what_went_wrong_and_else_what_was_not_asked(candidate: Candidate) -> None:
    first = candidate.begins()
    keys = [key for key, _ in first.questions]
    candidate.sits(right=6)
    again = {key for key, _ in candidate.begins(LATER).questions}
    assert again & set(keys) == set(keys[6:])


def test_the_best_score_is_kept_and_passed_stays(candidate: Candidate) -> None:
    candidate.sits(right=7)
    candidate.sits(right=3, now=LATER)
    assert (candidate.assignment.score, candidate.assignment.tries) == (70, 2)
    candidate.sits(right=9, now=LATER + timedelta(hours=1))
    assert (candidate.assignment.score, candidate.assignment.passed) == (90, True)


def test_beginning_twice_goes_on_with_the_same_sitting(candidate: Candidate) -> None:
    sitting = candidate.begins()
    candidate.answers(sitting, right=True)
    again = candidate.begins(MONDAY + timedelta(days=3))
    assert (again.id, again.position) == (sitting.id, 1)
    assert len(candidate.session.exec(select(Sitting)).all()) == 1


def test_only_first_answers_count_and_to_nobody(candidate: Candidate) -> None:
    candidate.sits(right=7)
    candidate.sits(right=10, now=LATER)
    tallies = candidate.session.exec(select(KnowledgeTally)).all()
    assert sum(one.asked for one in tallies) == 10
    assert sum(one.right for one in tallies) == 7
    assert {one.people for one in tallies} == {1}
    assert {one.office for one in tallies} == {"药剂科"}
    assert "employee_id" not in KnowledgeTally.__table__.c  # type: ignore[attr-defined]


def test_what_somebody_chose_is_kept_nowhere(candidate: Candidate) -> None:
    candidate.sits(right=7)
    [row] = candidate.session.exec(select(Sitting)).all()
    assert row.marks == "1111111000"
    assert row.ticked == ""


def test_a_quiz_that_was_taken_back_completes_nothing(candidate: Candidate) -> None:
    candidate.occurrence.stage = OccurrenceStage.STOPPED
    candidate.session.add(candidate.occurrence)
    assert candidate.sits(right=10).passed
    assert candidate.assignment.state is AssignmentState.OPEN


def test_questions_taken_out_of_the_bank_are_asked_no_more(candidate: Candidate, session: Session) -> None:
    own = [
        Question.model_validate({
            "key": f"own_{number}", "bank": "price", "kind": "judge", "text": f"第 {number} 句对吗？",
            "right": True, "explanation": "因为对。",
        })
        for number in range(4)
    ]  # fmt: skip
    quiz = Quiz(bank="price", questions=4)

    def started(questions: list[Question]) -> Sitting:
        house = replace(candidate.house, questions=QuestionBank(tuple(questions)))
        return begin(
            session, candidate.assignment, candidate.employee, quiz, house=house, chance=candidate.chance,
            now=MONDAY,
        )  # fmt: skip

    sitting = started(own)
    gone = sitting.questions[2][0]
    left = started([one for one in own if one.key != gone])
    assert left.id == sitting.id
    assert len(left.questions) == 3
    with pytest.raises(NoQuestions):
        started([])
    assert sitting.state is SittingState.CLOSED


def test_practice_counts_nowhere_and_is_forgotten(candidate: Candidate, session: Session) -> None:
    sitting = practise(
        session, candidate.employee, house=candidate.house, chance=candidate.chance, now=MONDAY
    )
    assert len(sitting.questions) == 5
    tick(session, sitting, 1)
    again = practise(session, candidate.employee, house=candidate.house, chance=candidate.chance, now=LATER)
    assert (again.id, again.ticked) == (sitting.id, "1")
    assert unfinished_of(session, candidate.employee, house=candidate.house, now=LATER) == sitting
    assert candidate.assignment.tries == 0
    assert forget_practice(session, now=MONDAY + timedelta(hours=23)) == 0
    assert forget_practice(session, now=MONDAY + timedelta(days=1)) == 1
