"""Finds the rating in a reply: in numbers, then in stars, then in words; and settles which one counts."""

import re
from collections.abc import Callable, Sequence

from nlp.marks import Mark, words_around
from nlp.replies import Reply
from nlp.score_numbers import count_stars, find_numbers
from nlp.score_words import alone, find_words

_SPELLED = 8
"""Longest reply in characters that may have been spelled with blanks (满 意)."""


def find_score(reply: Reply) -> int | None:
    """The rating 1 to 5, or None where there is none or only parts of the stay were rated, each apart.

    Points out of ten or a hundred are brought to five, halves rounded up.
    """
    score = _find(reply)
    if score is None and len(reply.joined) < min(_SPELLED, len(reply.bare)):
        return _find(Reply(reply.joined))
    return score


def rated_apart(reply: Reply) -> bool:
    """Whether single things were rated, each differently, and the stay was not."""
    marks = find_numbers(reply) or find_words(reply)
    apart = {mark.score for mark in marks if mark.aspect}
    return len(apart) > 1 and max(apart) >= 4 and find_score(reply) is None


def _find(reply: Reply) -> int | None:
    whole = alone(reply)
    if whole is not None:
        return whole
    finders: Sequence[Callable[[Reply], list[Mark]]] = (find_numbers, count_stars, find_words)
    apart = [mark for mark in find_words(reply) if mark.weak]
    for number, find in enumerate(finders):
        marks = [mark for mark in find(reply) if not mark.weak]
        if not marks:
            continue
        if all(mark.aspect for mark in marks):
            marks += apart
        score = _settle(reply.text, marks) if number < len(finders) - 1 else _settle_words(reply.text, marks)
        # 医生5分,食堂1分,总体满意: the words may still tell the overall one.
        return score if score is not None or number else _settle_overall(find_words(reply))
    return None


def _settle(text: str, marks: list[Mark]) -> int | None:
    """One score out of several: this stay's, the whole's, the one that was put right."""
    here = [mark for mark in marks if not mark.elsewhere] or [mark for mark in marks if not mark.past]
    scores = {mark.score for mark in here}
    if len(scores) <= 1:
        return scores.pop() if scores else None
    score = _settle_overall(here)
    if score is not None:
        return score
    plain = [mark for mark in here if not mark.aspect]
    if len({mark.score for mark in plain}) == 1:
        return plain[0].score
    return plain[-1].score if plain and _mended(text, plain) else None


def _settle_words(text: str, marks: list[Mark]) -> int | None:
    """Words said twice with growing weight (满意,非常满意) are one rating, the stronger one."""
    score = _settle(text, marks)
    plain = [mark.score for mark in marks if not mark.aspect and not mark.elsewhere]
    if score is not None or not plain:
        return score
    return max(plain) if min(plain) >= 3 else min(plain) if max(plain) <= 3 else None


def _settle_overall(marks: list[Mark]) -> int | None:
    overall = [mark.score for mark in marks if mark.overall]
    return overall[-1] if overall else None


def _mended(text: str, marks: list[Mark]) -> bool:
    between = text[marks[0].end : marks[-1].start]
    after = text[marks[-1].end : marks[-1].end + 4]
    return re.search(words_around()["mended"], between) is not None or after.startswith(("为准", "算数"))
