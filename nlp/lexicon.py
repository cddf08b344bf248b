"""Holds all word lists in one automaton and finds their words in a normalised text."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from ahocorasick_rs import AhoCorasick

from nlp.frame_book import FrameBook
from nlp.list_rows import Entry, entries, read_frames
from nlp.own_lists import NO_WORDS, OwnWords

DANGER = frozenset({"self_harm", "emergency", "destroying", "afraid", "ongoing_harm"})
"""Concepts of danger; urgency asks for them, and no glance is enough where one stands."""
TERM = "term"
"""The tag of every word that weighs for a category."""


@dataclass(frozen=True, slots=True)
class Word:
    """All that the lists say of one word.

    `tags`: of all its entries; `entries`: those that weigh something for a category. A `latin` word
    must stand alone; a `mask` hides what stands inside it.
    """

    tags: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    latin: bool = False
    mask: bool = False

    @property
    def is_telling(self) -> bool:
        """Whether a text with it is always looked at closer: the hospital added it, or it tells of danger."""
        return not DANGER.isdisjoint(self.tags) or any(entry.kind == "own" for entry in self.entries)

    @classmethod
    def of(cls, of_term: Sequence[Entry]) -> "Word":
        """The word of these entries, which share their term."""
        weighing = tuple(entry for entry in of_term if entry.category is not None and entry.weight > 0)
        tags = dict.fromkeys(tag for entry in of_term for tag in entry.tags)
        mask = any(entry.kind == "mask" for entry in of_term)
        return cls((*tags, TERM) if weighing else tuple(tags), weighing, of_term[0].term.isascii(), mask)


Hit = tuple[int, int, int]
"""A word found in the normalised text: its number in the lexicon, where it starts, where it ends.

Kept as the plain tuple that the automaton gives: of long texts hundreds are looked at.
"""
MONEY = -1
"""The number of a sum, which is found by a pattern and is in no list."""
_start, _end = itemgetter(1), itemgetter(2)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the lists say; `words` stand in the order of their numbers, the sums last.

    `odd` numbers are those of latin and masking words, `telling` ones those after which no glance is enough.
    """

    automaton: AhoCorasick
    words: list[Word]
    odd: frozenset[int]
    telling: frozenset[int]
    frames: FrameBook
    concepts: frozenset[str]

    def find(self, text: str, sums: Sequence[tuple[int, int]] = ()) -> list[Hit]:
        """All words in the text and the `sums` as money, without what stands inside a masking word.

        They are in order of their start, of those that start together the longest first.
        """
        found: list[Hit] = self.automaton.find_matches_as_indexes(text, overlapping=True)
        if sums:
            found += [(MONEY, start, end) for start, end in sums]
            found.sort(key=_end)
        found.reverse()  # they came in the order of their ends
        found.sort(key=_start)
        odd = self.odd
        special = [hit for hit in found if hit[0] in odd]
        return self._without(text, found, special) if special else found

    def _without(self, text: str, found: list[Hit], special: list[Hit]) -> list[Hit]:
        """Without latin parts of words, what lies inside a longer mask, and masks that are nothing else."""
        starts = list(map(_start, found))
        dropped: set[Hit] = set()
        for hit in special:
            number, start, end = hit
            word = self.words[number]
            if word.latin and not _stands_alone(text, start, end):
                dropped.add(hit)
            elif word.mask:
                for other in found[bisect_left(starts, start) : bisect_left(starts, end)]:
                    if other[2] <= end and other[2] - other[1] < end - start:
                        dropped.add(other)
                if not word.tags:
                    dropped.add(hit)
        return [hit for hit in found if hit not in dropped] if dropped else found


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lists of nlp/data alone, loaded once per process. Raises ListError for a mistake in them."""
    return build()


def build(own: OwnWords = NO_WORDS) -> Lexicon:
    """The lists of nlp/data with a hospital's own words. Raises ListError for a mistake in nlp/data."""
    by_term: dict[str, list[Entry]] = {}
    for entry in entries(own):
        by_term.setdefault(entry.term, []).append(entry)
    words = [*map(Word.of, by_term.values()), Word(("money",))]
    telling = frozenset(number for number, word in enumerate(words) if word.is_telling)
    odd = frozenset(number for number, word in enumerate(words) if word.latin or word.mask)
    concepts = frozenset(tag for word in words for tag in word.tags)
    return Lexicon(
        AhoCorasick(list(by_term)), words, odd, telling, FrameBook(read_frames(concepts)), concepts
    )


_LETTER = re.compile(r"[a-z0-9]")


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (_LETTER.match(before) or (after.isalpha() and after.isascii()))
