"""Finds frames: a giver, a thing, a transfer and a receiver near each other, without the key word."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from nlp.frame_book import Frame, FrameBook
from nlp.hits import HitIndex
from nlp.lexicon import Hit
from nlp.places import any_between

_TRIES = 60
"""How many places of a frame's rarest part are tried; a long text repeats itself."""
_MATCHES = 3
_EXCLUDED_AROUND = 12
"""Characters around a frame in which nothing may stand that excludes it."""

_start, _end = itemgetter(1), itemgetter(2)


class Match(NamedTuple):
    """A frame found from start to end, with the hits that fill its parts in the order of the frame."""

    frame: Frame
    hits: list[Hit]
    start: int
    end: int


def match_frames(frames: FrameBook, index: HitIndex) -> list[Match]:
    """Every frame found, at most a few times each."""
    return [match for frame in frames.possible(index.by_tag) for match in _matches(frame, index)]


def _matches(frame: Frame, index: HitIndex) -> Iterator[Match]:
    candidates = [index.of(part) for part in frame.parts]
    sizes = list(map(len, candidates))
    rarest = sizes.index(min(sizes))
    count = 0
    for anchor in candidates[rarest][:_TRIES]:
        match = _fill(frame, candidates, rarest, anchor)
        if match is not None and not _is_excluded(match, index):
            yield match
            count += 1
            if count == _MATCHES:
                return


def _fill(frame: Frame, candidates: list[list[Hit]], rarest: int, anchor: Hit) -> Match | None:
    chosen = [anchor]
    for number, options in enumerate(candidates):
        if number == rarest:
            continue
        near = _nearest(options, anchor, frame, number < rarest, chosen)
        if near is None:
            return None
        chosen.append(near)
    hits = [*chosen[1 : rarest + 1], anchor, *chosen[rarest + 1 :]]
    start, end = min(map(_start, hits)), max(map(_end, hits))
    return Match(frame, hits, start, end) if end - start <= frame.within and _in_order(frame, hits) else None


def _nearest(options: list[Hit], anchor: Hit, frame: Frame, before: bool, chosen: list[Hit]) -> Hit | None:
    """The option closest to the anchor on the side the order asks for, overlapping none chosen before."""
    best: Hit | None = None
    # Of hits that start together the shortest leaves most room for the other parts: 收 before 收红包.
    least = (frame.within + 1, 0)
    middle, last = anchor[1], anchor[1] + frame.within
    for at in range(bisect_left(options, middle - frame.within, key=_start), len(options)):
        option = options[at]
        _, start, end = option
        if start > last:
            break
        if frame.ordered and (start < middle) != before:
            continue
        apart = (abs(start - middle), end - start)
        if apart < least and not _overlaps(option, chosen):
            best, least = option, apart
    return best


def _in_order(frame: Frame, hits: list[Hit]) -> bool:
    return not frame.ordered or all(a[1] < b[1] for a, b in pairwise(hits))


def _is_excluded(match: Match, index: HitIndex) -> bool:
    start, end = match.start - _EXCLUDED_AROUND, match.end + _EXCLUDED_AROUND
    return any(any_between(index.asserted(tag), start, end - 1) for tag in match.frame.excluded)


def _overlaps(one: Hit, chosen: list[Hit]) -> bool:
    _, start, end = one
    # As a list: two or three are sooner compared than a generator is set up, and this is asked most.
    return True in [start < other[2] and other[1] < end for other in chosen]
