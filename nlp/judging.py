"""Decides what a message is from the scores of the learned weights."""

from typing import NamedTuple

from nlp.scoring import Scores
from nlp.taxonomy import COMPLAINTS, MISCONDUCT, Category, Intent
from nlp.weights import URGENT

MOST = 4
"""Categories named at most."""
SURE = 0.5
"""Probability of the intent below which a person at the service desk reads the message."""
_POSSIBLE_REPORT = (0.15, 0.04)
"""Probability of a report from which no chat message, no letter is set aside without a person looking."""
_SET_ASIDE = frozenset({Intent.PRAISE, Intent.INQUIRY, Intent.OTHER})


class Judgement(NamedTuple):
    """What a message is taken for; categories with the most likely first."""

    intent: Intent
    categories: tuple[Category, ...]
    urgent: bool
    confidence: float
    unsure: bool

    @property
    def labels(self) -> tuple[str, ...]:
        """What has to be explained: the categories, or the intent where there are none."""
        return self.categories or (self.intent,)


def judge(scores: Scores, by_keywords: Intent) -> Judgement:
    """The likeliest intent, and the categories that count for it: at least one for a report or complaint.

    `by_keywords` is what the word lists alone take it for: what they call a report is not set aside unread.
    """
    intent = max(Intent, key=lambda one: scores.odds[one])
    confidence = scores.chance(intent)
    least = _POSSIBLE_REPORT[scores.letter >= 0.5]
    possible = by_keywords is Intent.REPORT or scores.chance(Intent.REPORT) >= least
    return Judgement(
        intent,
        _categories(scores, intent),
        scores.margin[URGENT] >= 0 and intent is not Intent.PRAISE,
        confidence,
        confidence < SURE or (possible and intent in _SET_ASIDE),
    )


def _categories(scores: Scores, intent: Intent) -> tuple[Category, ...]:
    if intent in _SET_ASIDE:
        return ()
    fitting = COMPLAINTS if intent is Intent.COMPLAINT else MISCONDUCT
    first = max(fitting, key=lambda one: scores.margin[one])
    others = Category if intent is Intent.REPORT else COMPLAINTS
    counting = [one for one in others if scores.margin[one] >= 0 and one is not first]
    counting.sort(key=lambda one: -scores.margin[one])
    return (first, *counting)[:MOST]
