"""Finds frames: a giver, a thing, a transfer and a receiver near each other, without the key word."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from nlp.lexicon import Frame, FrameBook, Hit, Part
from nlp.places import any_between

_TRIES = 60
"""How many places of a frame's rarest part are tried; a long text repeats itself."""
_MATCHES = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A frame found, with the hits that fill its parts in the order of the frame."""

    frame: Frame
    hits: tuple[Hit, ...]

    @property
    def start(self) -> int:
        return min(hit.start for hit in self.hits)

    @property
    def end(self) -> int:
        return max(hit.end for hit in self.hits)


class HitIndex:
    """The hits of a text by tag, each list in order of position."""

    def __init__(self, hits: list[Hit]) -> None:
        self.by_tag: dict[str, list[Hit]] = {}
        self._asserted: dict[str, list[int]] = {}
        for hit in hits:
            for tag in hit.entry.tags:
                self.by_tag.setdefault(tag, []).append(hit)

    def of(self, part: Part) -> list[Hit]:
        """The hits that may fill this part, in order of position."""
        lists = [self.by_tag[tag] for tag in part.tags if tag in self.by_tag]
        hits = lists[0] if len(lists) == 1 else sorted((h for one in lists for h in one), key=_start)
        return hits if part.negated is None else [hit for hit in hits if hit.negated is part.negated]

    def asserted(self, tag: str) -> list[int]:
        """Where hits of this tag start that nothing denies, in order."""
        if tag not in self._asserted:
            self._asserted[tag] = [hit.start for hit in self.by_tag.get(tag, ()) if not hit.negated]
        return self._asserted[tag]


def match_frames(frames: FrameBook, index: HitIndex) -> list[Match]:
    """Every frame found, at most a few times each."""
    possible = frames.possible(frozenset(index.by_tag))
    return [match for frame in possible for match in _matches(frame, index)]


def _matches(frame: Frame, index: HitIndex) -> Iterator[Match]:
    candidates = [index.of(part) for part in frame.parts]
    rarest = min(range(len(candidates)), key=lambda i: len(candidates[i]))
    count = 0
    for anchor in candidates[rarest][:_TRIES]:
        filled = _fill(frame, candidates, rarest, anchor)
        if filled is not None and not _is_excluded(frame, index, filled):
            yield Match(frame, filled)
            count += 1
            if count == _MATCHES:
                return


def _fill(frame: Frame, candidates: list[list[Hit]], rarest: int, anchor: Hit) -> tuple[Hit, ...] | None:
    chosen: dict[int, Hit] = {rarest: anchor}
    for number, options in enumerate(candidates):
        if number == rarest:
            continue
        near = _nearest(options, anchor, frame, number, rarest, chosen)
        if near is None:
            return None
        chosen[number] = near
    hits = tuple(chosen[number] for number in range(len(candidates)))
    span = max(hit.end for hit in hits) - min(hit.start for hit in hits)
    return hits if span <= frame.within and _in_order(frame, hits) else None


def _nearest(
    options: list[Hit], anchor: Hit, frame: Frame, number: int, rarest: int, chosen: dict[int, Hit]
) -> Hit | None:
    """The option closest to the anchor on the side the order asks for, overlapping none chosen before."""
    best: Hit | None = None
    # Of hits that start together the shortest leaves most room for the other parts: 收 before 收红包.
    least = (frame.within + 1, 0)
    at = bisect_left(options, anchor.start - frame.within, key=_start)
    while at < len(options) and options[at].start <= anchor.start + frame.within:
        option = options[at]
        at += 1
        apart = (abs(option.start - anchor.start), option.end - option.start)
        wrong_side = frame.ordered and (option.start < anchor.start) != (number < rarest)
        if apart < least and not wrong_side and not any(_overlap(option, h) for h in chosen.values()):
            best, least = option, apart
    return best


def _in_order(frame: Frame, hits: tuple[Hit, ...]) -> bool:
    return not frame.ordered or all(a.start < b.start for a, b in pairwise(hits))


def _is_excluded(frame: Frame, index: HitIndex, hits: tuple[Hit, ...]) -> bool:
    start, end = min(h.start for h in hits) - 12, max(h.end for h in hits) + 12
    return any(any_between(index.asserted(tag), start, end - 1) for tag in frame.excluded)


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _start(hit: Hit) -> int:
    return hit.start
