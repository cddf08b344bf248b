"""Tells what cannot wait: danger, a demand before a coming operation, violence, evidence being destroyed."""

from nlp.frames import HitIndex
from nlp.taxonomy import Category, Intent
from nlp.weighing import Scales

_ALWAYS = ("self_harm", "emergency", "destroying", "afraid", "ongoing_harm")
_MONEY_BEFORE_CARE = 30


def is_urgent(index: HitIndex, scales: Scales, intent: Intent) -> bool:
    """Whether somebody is in danger now, or pays before an operation, or evidence is being destroyed."""
    if intent in (Intent.PRAISE, Intent.OTHER) and "self_harm" not in index.by_tag:
        return False
    if any(not hit.negated for tag in _ALWAYS for hit in index.by_tag.get(tag, ())):
        return True
    if any(scales.scores.get(category, 0) >= 1 for category in Category if category.always_urgent):
        return True
    return scales.scores.get(Category.RED_ENVELOPE, 0) >= 1 and _soon(index)


def _soon(index: HitIndex) -> bool:
    moments, operations = index.by_tag.get("now", ()), index.by_tag.get("operation", ())
    return any(abs(one.start - other.start) < _MONEY_BEFORE_CARE for one in moments for other in operations)
