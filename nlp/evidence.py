"""Gathers the pieces of a text that a verdict rests on."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from nlp.normalise import Normalised
from nlp.scoring import Place
from nlp.taxonomy import Category
from nlp.weighing import Scales

LEARNED = "word learned from labelled messages"
_MOST = 12
_ENOUGH = 2
_LEARNED_EACH = 3
"""Learned words shown for a category, so that an officer sees a few that tell and not the whole text."""


_CODES = frozenset(Category)


class Evidence(NamedTuple):
    """A piece of the text that spoke for a category (None: for an intent); characters of the original."""

    term: str
    category: Category | None
    start: int
    end: int
    why: str


def from_lists(
    text: str, form: Normalised, scales: Scales, categories: tuple[Category, ...]
) -> tuple[Evidence, ...]:
    """What the word lists and frames found for these categories (none given: for any), heaviest first."""
    fitting = (one for one in scales.witnesses if one.category in categories or not categories)
    found = (_piece(text, form, one.start, one.end, one.category, one.why) for one in fitting)
    return _first(found)


def thinly_shown(labels: tuple[str, ...], listed: tuple[Evidence, ...]) -> list[str]:
    """The labels that the lists explain with less than two pieces of text."""
    return [label for label in labels if sum(piece.category == label for piece in listed) < _ENOUGH]


def with_learned(
    text: str, form: Normalised, listed: tuple[Evidence, ...], told: dict[str, list[Place]]
) -> tuple[Evidence, ...]:
    """The listed evidence, followed by the learned words that tell most for each label."""
    shown = [(piece.start, piece.end) for piece in listed]
    found = list(listed)
    for label, places in told.items():
        category = Category(label) if label in _CODES else None
        # A single character says little to a reader: it is shown where there is nothing else.
        words = [(start, end) for _, start, end in places if end - start > 1]
        if not words and not any(piece.category == label for piece in listed):
            words = [(start, end) for _, start, end in places]
        pieces = (_piece(text, form, start, end, category, LEARNED) for start, end in words)
        fresh = (one for one in pieces if not any(a <= one.start and one.end <= b for a, b in shown))
        found += islice(fresh, _LEARNED_EACH)
    return _first(iter(found))


def _piece(
    text: str, form: Normalised, first: int, last: int, category: Category | None, why: str
) -> Evidence:
    start, end = form.span(first, last)
    return Evidence(text[start:end], category, start, end, why)


def _first(found: Iterator[Evidence]) -> tuple[Evidence, ...]:
    pieces: dict[Evidence, None] = {}
    for piece in found:
        pieces[piece] = None
        if len(pieces) == _MOST:
            break
    return tuple(pieces)
