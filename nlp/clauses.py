"""Cuts a normalised text into clauses and says of each how it speaks: asking, planning, hearing, denying."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from operator import attrgetter

from nlp.hits import HitIndex
from nlp.lexicon import Hit
from nlp.normalise import Normalised
from nlp.places import any_between, first_from

# The look at the first character spares trying everything at every place.
_ENDS = re.compile(
    "(?=[,。!?;:\n…、.但可不后结然却])(?:[,。!?;:\n…、]+|\\.(?![0-9])|(?=但是|但|可是|不过|后来|结果|然而|却))"
)
_NEAR = 3
"""How many characters may stand between a negation and what it denies (没 有人 收)."""

_REFUSALS = frozenset({"refuse", "denial"})
_OVERLAPPING = 8
"""Spans that may cover one place; each is short."""
_TURN = 12
"""Characters between a refusal and the contrast that overturns it."""

_start = attrgetter("start")


@dataclass(slots=True)
class Clause:
    """A stretch of text without a pause; `closer` is the punctuation after it."""

    start: int
    end: int
    closer: str
    tags: set[str] = field(default_factory=set)


class Clauses:
    """The clauses of a text with the concepts found in each."""

    def __init__(self, form: Normalised, hits: list[Hit]) -> None:
        self._at: list[Clause] = []
        for clause in _split(form):
            self._at += [clause] * (clause.end - clause.start)
        for hit in hits:
            if hit.entry.kind == "concept":
                self._at[hit.start].tags.update(hit.entry.tags)

    def of(self, position: int) -> Clause:
        """The clause that holds this position."""
        return self._at[position]

    def asks(self, position: int) -> bool:
        """Whether the clause, or the one right after it, puts a question and tells nothing."""
        clause = self._at[position]
        return "asking" in clause.tags or (clause.closer.startswith("?") and "ask_end" in clause.tags)


def mark_negations(clauses: Clauses, index: HitIndex) -> None:
    """Sets `negated` on every hit that a negation stands right before, in the same clause."""
    for negation in index.by_tag.get("neg", ()):
        clause = clauses.of(negation.start)
        for at in range(bisect_left(index.hits, negation.end, key=_start), len(index.hits)):
            hit = index.hits[at]
            if hit.start > negation.end + _NEAR:
                break
            if clauses.of(hit.start) is clause:
                hit.negated = True


def overturn_refusals(index: HitIndex) -> None:
    """Denies a refusal where a contrast and a taking follow (没收礼，但收了水果) or all refuse to refuse.

    What the refusal denied in between then counts as said: 嘴上说不要红包，后来收了.
    """
    refusals = index.tagged(_REFUSALS)
    if not refusals:
        return
    turns = index.by_tag.get("contrast", ())
    takings = [hit.start for hit in index.by_tag.get("took", ()) if not hit.negated]
    doubles = sorted(hit.end for hit in index.by_tag.get("none_of", ()))
    effective = [turn.start for turn in turns if any_between(takings, turn.end, turn.end + _TURN)]
    said_after: list[tuple[int, int]] = []
    for refusal in refusals:
        if any_between(doubles, refusal.start - _TURN, refusal.start):
            said_after.append((refusal.start, refusal.end + _TURN))
        turn = first_from(effective, refusal.end)
        if turn is not None and turn - refusal.end <= _TURN:
            said_after.append((refusal.start, turn))
    if said_after:
        _undo(index.hits, said_after)


def _undo(hits: list[Hit], spans: list[tuple[int, int]]) -> None:
    """Takes back what was denied within these spans, which are in order of their start."""
    starts = [start for start, _ in spans]
    for hit in hits:
        near = spans[max(0, bisect_right(starts, hit.start) - _OVERLAPPING) : bisect_right(starts, hit.start)]
        if any(hit.start < end for _, end in near):
            hit.negated = not _REFUSALS.isdisjoint(hit.entry.tags)


def _split(form: Normalised) -> list[Clause]:
    cuts = [(*match.span(), match.group()) for match in _ENDS.finditer(form.text)]
    if form.breaks:
        cuts += [(position, position, " ") for position in form.breaks]
        cuts.sort()
    clauses: list[Clause] = []
    position = 0
    for start, end, closer in cuts:
        if start > position:
            clauses.append(Clause(position, end, closer.strip()))
            position = end
        elif clauses and end > position:
            clauses[-1].end = position = end
    if position < len(form.text) or not clauses:
        clauses.append(Clause(position, len(form.text), ""))
    return clauses
