"""Weighs what was found: how much each category is alleged, after what the context says about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from nlp.boundaries import is_word
from nlp.clauses import Clauses
from nlp.frames import Match
from nlp.hits import HitIndex
from nlp.lexicon import TERM, Hit
from nlp.list_rows import Entry
from nlp.places import any_between
from nlp.taxonomy import COMPLAINTS, Category

OWN = "the hospital's own word"
_KEY, _TOPIC = "key word", "topic word, context decides"
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
    refusals = sorted(start for tag in _REFUSALS for start in index.asserted(tag))
    share = _IN_PASSING if len(text) > _LONG else 1.0
    witnesses = [_of_frame(match, index, clauses, share) for match in matches]
    seen: dict[int, int] = {}
    for hit in index.by_tag.get(TERM, ()):
        number = hit[0]
        seen[number] = seen.get(number, 0) + 1
        if seen[number] <= _REPEATS:
            witnesses += _of_term(text, hit, index, clauses, refusals)
    witnesses = [witness for witness in witnesses if witness.weight > 0]
    if "event" in index.by_tag and len(text) < _EVENT_LENGTH:
        witnesses = [w for w in witnesses if w.category is not Category.RED_ENVELOPE]
    witnesses.sort(key=lambda witness: (-witness.weight, witness.start))
    return Scales(_add_up(text, witnesses), witnesses)


def _of_frame(match: Match, index: HitIndex, clauses: Clauses, trust: float) -> Witness:
    share = min([_share(start, clauses) for _, start, _ in match.hits])
    if share < 0.5 and share != PREACHED and any(index.is_tagged(hit, _DONE) for hit in match.hits):
        share = 0.5
    weight = match.frame.weight * share * trust
    return Witness(match.frame.category, match.start, match.end, weight, match.frame.why)


def _of_term(
    text: str, hit: Hit, index: HitIndex, clauses: Clauses, refusals: list[int]
) -> Iterator[Witness]:
    number, start, end = hit
    share = _share(start, clauses)
    refused = any_between(refusals, start - _AROUND, start + _AROUND)
    for entry in index.words[number].entries:
        category = entry.category
        if category is None or (hit in index.negated and category not in COMPLAINTS):
            continue
        if (refused and category is Category.RED_ENVELOPE) or not _stands_as_word(text, start, end, entry):
            continue
        why = OWN if entry.kind == "own" else _KEY if entry.weight >= 1 else _TOPIC
        yield Witness(category, start, end, entry.weight * share, why)


def _stands_as_word(text: str, start: int, end: int, entry: Entry) -> bool:
    return entry.kind != "cut" or is_word(text, start, end)


def _share(position: int, clauses: Clauses) -> float:
    """What is left of an allegation here, after how its clause speaks."""
    if not clauses.say_more_than_told:
        return 1.0
    clause = clauses.of(position)
    if clauses.asks(clause):
        return ASKED
    if clauses.has(clause, "plan"):
        return PLANNED
    if clauses.has(clause, "policy"):
        return PREACHED
    return HEARD if clauses.has(clause, "hearsay") else 1.0


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
