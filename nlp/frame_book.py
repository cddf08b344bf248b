"""Frames as they are listed, and found by what a text has of their parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from nlp.taxonomy import Category


class Part(NamedTuple):
    """One place of a frame: any of these tags, negated or not (None: either)."""

    tags: frozenset[str]
    negated: bool | None


@dataclass(frozen=True, slots=True)
class Frame:
    """Things that together allege what none of them says alone, at most `within` characters apart."""

    category: Category
    parts: tuple[Part, ...]
    excluded: frozenset[str]
    ordered: bool
    within: int
    weight: float
    why: str


class FrameBook:
    """All frames, found by the tags a text has.

    A row of bits for each place in a frame, one bit per frame: a tag sets those bits whose part it may
    be. A frame is possible where its bit is set in every row.
    """

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._frames = tuple(frames)
        self._rows = max((len(frame.parts) for frame in self._frames), default=0)
        self._bits: dict[str, int] = {}
        self._missing_parts = 0
        for place, frame in enumerate(self._frames):
            for row, part in enumerate(frame.parts):
                for tag in part.tags:
                    self._bits[tag] = self._bits.get(tag, 0) | self._bit(row, place)
            for row in range(len(frame.parts), self._rows):
                self._missing_parts |= self._bit(row, place)

    def possible(self, present: Iterable[str]) -> list[Frame]:
        """The frames of whose every part something is present, in the order of the list."""
        bits = self._missing_parts
        for tag in present:
            bits |= self._bits.get(tag, 0)
        complete = self._bit(0, len(self._frames)) - 1
        for row in range(self._rows):
            complete &= bits >> row * len(self._frames)
        found = []
        while complete:
            lowest = complete & -complete
            found.append(self._frames[lowest.bit_length() - 1])
            complete ^= lowest
        return found

    def _bit(self, row: int, place: int) -> int:
        return 1 << row * len(self._frames) + place
