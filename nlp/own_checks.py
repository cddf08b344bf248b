"""Finds what is of no use or contradicts itself in a hospital's own words."""

from collections.abc import Iterator

from nlp.entities import shipped_directory
from nlp.list_checks import Finding, concept_words, terms_by_word, words_of
from nlp.own_lists import OwnWords
from nlp.own_table import plain

_Found = tuple[tuple[str, str, str], str, str]
"""The row, as in OwnWords.lines, the kind of finding, and what it clashes with."""


def check_own(own: OwnWords, file: str) -> list[Finding]:
    """What is wrong with a hospital's own words, also against the lists that come along."""
    return [
        Finding(file, own.lines.get(key, 0), kind, key[1], other)
        for key, kind, other in (*_own_terms(own), *_own_innocent(own), *_own_people(own))
    ]


def _own_terms(own: OwnWords) -> Iterator[_Found]:
    terms, innocent = terms_by_word(), set(own.innocent)
    masks = {word for _, word in words_of("collisions.tsv")}
    for word, category, weight in own.terms:
        row = ("term", word, category.value)
        if plain(word) != word:
            yield row, "never", plain(word)
        if word in innocent or word in masks:
            yield row, "innocent_too", ""
        for place in terms.get(word, ()):
            if place.category != category:
                yield row, "two_categories", place.category
            elif place.weight == weight:
                yield row, "known_already", ""
            else:
                yield row, "two_weights", str(place.weight)


def _own_innocent(own: OwnWords) -> Iterator[_Found]:
    """An innocent word must hide something: a shorter word in it, or be one that the lists know."""
    known = (
        {term.word for term in own.terms}
        | {name.word for name in own.names}
        | {*terms_by_word(), *(word for _, word in concept_words())}
    )
    for word in own.innocent:
        pieces = {word[a:b] for a in range(len(word)) for b in range(a + 1, len(word) + 1)}
        if known.isdisjoint(pieces):
            yield ("innocent", word, ""), "hides_nothing", ""


def _own_people(own: OwnWords) -> Iterator[_Found]:
    staff = {word for concept, word in concept_words() if concept == "staff"}
    for name in own.names:
        if name.word in staff:
            yield ("name", name.word, ""), "everybody", ""
    for word in own.departments:
        if shipped_directory().departments.fullmatch(word):
            yield ("department", word, ""), "known_already", ""
