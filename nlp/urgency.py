"""Tells what cannot wait: danger, a demand before a coming operation, violence, evidence being destroyed."""

from nlp.hits import HitIndex
from nlp.lexicon import DANGER
from nlp.places import any_between
from nlp.taxonomy import Category, Intent
from nlp.weighing import Scales

_TELLING = 120
"""A longer text tells a story: danger in it counts only next to a word that says it is now."""
_NEAR = 30
ALWAYS_URGENT = frozenset(category for category in Category if category.always_urgent)


def is_urgent(index: HitIndex, scales: Scales, intent: Intent, length: int) -> bool:
    """Whether somebody is in danger now, or pays before an operation, or evidence is being destroyed."""
    if intent is Intent.PRAISE:
        return False
    moments = index.starts("now")
    dangers = [start for tag in DANGER if tag in index.by_tag for start in index.asserted(tag)]
    if any(length <= _TELLING or _near(start, moments) for start in dangers):
        return True
    if intent is Intent.REPORT and scales.top(ALWAYS_URGENT) >= 1:
        return length <= _TELLING
    paid = scales.scores.get(Category.RED_ENVELOPE, 0) >= 1
    return paid and any(_near(start, moments) for start in index.starts("operation"))


def _near(start: int, moments: list[int]) -> bool:
    return any_between(moments, start - _NEAR, start + _NEAR)
