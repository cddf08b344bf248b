"""Loads all word lists into one automaton and finds their entries in a normalised text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import ahocorasick

from nlp.tables import ListError, rows
from nlp.taxonomy import Category


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list.

    `tags` are the names frames know it by: its concept, or the category code for a term. `weight` is
    what a term says for its category alone (1.0: enough for a report); a concept weighs nothing.
    `kind` is word, topic (context decides), cut (needs jieba's boundary), mask or concept.
    """

    term: str
    kind: str
    tags: tuple[str, ...]
    category: Category | None = None
    weight: float = 0.0


@dataclass(slots=True)
class Hit:
    """An entry found at start..end of the normalised text; `negated` is filled in by the context."""

    start: int
    end: int
    entry: Entry
    negated: bool = False


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
    """All frames, found by what their first part may be."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._by_tag: dict[str, list[tuple[int, Frame]]] = {}
        for place, frame in enumerate(frames):
            for tag in frame.parts[0].tags:
                self._by_tag.setdefault(tag, []).append((place, frame))

    def possible(self, present: frozenset[str]) -> list[Frame]:
        """The frames of whose every part something is present, in the order of the list."""
        opened = {place: frame for tag in present for place, frame in self._by_tag.get(tag, ())}
        return [frame for _, frame in sorted(opened.items()) if _is_complete(frame, present)]


def _is_complete(frame: Frame, present: frozenset[str]) -> bool:
    return all(not present.isdisjoint(part.tags) for part in frame.parts)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the reader knows."""

    automaton: "ahocorasick.Automaton"
    frames: FrameBook
    concepts: frozenset[str]
    latin: frozenset[str] = field(default_factory=frozenset)

    def find(self, text: str) -> list[Hit]:
        """All entries in the text in order, without those inside a masking word."""
        hits: list[Hit] = []
        masks: list[Hit] = []
        for last, entries in self.automaton.iter(text):
            for entry in entries:
                hit = Hit(last + 1 - len(entry.term), last + 1, entry)
                if entry.term in self.latin and not _stands_alone(text, hit.start, hit.end):
                    continue
                (masks if entry.kind == "mask" else hits).append(hit)
        hits = _unmasked(hits, masks) if masks else hits
        hits.sort(key=lambda hit: (hit.start, -hit.end))
        return hits


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lists of nlp/data, loaded once per process. Raises ListError for a mistake in them."""
    automaton = ahocorasick.Automaton()
    by_term: dict[str, list[Entry]] = {}
    for entry in (*_terms(), *_concepts(), *_masks()):
        by_term.setdefault(entry.term, []).append(entry)
    for term, entries in by_term.items():
        automaton.add_word(term, tuple(entries))
    automaton.make_automaton()
    concepts = frozenset(tag for entries in by_term.values() for entry in entries for tag in entry.tags)
    latin = frozenset(term for term in by_term if term.isascii())
    return Lexicon(automaton, FrameBook(_frames(concepts | {"money"})), concepts, latin)


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


def _unmasked(hits: list[Hit], masks: list[Hit]) -> list[Hit]:
    """Drops what lies inside a longer masking word."""
    widest: dict[int, int] = {}
    for mask in masks:
        for position in range(mask.start, mask.end):
            widest[position] = max(widest.get(position, 0), mask.end)
    starts = {position: min(m.start for m in group) for position, group in _by_end(masks).items()}
    return [hit for hit in hits if not _inside(hit, widest, starts)]


def _by_end(masks: list[Hit]) -> dict[int, list[Hit]]:
    groups: dict[int, list[Hit]] = {}
    for mask in masks:
        groups.setdefault(mask.end, []).append(mask)
    return groups


def _inside(hit: Hit, widest: dict[int, int], starts: dict[int, int]) -> bool:
    end = widest.get(hit.start, 0)
    return end >= hit.end and (end > hit.end or starts[end] < hit.start)
