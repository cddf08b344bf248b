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
_POSSIBLE_REPORT = (0.15, 0.005)
"""Probability of a report from which no chat message, no letter is set aside without a person looking."""
_LISTS, _LISTS_WHERE_SHORT, _HEAVIEST = 0.5, 1.5, 1.5
_TOLD = 0.45
_GUESSED, _NOTHING_KNOWN = 0.45, 0.3
"""As sure as one can be that a few words in which the lists find nothing allege something, and less than
which is no guess at all."""
"""How much the word lists count beside the learned weights, and the weight from which they count no more."""
_CLEARLY, _NEAR = 1.5, 2.0
"""How far over the least a kind of misconduct is plainly alleged."""
_NO_SCALES = Scales()
_TINY = 1e-3
_UNLIKELY, _LIKELY = -3.0, 0.4
"""Log-odds of a report or of urgency up to which, and of another intent from which, a glance is enough."""
_REPORT, _URGENT = PLACE_OF[Intent.REPORT], PLACE_OF[URGENT]
_BESIDE = {Category.RED_ENVELOPE: 0.75, Category.KICKBACK: 0.75}
"""What accuses somebody of taking money must be clearly told where it stands beside something else."""
_PROMPT = 1.0
"""How far below its least urgency counts: a push too many costs a look, one too few may cost a life."""
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


def is_plain(scores: Scores) -> bool:
    """Whether words alone make plain that a text neither reports anything nor is urgent."""
    odds = scores.odds
    least = log(_POSSIBLE_REPORT[scores.letter >= 0.5])
    if odds[_REPORT] > min(least, _UNLIKELY) or odds[_URGENT] > _UNLIKELY:
        return False
    return max(odds[PLACE_OF[one]] for one in Intent) >= _LIKELY


def judge(
    scores: Scores,
    by_lists: Decision | None,
    scales: Scales = _NO_SCALES,
    own: Sequence[Category] = (),
    *,
    short: bool = False,
    danger: bool = False,
) -> Judgement:
    """The likeliest intent by weights and word lists together, and the categories that count for it.

    `by_lists` and `scales` are what the lists say, where they were asked; of a `short` text they know more
    than weights learned from longer ones. A report or complaint has at least one category. What could be
    a report, or is one by the lists, is not set aside unread. `own` is what the hospital's own words speak
    for: it is believed; so is `danger` that the lists see.
    """
    odds = {one: scores.odds[PLACE_OF[one]] for one in Intent}
    if by_lists is not None:
        share = _LISTS_WHERE_SHORT if short and by_lists.chances[by_lists.intent] >= _TOLD else _LISTS
        odds = {one: sum_ + share * _log_odds(by_lists.chances[one]) for one, sum_ in odds.items()}
    if scales.top(MISCONDUCT) >= 1:
        odds[Intent.REPORT] += _LISTS
    intent = max(odds, key=odds.__getitem__)
    margin = _margin(scores, scales)
    near = odds[Intent.REPORT] >= odds[Intent.COMPLAINT] - _NEAR
    if intent is Intent.COMPLAINT and near and max(margin[one] for one in MISCONDUCT) >= _CLEARLY:
        intent = Intent.REPORT  # who alleges and complains reports
    if own and intent in _SET_ASIDE:
        intent = Intent.REPORT if MISCONDUCT.intersection(own) else Intent.COMPLAINT
    confidence = chance(odds[intent])
    if short and intent not in _SET_ASIDE and max(scales.scores.values(), default=0.0) < SUSPICION:
        if confidence < _NOTHING_KNOWN:
            intent = Intent.OTHER
        confidence = min(confidence, _GUESSED)
    possible = chance(scores.odds[_REPORT]) >= _POSSIBLE_REPORT[scores.letter >= 0.5]
    if by_lists is not None and by_lists.intent is Intent.REPORT:
        possible = True
    return Judgement(
        intent,
        () if intent in _SET_ASIDE else _categories(margin, intent, own),
        (danger or scores.margin[_URGENT] >= -_PROMPT) and intent is not Intent.PRAISE,
        confidence,
        confidence < SURE or (possible and intent in _SET_ASIDE),
    )


def _margin(scores: Scores, scales: Scales) -> dict[Category, float]:
    """How far each category is over the least that counts; what the lists allege is nearer to it."""
    margin = {one: scores.margin[PLACE_OF[one]] for one in Category}
    for category, weight in scales.scores.items():
        if weight >= ENOUGH:
            margin[category] += _LISTS * min(weight, _HEAVIEST)
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
