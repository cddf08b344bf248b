"""Reads an answer that was typed instead of pressed: A, b, AC, 1, 对, 下一题."""

from dataclasses import dataclass

from handlers.words import Words
from nlp.normalise import normalise
from storage.training.questions import LETTERS, Kind, Question

LONGEST = 12
"""Characters of a message in which an answer is looked for."""
_BESIDE = str.maketrans("", "", " ,.、，。;；/和选我答案：:")
_MOST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Typed:
    """`shown` are choices as they stand on the screen; `onward` and `sure` are the words of those buttons.

    Without any of them it looks like an answer, but not like one to this question.
    """

    shown: frozenset[int] = frozenset()
    onward: bool = False
    sure: bool = False


def typed_answer(text: str, question: Question, words: Words) -> Typed | None:
    """What was meant; None for words that are no answer at all."""
    if not text or len(text) > LONGEST:
        return None
    said = normalise(text).text.strip().lower().rstrip("。.!！")
    if said in words("quiz.words_next").split():
        return Typed(onward=True)
    if said in words("quiz.words_sure").split():
        return Typed(sure=True)
    judged = _judged(said, words)
    if judged is not None:
        return Typed(frozenset({judged})) if question.kind is Kind.JUDGE else Typed()
    named = _named(said.translate(_BESIDE))
    if named is None:
        return None
    fits = max(named) < question.count and (len(named) == 1 or question.kind is Kind.MULTIPLE)
    return Typed(named) if fits else Typed()


def _judged(said: str, words: Words) -> int | None:
    if said in words("quiz.words_true").split():
        return 0
    return 1 if said in words("quiz.words_false").split() else None


def _named(said: str) -> frozenset[int] | None:
    """The places of letters, or of numbers from 1; None for anything else."""
    letters, known = said.upper(), set(LETTERS)
    if letters and set(letters) <= known:
        return frozenset(LETTERS.index(letter) for letter in letters)
    digits = said.isascii() and said.isdecimal() and len(said) <= _MOST_DIGITS
    if digits and all("1" <= digit <= str(len(LETTERS)) for digit in said):
        return frozenset(int(digit) - 1 for digit in said)
    return None
