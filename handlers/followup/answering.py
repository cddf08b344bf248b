"""Keeps the answer to one question: grades with the survey, counts for themselves, integrity only counted."""

from handlers.followup.asking import SKIP, Asked
from handlers.turn import Turn
from storage.followup.answering import mark_reached
from storage.followup.surveys import Survey, answers_of, keep_answers
from storage.followup.tallies import count_answer, take_back_answer
from storage.hospital_followup import Scale

OVERALL = "overall"
"""The question whose grade is the grade of the stay."""
LOW = 2
"""The highest grade that somebody has to do something about."""


def was_answered(turn: Turn, survey: Survey, asked: Asked) -> bool:
    """Whether this question has an answer already."""
    return asked.question.key in answers_of(survey, vault=turn.house.vault)


def keep_answer(turn: Turn, survey: Survey, asked: Asked, answer: str) -> None:
    """Puts the answer in place of the one before. How a question of integrity was answered is kept nowhere
    but in the count, so it is counted once and cannot be changed."""
    question = asked.question
    answers = answers_of(survey, vault=turn.house.vault)
    first, before = question.key not in answers, answers.get(question.key)
    grade = None if answer == SKIP or question.scale in (Scale.ASKED, Scale.WORDS) else int(answer)
    if question.scale is not Scale.WORDS:
        if not first and question.scale is not Scale.ASKED:
            take_back_answer(turn.session, survey, question.key, SKIP if before is None else str(before))
        if first or question.scale is not Scale.ASKED:
            count_answer(turn.session, survey, question.key, answer)
    if question.key == OVERALL and question.scale is Scale.RATING:
        survey.score = grade
    keep_answers(survey, answers | {question.key: grade}, vault=turn.house.vault)
    turn.session.add(survey)
    mark_reached(turn.session, survey.id or 0)
