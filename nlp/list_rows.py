"""Reads the word lists, and a hospital's own words, into the entries and frames of a lexicon."""

from collections.abc import Iterator
from dataclasses import dataclass

from nlp.frame_book import Frame, Part
from nlp.own_lists import OwnWords
from nlp.tables import ListError, rows
from nlp.taxonomy import Category


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list.

    `tags` are the names frames know it by: its concept, or the category code for a term. `weight` is
    what a term says for its category alone (1.0: enough for a report); a concept weighs nothing.
    `kind` is word, topic (a word that editors should weigh less than 1), cut (needs jieba's boundary), own
    (the hospital's), mask or concept.
    """

    term: str
    kind: str
    tags: tuple[str, ...]
    category: Category | None = None
    weight: float = 0.0


def entries(own: OwnWords) -> Iterator[Entry]:
    """The lists of nlp/data with a hospital's own words. Raises ListError for a mistake in nlp/data.

    An own term takes the place of the same one for that category; what the hospital calls innocent is
    no term any more, longer terms that hold it still are.
    """
    yield from _shipped(own)
    yield from _added(own)


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


def read_frames(known: frozenset[str]) -> list[Frame]:
    """The frames of nlp/data, which may speak of `known` tags. Raises ListError."""
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
