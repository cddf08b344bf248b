"""Loads all word lists into one automaton and finds their entries in a normalised text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

import ahocorasick

from nlp.frame_book import Frame, FrameBook, Part
from nlp.own_lists import NO_WORDS, OwnWords
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


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the reader knows."""

    automaton: "ahocorasick.Automaton"
    frames: FrameBook
    concepts: frozenset[str]

    def find(self, text: str) -> list[Hit]:
        """All entries in the text in order, without those inside a masking word."""
        hits: list[Hit] = []
        masks: list[Hit] = []
        for last, (length, latin, entries) in self.automaton.iter(text):
            end = last + 1
            if latin and not _stands_alone(text, end - length, end):
                continue
            for entry in entries:
                (masks if entry.kind == "mask" else hits).append(Hit(end - length, end, entry))
        hits = _unmasked(hits, masks) if masks else hits
        sort_hits(hits)
        return hits


_by_start, _by_end = attrgetter("start"), attrgetter("end")


def sort_hits(hits: list[Hit]) -> None:
    """By their start, of those that start together the longest first; equal ones keep their order."""
    hits.sort(key=_by_end, reverse=True)
    hits.sort(key=_by_start)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lists of nlp/data alone, loaded once per process. Raises ListError for a mistake in them."""
    return build()


def build(own: OwnWords = NO_WORDS) -> Lexicon:
    """The lists of nlp/data with a hospital's own words. Raises ListError for a mistake in nlp/data.

    An own term takes the place of the same one for that category; what the hospital calls innocent is
    no term any more, longer terms that hold it still are.
    """
    automaton = ahocorasick.Automaton()
    by_term: dict[str, list[Entry]] = {}
    for entry in (*_shipped(own), *_added(own)):
        by_term.setdefault(entry.term, []).append(entry)
    for term, entries in by_term.items():
        automaton.add_word(term, (len(term), term.isascii(), tuple(entries)))
    automaton.make_automaton()
    concepts = frozenset(tag for entries in by_term.values() for entry in entries for tag in entry.tags)
    return Lexicon(automaton, FrameBook(_frames(concepts | {"money"})), concepts)


def _shipped(own: OwnWords) -> Iterator[Entry]:
    replaced = {(term.word, term.category) for term in own.terms}
    innocent = frozenset(own.innocent)
    for entry in (*_terms(), *_concepts()):
        if entry.term not in innocent and (entry.term, entry.category) not in replaced:
            yield entry
    yield from _masks()


def _added(own: OwnWords) -> Iterator[Entry]:
    for word, category, weight in own.terms:
        yield Entry(word, "word", (category.value,), category, weight)
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


def _unmasked(hits: list[Hit], masks: list[Hit]) -> list[Hit]:
    """Drops what lies inside a longer masking word."""
    widest: dict[int, int] = {}
    for mask in masks:
        for position in range(mask.start, mask.end):
            widest[position] = max(widest.get(position, 0), mask.end)
    starts = {position: min(m.start for m in group) for position, group in _grouped(masks).items()}
    return [hit for hit in hits if not _inside(hit, widest, starts)]


def _grouped(masks: list[Hit]) -> dict[int, list[Hit]]:
    groups: dict[int, list[Hit]] = {}
    for mask in masks:
        groups.setdefault(mask.end, []).append(mask)
    return groups


def _inside(hit: Hit, widest: dict[int, int], starts: dict[int, int]) -> bool:
    end = widest.get(hit.start, 0)
    return end >= hit.end and (end > hit.end or starts[end] < hit.start)
