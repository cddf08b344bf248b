"""Decides what a message is from the scores of the learned weights."""

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from nlp.intents import ENOUGH, SUSPICION, Decision
from nlp.scoring import PLACE_OF, Scores, chance
from nlp.taxonomy import COMPLAINTS, MISCONDUCT, Category, Intent
from nlp.weighing import Scales
from nlp.weights import URGENT

MOST = 4
"""Categories named at most."""
SURE = 0.5
"""Probability of the intent below which a person at the service desk reads the message."""
_POSSIBLE_REPORT = (-4.0, -5.5)
"""Log-odds of a report from which no chat message, no letter is set aside without a person looking."""
_ALLEGED = 0.5
"""How much the likeliest kind of misconduct speaks for a report, by how far it is over its least."""
_LEANING = {Intent.PRAISE: -0.2, Intent.INQUIRY: -0.9, Intent.OTHER: -1.0}
"""Added in a letter: real ones speak of their matter less plainly than those that were learned from."""
_LISTS, _HEAVIEST = 0.5, 1.5
"""How much the word lists count beside the learned weights, and the weight from which they count no more."""
_NAMES = ((0.5, ENOUGH), (0.8, 0.5))
"""For what a chat message, a letter alleges: how much the lists count, and the weight from which they do."""
_LISTS_WHERE_SHORT, _TOLD = 1.5, 0.45
"""How much they count of a short text, where they are at least so sure of its intent."""
_GUESSED, _NOTHING_KNOWN = 0.45, 0.3
"""As sure as one can be that a short text in which the lists find nothing alleges something; what is less
than the second is no guess at all."""
_CLEARLY, _NEAR = 1.5, 2.0
"""How far over the least a kind of misconduct is plainly alleged, and how near a report must be then."""
_TINY = 1e-3
_UNLIKELY, _LIKELY = -3.0, 0.4
"""Log-odds of a report or of urgency up to which, and of another intent from which, a glance is enough."""
_REPORT, _URGENT = PLACE_OF[Intent.REPORT], PLACE_OF[URGENT]
_BESIDE = {Category.RED_ENVELOPE: 0.75, Category.KICKBACK: 0.75}
"""What accuses somebody of taking money must be clearly told where it stands beside something else."""
_PROMPT = (1.2, 0.3)
"""How far below its least urgency counts in a chat message, in a letter: a push too many costs a look, one
too few may cost a life."""
SET_ASIDE = frozenset({Intent.PRAISE, Intent.INQUIRY, Intent.OTHER})
"""What no office handles as a case of its own."""


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


def is_plain(scores: Scores) -> bool:
    """Whether words alone make plain that a text hardly reports anything and is not urgent."""
    odds = scores.odds
    if odds[_REPORT] > _UNLIKELY or odds[_URGENT] > _UNLIKELY:
        return False
    return max(odds[PLACE_OF[one]] for one in Intent) >= _LIKELY


class ByLists(NamedTuple):
    """What the word lists say of a text that was looked at closer.

    `own`: what the hospital's own words speak for; `short`: the text has few characters; `danger`: somebody
    is in danger by plain words, or a matter is named that cannot wait.
    """

    decision: Decision
    scales: Scales
    own: Sequence[Category] = ()
    short: bool = False
    danger: bool = False

    @property
    def finds_nothing(self) -> bool:
        """Whether nothing in a short text weighs for any category."""
        return self.short and max(self.scales.scores.values(), default=0.0) < SUSPICION


def judge(scores: Scores, lists: ByLists | None) -> Judgement:
    """The likeliest intent by weights and word lists together, and the categories that count for it.

    A report or complaint has at least one category. What could be a report, or is one by the lists, is not
    set aside unread. What the hospital's own words speak for is believed, and so is danger.
    """
    margin = _margin(scores, lists)
    odds = _odds(scores, margin, lists)
    intent = _intent(odds, margin, lists)
    confidence = chance(odds[intent])
    if lists is not None and lists.finds_nothing and intent not in SET_ASIDE:
        intent = intent if confidence >= _NOTHING_KNOWN else Intent.OTHER
        confidence = min(confidence, _GUESSED)
    is_letter = scores.letter >= 0.5
    possible = odds[Intent.REPORT] >= _POSSIBLE_REPORT[is_letter]
    if lists is not None and lists.decision.intent is Intent.REPORT:
        possible = True
    heard = intent not in SET_ASIDE or (possible and lists is not None and not lists.finds_nothing)
    presses = heard and scores.margin[_URGENT] >= -_PROMPT[is_letter]
    urgent = presses or (lists is not None and lists.danger)
    return Judgement(
        intent,
        () if intent in SET_ASIDE else _categories(margin, intent, lists.own if lists else ()),
        urgent and intent is not Intent.PRAISE,
        confidence,
        confidence < SURE or (possible and intent in SET_ASIDE),
    )


def _odds(scores: Scores, margin: dict[Category, float], lists: ByLists | None) -> dict[Intent, float]:
    odds = {one: scores.odds[PLACE_OF[one]] + scores.letter * _LEANING.get(one, 0.0) for one in Intent}
    odds[Intent.REPORT] += _ALLEGED * max(margin[one] for one in MISCONDUCT)
    if lists is not None:
        chances = lists.decision.chances
        share = _LISTS_WHERE_SHORT if lists.short and max(chances.values()) >= _TOLD else _LISTS
        odds = {one: sum_ + share * _log_odds(chances[one]) for one, sum_ in odds.items()}
        if lists.scales.top(MISCONDUCT) >= 1:
            odds[Intent.REPORT] += _LISTS
    return odds


def _intent(odds: dict[Intent, float], margin: dict[Category, float], lists: ByLists | None) -> Intent:
    intent = max(odds, key=odds.__getitem__)
    if intent is Intent.COMPLAINT and odds[Intent.REPORT] >= odds[intent] - _NEAR:
        # Who alleges and complains reports.
        return Intent.REPORT if max(margin[one] for one in MISCONDUCT) >= _CLEARLY else intent
    if lists is not None and lists.own and intent in SET_ASIDE:
        return Intent.REPORT if MISCONDUCT.intersection(lists.own) else Intent.COMPLAINT
    return intent


def _margin(scores: Scores, lists: ByLists | None) -> dict[Category, float]:
    """How far each category is over the least that counts; what the lists allege is nearer to it."""
    margin = {one: scores.margin[PLACE_OF[one]] for one in Category}
    share, least = _NAMES[scores.letter >= 0.5]
    for category, weight in lists.scales.scores.items() if lists else ():
        if weight >= least:
            margin[category] += share * min(weight, _HEAVIEST)
    return margin


def _categories(
    margin: dict[Category, float], intent: Intent, own: Sequence[Category]
) -> tuple[Category, ...]:
    fitting = COMPLAINTS if intent is Intent.COMPLAINT else MISCONDUCT
    first = max(fitting, key=lambda one: (one in own, margin[one]))
    others = Category if intent is Intent.REPORT else COMPLAINTS
    counting = [one for one in others if margin[one] >= _BESIDE.get(one, 0.0) or one in own]
    counting.sort(key=lambda one: -margin[one])
    return (first, *(one for one in counting if one is not first))[:MOST]


def _log_odds(share: float) -> float:
    return log((share + _TINY) / (1 - share + _TINY))
