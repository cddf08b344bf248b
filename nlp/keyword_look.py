"""Looks at a text with the word lists alone: what they find, what that weighs, and what it would decide."""

from typing import NamedTuple

from nlp.clauses import Clauses, mark_negations, overturn_refusals
from nlp.entities import amount_spans
from nlp.frames import match_frames
from nlp.hits import HitIndex
from nlp.intents import ENOUGH, SURE, Decision, Signals, decide
from nlp.judging import MOST, ByLists, Judgement
from nlp.lexicon import DANGER, Hit, Lexicon
from nlp.normalise import Normalised
from nlp.signs import at_a_glance, looked_at
from nlp.taxonomy import COMPLAINTS, MISCONDUCT, Category, Intent
from nlp.urgency import ALWAYS_URGENT, is_urgent
from nlp.weighing import OWN, Scales, weigh

_SHORT = 14
"""Characters of a text in which every one counts."""


class Glance(NamedTuple):
    """The words of a text, by the lists; `numbers` are theirs in the lexicon."""

    form: Normalised
    hits: list[Hit]
    numbers: set[int]

    def signs(self, lists: Lexicon) -> list[str]:
        """What the learned weights know of it."""
        tags = {tag for number in self.numbers for tag in lists.words[number].tags}
        return at_a_glance(tags, self.form.text)


class Look(NamedTuple):
    """What the lists say of a text, looked at as a whole."""

    form: Normalised
    hits: HitIndex
    scales: Scales
    decision: Decision
    urgent: bool

    def judgement(self) -> Judgement:
        """The verdict of the lists alone."""
        intent, confidence, _ = self.decision
        return Judgement(intent, _ranked(self.scales, intent), self.urgent, confidence, confidence < SURE)

    def signs(self) -> list[str]:
        """What the learned weights know of it beside the signs of the glance."""
        return looked_at(self.hits, self.scales, self.decision)

    def by_lists(self) -> ByLists:
        """All that the judgement asks of the lists."""
        own = [one.category for one in self.scales.witnesses if one.why == OWN and one.weight >= ENOUGH]
        danger = not DANGER.isdisjoint(self.hits.by_tag) or self.scales.top(ALWAYS_URGENT) >= ENOUGH
        short = len(self.form.text) < _SHORT
        return ByLists(self.decision, self.scales, own, short, self.urgent and danger)


def glance(lists: Lexicon, form: Normalised) -> Glance:
    """Finds the words."""
    hits = lists.find(form.text, amount_spans(form))
    return Glance(form, hits, {hit[0] for hit in hits})


def look(lists: Lexicon, seen: Glance) -> Look:
    """Marks what is denied, matches frames, and weighs. Time grows with the length."""
    form = seen.form
    index = HitIndex(seen.hits, lists.words)
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
