"""Looks at a text with the word lists alone: what they find, what that weighs, and what it would decide."""

from typing import NamedTuple

from nlp.clauses import Clauses, mark_negations, overturn_refusals
from nlp.entities import amount_spans
from nlp.frames import match_frames
from nlp.hits import HitIndex
from nlp.intents import ENOUGH, SURE, Decision, Signals, decide
from nlp.judging import MOST, Judgement
from nlp.lexicon import Lexicon
from nlp.normalise import Normalised
from nlp.taxonomy import COMPLAINTS, MISCONDUCT, Category, Intent
from nlp.urgency import is_urgent
from nlp.weighing import Scales, weigh


class Look(NamedTuple):
    """What the lists say of a text."""

    form: Normalised
    hits: HitIndex
    scales: Scales
    decision: Decision
    urgent: bool

    def judgement(self) -> Judgement:
        """The verdict of the lists alone."""
        intent, confidence = self.decision
        return Judgement(intent, _ranked(self.scales, intent), self.urgent, confidence, confidence < SURE)


def look(lists: Lexicon, form: Normalised) -> Look:
    """Finds words, marks what is denied, matches frames, and weighs. Time grows with the length."""
    index = HitIndex(lists.find(form.text, amount_spans(form)), lists.words, lists.tags)
    mark_negations(form.text, index)
    overturn_refusals(index)
    scales = weigh(form.text, index, match_frames(lists.frames, index), Clauses(form, index))
    decision = decide(Signals.gather(form.text, index), scales)
    urgent = is_urgent(index, scales, decision.intent, len(form.text))
    return Look(form, index, scales, decision, urgent)


def _ranked(scales: Scales, intent: Intent) -> tuple[Category, ...]:
    if intent not in (Intent.REPORT, Intent.COMPLAINT):
        return ()
    ranked = sorted(scales.scores.items(), key=lambda item: -item[1])
    if intent is Intent.COMPLAINT:
        ranked = [(category, score) for category, score in ranked if category in COMPLAINTS]
    else:
        ranked.sort(key=lambda item: item[0] not in MISCONDUCT)
    most = max([score for _, score in ranked], default=0.0)
    chosen = [category for category, score in ranked if score >= min(ENOUGH, most) and score >= 0.4 * most]
    return tuple(chosen[:MOST])
