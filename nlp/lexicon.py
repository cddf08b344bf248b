"""Loads all word lists into one automaton and finds their entries in a normalised text."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from ahocorasick_rs import AhoCorasick

from nlp.frame_book import Frame, FrameBook, Part
from nlp.own_lists import NO_WORDS, OwnWords
from nlp.tables import ListError, rows
from nlp.taxonomy import Category


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list.

    `tags` are the names frames know it by: its concept, or the category code for a term. `weight` is
    what a term says for its category alone (1.0: enough for a report); a concept weighs nothing.
    `kind` is word, topic (context decides), cut (needs jieba's boundary), own (the hospital's), mask or
    concept.
    """

    term: str
    kind: str
    tags: tuple[str, ...]
    category: Category | None = None
    weight: float = 0.0


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
    def of(cls, entries: Sequence[Entry]) -> "Word":
        """The word of these entries, which share their term."""
        weighing = tuple(entry for entry in entries if entry.category is not None and entry.weight > 0)
        tags = dict.fromkeys(tag for entry in entries for tag in entry.tags)
        mask = any(entry.kind == "mask" for entry in entries)
        return cls((*tags, TERM) if weighing else tuple(tags), weighing, entries[0].term.isascii(), mask)


Hit = tuple[int, int, int]
"""A word found in the normalised text: its number in the lexicon, where it starts, where it ends.

Kept as the plain tuple that the automaton gives: of long texts hundreds are looked at.
"""
MONEY = -1
"""The number of a sum, which is found by a pattern and is in no list."""
_start, _end = itemgetter(1), itemgetter(2)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the lists say; `words` and their `tags` stand in the order of their numbers, the sums last.

    `odd` numbers are those of latin and masking words, `telling` ones those after which no glance is enough.
    """

    automaton: AhoCorasick
    words: list[Word]
    tags: list[tuple[str, ...]]
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
    """The lists of nlp/data with a hospital's own words. Raises ListError for a mistake in nlp/data.

    An own term takes the place of the same one for that category; what the hospital calls innocent is
    no term any more, longer terms that hold it still are.
    """
    by_term: dict[str, list[Entry]] = {}
    for entry in (*_shipped(own), *_added(own)):
        by_term.setdefault(entry.term, []).append(entry)
    words = [*map(Word.of, by_term.values()), Word(("money",))]
    telling = frozenset(number for number, word in enumerate(words) if word.is_telling)
    odd = frozenset(number for number, word in enumerate(words) if word.latin or word.mask)
    concepts = frozenset(tag for word in words for tag in word.tags)
    tags = [word.tags for word in words]
    return Lexicon(
        AhoCorasick(list(by_term)), words, tags, odd, telling, FrameBook(_frames(concepts)), concepts
    )


def _shipped(own: OwnWords) -> Iterator[Entry]:
    replaced = {(term.word, term.category) for term in own.terms}
    innocent = frozenset(own.innocent)
    for entry in (*_terms(), *_concepts()):
        if entry.term not in innocent and (entry.term, entry.category) not in replaced:
            yield entry
    yield from _masks()


def _added(own: OwnWords) -> Iterator[Entry]:
    for word, category, weight in own.terms:
        yield Entry(word, "own", (category.value,), category, weight)
    for name in own.names:
        yield Entry(name.word, "concept", ("staff",))
    for word in own.innocent:
        yield Entry(word, "mask", ())


def _terms() -> list[Entry]:
    entries = []
    for term, code, weight, kind, _note in rows("terms.tsv", 5):
        category = _category("terms.tsv", term, code)
        entries.append(Entry(term.lower(), kind or "word", (code,), category, float(weight)))
    return entries


def _concepts() -> list[Entry]:
    table = rows("concepts.tsv", 3)
    words = ((name, word.replace("_", " ").lower()) for name, group, _ in table for word in group.split())
    return [Entry(word, "concept", (name,)) for name, word in words]


def _masks() -> list[Entry]:
    return [Entry(word.lower(), "mask", ()) for word, _note in rows("collisions.tsv", 2)]


def _frames(known: frozenset[str]) -> list[Frame]:
    frames = []
    for code, pattern, within, weight, why in rows("frames.tsv", 5):
        parts, excluded = _parts(pattern, known)
        category = _category("frames.tsv", pattern, code)
        ordered = ">" in pattern
        frames.append(Frame(category, parts, excluded, ordered, int(within), float(weight), why))
    return frames


def _parts(pattern: str, known: frozenset[str]) -> tuple[tuple[Part, ...], frozenset[str]]:
    parts: list[Part] = []
    excluded: set[str] = set()
    for word in pattern.replace(">", " ").split():
        tags = frozenset(word.lstrip("!-?").split("|"))
        if unknown := tags - known:
            raise ListError(f'frames.tsv, "{pattern}": no list has the tag {min(unknown)}')
        if word[0] == "!":
            excluded |= tags
        else:
            parts.append(Part(tags, {"-": True, "?": None}.get(word[0], False)))
    return tuple(parts), frozenset(excluded)


def _category(name: str, line: str, code: str) -> Category:
    try:
        return Category(code)
    except ValueError:
        raise ListError(f'{name}, "{line}": there is no category "{code}"') from None


_LETTER = re.compile(r"[a-z0-9]")


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (_LETTER.match(before) or (after.isalpha() and after.isascii()))
