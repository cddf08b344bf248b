"""Weighs what was found: how much each category is alleged, after what the context says about it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from nlp.boundaries import is_word
from nlp.clauses import Clauses
from nlp.frames import Match
from nlp.hits import HitIndex
from nlp.lexicon import Hit
from nlp.places import any_between
from nlp.taxonomy import COMPLAINTS, Category

ASKED, PLANNED, HEARD, PREACHED = 0.2, 0.3, 0.8, 0.25
"""What is left of an allegation that is only asked, planned, heard of, or preached about."""
_ECHO = 0.25
"""Every further witness for a category adds this share of its weight."""
_REPEATS = 40
"""A word said more often than that says nothing new; it bounds the questions to jieba."""
_MOST_ECHOES = 6
_LONG, _IN_PASSING = 120, 0.75
"""In a text of so many characters things stand near each other by chance: frames count that much."""
_DONE = frozenset({"took", "gave"})
_REFUSALS = frozenset({"refuse", "denial"})
_AROUND = 18
"""Characters around a refusal within which a gift counts as refused."""

_EVENT_LENGTH = 60
"""A short text about red envelopes among friends is about nothing else."""


class Witness(NamedTuple):
    """A hit or frame with the weight that is left of it; normalised positions."""

    category: Category
    start: int
    end: int
    weight: float
    why: str


@dataclass(slots=True)
class Scales:
    """The weight of every category and the witnesses behind it, heaviest first."""

    scores: dict[Category, float] = field(default_factory=dict)
    witnesses: list[Witness] = field(default_factory=list)

    def top(self, among: frozenset[Category]) -> float:
        """The largest weight among these categories."""
        return max([score for category, score in self.scores.items() if category in among], default=0.0)


def weigh(text: str, index: HitIndex, matches: list[Match], clauses: Clauses) -> Scales:
    """Adds up terms and frames by category."""
    refusals = [hit.start for hit in index.tagged(_REFUSALS) if not hit.negated]
    share = _IN_PASSING if len(text) > _LONG else 1.0
    witnesses = [_of_frame(match, clauses, share) for match in matches]
    seen: dict[str, int] = {}
    for hit in index.hits:
        entry = hit.entry
        if entry.category is None or entry.weight <= 0:
            continue
        seen[entry.term] = seen.get(entry.term, 0) + 1
        if seen[entry.term] <= _REPEATS:
            witnesses.append(_of_term(text, hit, entry.category, clauses, refusals))
    witnesses = [witness for witness in witnesses if witness.weight > 0]
    if "event" in index.by_tag and len(text) < _EVENT_LENGTH:
        witnesses = [w for w in witnesses if w.category is not Category.RED_ENVELOPE]
    witnesses.sort(key=lambda witness: (-witness.weight, witness.start))
    return Scales(_add_up(text, witnesses), witnesses)


def _of_frame(match: Match, clauses: Clauses, trust: float) -> Witness:
    share = min([_share(hit, clauses) for hit in match.hits])
    if share < 0.5 and share != PREACHED and any(not _DONE.isdisjoint(hit.entry.tags) for hit in match.hits):
        share = 0.5
    weight = match.frame.weight * share * trust
    return Witness(match.frame.category, match.start, match.end, weight, match.frame.why)


def _of_term(text: str, hit: Hit, category: Category, clauses: Clauses, refusals: list[int]) -> Witness:
    weight = hit.entry.weight * _share(hit, clauses)
    denied = hit.negated and category not in COMPLAINTS
    refused = category is Category.RED_ENVELOPE and any_between(
        refusals, hit.start - _AROUND, hit.start + _AROUND
    )
    if denied or refused or not _stands_as_word(text, hit):
        weight = 0.0
    why = "key word" if hit.entry.weight >= 1 else "topic word, context decides"
    return Witness(category, hit.start, hit.end, weight, why)


def _stands_as_word(text: str, hit: Hit) -> bool:
    return hit.entry.kind != "cut" or is_word(text, hit.start, hit.end)


def _share(hit: Hit, clauses: Clauses) -> float:
    if clauses.asks(hit.start):
        return ASKED
    tags = clauses.of(hit.start).tags
    if "plan" in tags:
        return PLANNED
    if "policy" in tags:
        return PREACHED
    return HEARD if "hearsay" in tags else 1.0


def _add_up(text: str, witnesses: list[Witness]) -> dict[Category, float]:
    """The heaviest witness counts in full, other words elsewhere in the text as an echo."""
    scores: dict[Category, float] = {}
    seen: dict[Category, list[Witness]] = {}
    said: set[tuple[Category, str]] = set()
    for witness in witnesses:
        earlier = seen.setdefault(witness.category, [])
        words = (witness.category, text[witness.start : witness.end])
        if earlier and (
            len(earlier) > _MOST_ECHOES or words in said or any(_overlap(one, witness) for one in earlier)
        ):
            continue
        share = 1.0 if not earlier else _ECHO if witness.weight >= 1 else 2 * _ECHO
        scores[witness.category] = scores.get(witness.category, 0.0) + witness.weight * share
        earlier.append(witness)
        said.add(words)
    return scores


def _overlap(one: Witness, other: Witness) -> bool:
    return one.start < other.end and other.start < one.end
