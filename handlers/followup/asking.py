"""The questions of a survey: which one is next, and how it looks with its buttons."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.turn import Rows
from handlers.words import Words
from storage.followup.surveys import Survey, answers_of
from storage.hospital_followup import Kind, Question, Scale
from storage.house import House
from storage.messages import Choice, Reply

SKIP, YES, NO = "skip", "yes", "no"
_LIKELY = (range(4), range(4, 8), range(8, 11))
_ANSWERS: Mapping[Scale, tuple[str, ...]] = {
    Scale.RATING: ("1", "2", "3", "4", "5", SKIP),
    Scale.OFTEN: ("1", "2", "3", "4", SKIP),
    Scale.ASKED: (NO, YES, SKIP),
    Scale.LIKELY: (*map(str, range(11)), SKIP),
    Scale.WORDS: (SKIP,),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in its place: `number` of `total`, counted from one."""

    question: Question
    number: int
    total: int


def questions_of(survey: Survey, house: House) -> tuple[Asked, ...]:
    """What this survey asks, in order."""
    rules = house.hospital.followup
    keys = rules.questions_for(survey.plan, survey.kind, survey.department)
    known = [rules.bank[key] for key in keys if key in rules.bank]
    return tuple(Asked(one, number, len(known)) for number, one in enumerate(known, start=1))


def find_question(survey: Survey, key: str, house: House) -> Asked | None:
    """The question with this key, if the survey asks it."""
    return next((one for one in questions_of(survey, house) if one.question.key == key), None)


def next_question(survey: Survey, house: House) -> Asked | None:
    """The first question without an answer; None when all is said. Raises SealError."""
    answered = answers_of(survey, vault=house.vault)
    return next((one for one in questions_of(survey, house) if one.question.key not in answered), None)


def answers_on(scale: Scale) -> tuple[str, ...]:
    """The answers that a question of this scale can have."""
    return _ANSWERS[scale]


def question_words(asked: Asked, words: Words) -> str:
    """第 1 题，共 4 题, and the question."""
    return words("survey.number", number=asked.number, total=asked.total, text=asked.question.text)


def question_rows(survey: Survey, asked: Asked, words: Words) -> Rows:
    """One large button to a row; 不便回答 is always the last."""
    question = asked.question
    value = f"survey:{survey.id}:{question.key}"
    skip = (Choice(answer_label(question, SKIP, words), f"{value}:{SKIP}"),)
    match question.scale:
        case Scale.RATING:
            return grade_rows(value, words)
        case Scale.WORDS:
            return (skip,)
        case Scale.LIKELY:
            rows = [tuple(Choice(str(one), f"{value}:{one}") for one in numbers) for numbers in _LIKELY]
            return (*rows, skip)
    answers = [one for one in _ANSWERS[question.scale] if one != SKIP]
    return (*((Choice(answer_label(question, one, words), f"{value}:{one}"),) for one in answers), skip)


def grade_rows(value: str, words: Words) -> tuple[tuple[Choice, ...], ...]:
    """The five grades and 不便回答, each sending `value` with the grade."""
    rows = [(Choice(words(f"survey.rating_{grade}"), f"{value}:{grade}"),) for grade in range(5, 0, -1)]
    return (*rows, (Choice(words("survey.skip"), f"{value}:{SKIP}"),))


def answer_label(question: Question, answer: str, words: Words) -> str:
    """How an answer reads on its button."""
    if answer == SKIP:
        return words("survey.nothing" if question.scale is Scale.WORDS else "survey.skip")
    if question.scale is Scale.LIKELY:
        return answer
    return words(f"survey.{question.scale}_{answer}")


def first_words(
    survey: Survey, total: int, *, reminds: bool, short: bool = False, house: House, words: Words
) -> str:
    """Who asks, why, that nobody must, and how to stop.

    `short` for text messages, which others may see: a department can tell an illness, so it is not named.
    """
    key = "remind" if reminds else "hello_integrity" if survey.kind is Kind.INTEGRITY else "hello"
    key += "_sms" if short else ""
    return words(f"survey.{key}", hospital=house.hospital.name, department=survey.department, total=total)


def first_message(
    survey: Survey, *, reminds: bool = False, short: bool = False, house: House, words: Words
) -> Reply | None:
    """The greeting with the question that is next, and two ways out; None where nothing is left to ask."""
    asked = next_question(survey, house)
    if asked is None:
        return None
    greeting = first_words(survey, asked.total, reminds=reminds, short=short, house=house, words=words)
    out = (
        Choice(words("survey.wrong"), f"survey:{survey.id}:-wrong"),
        Choice(words("survey.stop"), f"survey:{survey.id}:-stop"),
    )
    rows = tuple(tuple(row) for row in question_rows(survey, asked, words))
    return Reply(f"{greeting}\n\n{question_words(asked, words)}", (*rows, out))
