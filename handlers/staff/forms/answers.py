"""Reads what is typed as the answer to a question of a form."""

import re
from datetime import date

from handlers.staff.day_in import day_in
from handlers.staff.figure_in import figure_in
from handlers.staff.forms.steps import NO, YES
from nlp.commands import Answer, find_answer
from storage.duties.book import FormKind, FormQuestion

LONGEST = 1000
"""Characters of an answer in words."""
_SPACE = re.compile(r"[\s·•.。]")


def answer_in(text: str, question: FormQuestion, today: date) -> str | None:
    """The answer as it is kept, or None where the text is none; empty for one that may be skipped."""
    said = text.strip()
    if question.optional and find_answer(said) is Answer.SKIP:
        return ""
    match question.kind:
        case FormKind.YES_NO:
            return {Answer.YES: YES, Answer.NO: NO}.get(find_answer(said) or Answer.SKIP)
        case FormKind.CHOICE:
            return _chosen(said, question)
        case FormKind.FIGURE:
            return figure_in(said)
        case FormKind.DATE:
            day = day_in(said, today, ahead=False)
            return day.isoformat() if day is not None else None
        case FormKind.TEXT:
            return said if any(map(str.isalnum, said)) and len(said) <= LONGEST else None


def picked(word: str, question: FormQuestion) -> str | None:
    """What a button answered; None for one of another question."""
    if word == "skip":
        return "" if question.optional else None
    if question.kind is FormKind.YES_NO:
        return word if word in (YES, NO) else None
    if question.kind is not FormKind.CHOICE or not (word.isascii() and word.isdecimal()):
        return None
    place = int(word[:3])
    return question.choices[place] if place < len(question.choices) else None


def is_same_name(typed: str, known: str) -> bool:
    """Whether somebody typed their own name; blanks and middle dots do not matter."""
    return bool(known) and _SPACE.sub("", typed) == _SPACE.sub("", known)


def _chosen(said: str, question: FormQuestion) -> str | None:
    """One of the choices, or its number from 1."""
    if said in question.choices:
        return said
    if said.isascii() and said.isdecimal() and len(said) < 3 and 0 < int(said) <= len(question.choices):
        return question.choices[int(said) - 1]
    return None
