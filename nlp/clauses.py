"""Says of the clause around a place how it speaks: asking, planning, hearing of, preaching."""

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from nlp.hits import HitIndex
from nlp.normalise import Normalised
from nlp.places import any_between, first_from

_STOP = re.compile(r"[,。!?;:\n…、]|\.(?![0-9])")
_PAUSES = frozenset(",。!?;:\n…、")
_FAR = 80
"""Nobody says more than so many characters without a pause; who does is cut there."""


_WAYS = frozenset({"asking", "plan", "policy", "hearsay"})


class Clause(NamedTuple):
    """A stretch of text without a pause, from start to before end; `asking`: a question mark closes it."""

    start: int
    end: int
    asking: bool


class Clauses:
    """The clauses of a text, found around the places that are asked about."""

    def __init__(self, form: Normalised, index: HitIndex) -> None:
        self._text = form.text
        self._breaks = form.breaks
        self._index = index
        self._turns = index.starts("contrast")
        self._known: list[Clause] = []
        self.say_more_than_told = "?" in form.text or not _WAYS.isdisjoint(index.by_tag)
        """Whether anything in the text asks, plans, heard of or preaches; most texts only tell."""

    def of(self, position: int) -> Clause:
        """The clause that holds this position."""
        for clause in self._known:
            if clause.start <= position < clause.end:
                return clause
        clause = self._around(position)
        self._known.append(clause)
        return clause

    def has(self, clause: Clause, tag: str) -> bool:
        """Whether something of this tag begins in the clause."""
        return any_between(self._index.starts(tag), clause.start, clause.end - 1)

    def asks(self, clause: Clause) -> bool:
        """Whether the clause puts a question."""
        return self.has(clause, "asking") or (clause.asking and self.has(clause, "ask_end"))

    def _around(self, position: int) -> Clause:
        text = self._text
        start = max([text.rfind(pause, max(0, position - _FAR), position) for pause in _PAUSES]) + 1
        start = start or max(0, position - _FAR)
        stop = _STOP.search(text, position + 1, position + _FAR)
        end = stop.start() if stop else min(len(text), position + _FAR)
        asking = stop is not None and stop.group() == "?"
        for seams in (self._breaks, self._turns):
            at = bisect_right(seams, position)
            if at and seams[at - 1] > start:
                start = seams[at - 1]
            if at < len(seams) and seams[at] < end:
                end, asking = seams[at], False
        return Clause(start, end, asking)


_NEAR = 3
"""How many characters may stand between a negation and what it denies (没 有人 收)."""
_REFUSALS = frozenset({"refuse", "denial"})
_OVERLAPPING = 8
"""Spans that may cover one place; each is short."""
_TURN = 12
"""Characters between a refusal and the contrast that overturns it."""


def mark_negations(text: str, index: HitIndex) -> None:
    """Notes every hit that a negation stands right before, in the same clause."""
    negations = index.by_tag.get("neg", ())
    if not negations:
        return
    hits = index.hits
    starts = [start for _, start, _ in hits]
    for _, _, first in negations:
        last = first
        while last < min(first + _NEAR, len(text)) and text[last] not in _PAUSES:
            last += 1
        index.negated.update(hits[bisect_left(starts, first) : bisect_right(starts, last)])


def overturn_refusals(index: HitIndex) -> None:
    """Denies a refusal where a contrast and a taking follow (没收礼，但收了水果) or all refuse to refuse.

    What the refusal denied in between then counts as said: 嘴上说不要红包，后来收了.
    """
    refusals = index.tagged(_REFUSALS)
    if not refusals:
        return
    takings = index.asserted("took")
    doubles = sorted(end for _, _, end in index.by_tag.get("none_of", ()))
    turns = index.by_tag.get("contrast", ())
    effective = [start for _, start, end in turns if any_between(takings, end, end + _TURN)]
    said_after: list[tuple[int, int]] = []
    for _, start, end in refusals:
        if any_between(doubles, start - _TURN, start):
            said_after.append((start, end + _TURN))
        turn = first_from(effective, end)
        if turn is not None and turn - end <= _TURN:
            said_after.append((start, turn))
    if said_after:
        _undo(index, said_after)


def _undo(index: HitIndex, spans: list[tuple[int, int]]) -> None:
    """Takes back what was denied within these spans, which are in order of their start."""
    starts = [start for start, _ in spans]
    for hit in index.hits:
        at = bisect_right(starts, hit[1])
        if any(hit[1] < end for _, end in spans[max(0, at - _OVERLAPPING) : at]):
            if index.is_tagged(hit, _REFUSALS):
                index.negated.add(hit)
            else:
                index.negated.discard(hit)
