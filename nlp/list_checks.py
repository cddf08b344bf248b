"""Finds what is of no use or contradicts itself in the word lists."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from nlp.own_table import plain
from nlp.tables import numbered_rows

CONTEXT = frozenset({
    "advert", "afraid", "ask", "ask_end", "ask_weak", "asking", "bad", "benefit", "chat", "company",
    "complained", "complaint_words", "condition", "contrast", "declined", "denial",
    "destroying", "did_treat", "drugs", "elsewhere", "emergency", "employment", "errand", "envelope", "essay",
    "event", "expired", "fake_stay", "family_planning", "forge", "gave", "gift", "give", "government",
    "hearsay", "hint", "hospital", "inside", "insurance", "kind", "leak", "lure", "misuse", "money", "neg",
    "no_good", "none_of", "now", "ongoing_harm", "operation", "organ", "other_sector", "outside",
    "percent", "place_business", "plan", "policy", "praise", "present", "provider", "question",
    "record", "red_envelope", "refuse", "rep_act", "retaliate", "returns", "rigged", "sad", "self_harm",
    "sell", "seller", "spam", "staff", "tender", "test", "thing", "took", "unqualified", "us", "usage",
    "worse",
})  # fmt: skip
"""Concepts that the context of a clause, the intent or the urgency asks for, whether a frame does or not."""
COUNTED = "money"
"""The tag of sums, which are found by pattern."""

_BOTH, _ALSO_A_TERM = "also ", "itself a term"
"""Notes that say a word is meant to stand in two places: in terms.tsv, and in collisions.tsv."""


class Finding(NamedTuple):
    """Something in a list that should be mended; `line` counts from 1.

    `kind` is one of never (it is not in the form that texts are brought into: `other`), twice (first on
    line `other`), two_weights, two_categories, innocent_too, unused, known_already, hides_nothing,
    everybody, excludes_itself, no_room.
    """

    file: str
    line: int
    kind: str
    word: str
    other: str = ""


class Place(NamedTuple):
    """A row of terms.tsv without its word."""

    line: int
    category: str
    weight: float
    kind: str
    note: str


def check_shipped() -> list[Finding]:
    """What is wrong with the lists of nlp/data. Raises ListError where one cannot be read."""
    return [
        *_in_forms(),
        *_in_repeats(),
        *_in_terms(),
        *_in_variants(),
        *_in_concepts(),
        *_in_frames(),
    ]


def _in_forms() -> Iterator[Finding]:
    """Words that no text has in it any more once it is brought into list form."""
    for file in ("terms.tsv", "collisions.tsv", "departments.tsv"):
        for line, word in words_of(file):
            if plain(word) != word.lower():
                yield Finding(file, line, "never", word, plain(word))
    for line, (_, group, _) in numbered_rows("concepts.tsv", 3):
        for word in map(_spaced, group.split()):
            if plain(word) != word:
                yield Finding("concepts.tsv", line, "never", word, plain(word))


def _in_repeats() -> Iterator[Finding]:
    for file in ("collisions.tsv", "departments.tsv", "variants.tsv"):
        first: dict[str, int] = {}
        for line, word in words_of(file):
            if first.setdefault(word.lower(), line) != line:
                yield Finding(file, line, "twice", word, str(first[word.lower()]))
    for line, (concept, group, _) in numbered_rows("concepts.tsv", 3):
        words = group.split()
        yield from (
            Finding("concepts.tsv", line, "twice", word, concept)
            for place, word in enumerate(words)
            if word in words[:place]
        )


def _in_terms() -> Iterator[Finding]:
    terms = terms_by_word()
    for word, places in terms.items():
        for number, place in enumerate(places):
            clashes = ((kind, one.line) for one in places[:number] if (kind := _clash(one, place)))
            for kind, line in islice(clashes, 1):
                yield Finding("terms.tsv", place.line, kind, word, str(line))
    for line, (word, note) in numbered_rows("collisions.tsv", 2):
        if word in terms and note != _ALSO_A_TERM:
            yield Finding("collisions.tsv", line, "innocent_too", word)


def _clash(one: Place, other: Place) -> str:
    if one.category != other.category:
        return "" if one.note.startswith(_BOTH) and other.note.startswith(_BOTH) else "two_categories"
    return "twice" if (one.weight, one.kind) == (other.weight, other.kind) else "two_weights"


def _in_variants() -> Iterator[Finding]:
    for line, (written, means, _) in numbered_rows("variants.tsv", 3):
        if plain(written) != means:
            yield Finding("variants.tsv", line, "never", written, plain(written))


def _in_concepts() -> Iterator[Finding]:
    asked = CONTEXT | {
        tag
        for _, (_, pattern, *_) in numbered_rows("frames.tsv", 5)
        for _, tags in _parts(pattern)
        for tag in tags
    }
    for line, (concept, *_) in numbered_rows("concepts.tsv", 3):
        if concept not in asked:
            yield Finding("concepts.tsv", line, "unused", concept)


def _in_frames() -> Iterator[Finding]:
    shortest = _shortest()
    first: dict[tuple[str, ...], int] = {}
    for line, (category, pattern, within, *_) in numbered_rows("frames.tsv", 5):
        if first.setdefault((category, pattern), line) != line:
            yield Finding("frames.tsv", line, "twice", pattern, str(first[category, pattern]))
        parts = _parts(pattern)
        excluded = {tag for sign, tags in parts if sign == "!" for tag in tags}
        needed = [(sign, tags) for sign, tags in parts if sign != "!"]
        if any(not sign and set(tags) <= excluded for sign, tags in needed):
            yield Finding("frames.tsv", line, "excludes_itself", pattern)
        if sum(min(shortest.get(tag, 1) for tag in tags) for _, tags in needed) > int(within):
            yield Finding("frames.tsv", line, "no_room", pattern, within)


def _parts(pattern: str) -> list[tuple[str, list[str]]]:
    """The sign (!, -, ? or none) and the tags of each part of a frame."""
    words = pattern.replace(">", " ").split()
    return [(word[0] if word[0] in "!-?" else "", word.lstrip("!-?").split("|")) for word in words]


def _shortest() -> dict[str, int]:
    """The characters of the shortest word of each tag."""
    lengths: dict[str, int] = {COUNTED: 1}
    for tag, word in (
        *concept_words(),
        *((p.category, word) for word, ps in terms_by_word().items() for p in ps),
    ):
        lengths[tag] = min(lengths.get(tag, len(word)), len(word))
    return lengths


@lru_cache(maxsize=1)
def terms_by_word() -> dict[str, list[Place]]:
    """Where each term stands, by its list form."""
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for line, (word, category, weight, kind, note) in numbered_rows("terms.tsv", 5):
        found[plain(word)].append(Place(line, category, float(weight), kind or "word", note))
    return dict(found)


def concept_words() -> Iterator[tuple[str, str]]:
    """Each word of concepts.tsv behind its concept."""
    for _, (concept, group, _) in numbered_rows("concepts.tsv", 3):
        yield from ((concept, _spaced(word)) for word in group.split())


def words_of(file: str) -> Iterator[tuple[int, str]]:
    """Line and first column of each row of a list."""
    widths = {"terms.tsv": 5, "collisions.tsv": 2, "departments.tsv": 3, "variants.tsv": 3}
    return ((line, row[0]) for line, row in numbered_rows(file, widths[file]))


def _spaced(word: str) -> str:
    return word.replace("_", " ").lower()
