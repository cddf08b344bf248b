"""Hears when somebody may die or be hurt: words of self-harm, threats of violence, violence suffered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from nlp.crisis_book import CrisisBook, CrisisKind, crisis_book
from nlp.normalise import Normalised, normalise
from nlp.spans import Mention, original

_AROUND = 48
"""Characters on both sides of an anchor in which its patterns are looked for."""
_WHO = 14
"""Characters ahead of a sign of self-harm in which its person is named."""
_ENDS, _CLAUSE_ENDS = re.compile("[\n。!?]"), re.compile("[\n。!?,;]")
_SHORT = 4_000
"""Characters of the longest text that is remembered."""
_MOST = 8
"""Pieces of evidence kept: one is enough to act."""


@dataclass(frozen=True, slots=True)
class Crisis:
    """A danger to life or limb in a text.

    `kind`: the most pressing; `kinds`: all that were heard; `evidence`: where, in characters of the
    original; `other`: it is another person who may harm themselves, not the writer; `past`: a hand was raised
    against somebody yesterday or before, and nothing says that it goes on.
    """

    kind: CrisisKind
    evidence: tuple[Mention, ...]
    kinds: frozenset[CrisisKind]
    other: bool = False
    past: bool = False

    @property
    def is_violent(self) -> bool:
        """Whether somebody is in danger by another's hand, whatever else was heard."""
        return any(kind.is_violence for kind in self.kinds)


def crisis_in(text: str) -> Crisis | None:
    """The danger that a text tells of, or None; never raises for any string.

    Made to hear too much rather than too little: a needless word of help costs a moment, a missing one a
    life. Idioms (气死我了, 跳楼价, 打死也不去) are no danger. A text without any anchor costs one glance.
    The last few texts are remembered: one message is looked at from many sides.
    """
    return _remembered(text) if len(text) <= _SHORT else _crisis_in(text)


@lru_cache(maxsize=16)
def _remembered(text: str) -> Crisis | None:
    return _crisis_in(text)


def _crisis_in(text: str) -> Crisis | None:
    form = normalise(text)
    book = crisis_book()
    found = sorted(_signs(book, form.text))
    if not found or (all(sign.kind is CrisisKind.SELF_HARM for sign in found) and book.is_over(form.text)):
        return None
    by_hand = all(sign.by_hand for sign in found)
    if by_hand and book.is_history(form.text):
        return None
    kinds = frozenset(sign.kind for sign in found)
    kind = next(one for one in CrisisKind if one in kinds)
    pressing = [sign for sign in found if sign.kind is kind]
    other = kind is CrisisKind.SELF_HARM and all(_is_others(book, form.text, sign) for sign in pressing)
    rest = [sign for sign in found if sign.kind is not kind]
    evidence = dict.fromkeys(_mention(form, text, sign) for sign in [*pressing, *rest][:_MOST])
    return Crisis(kind, tuple(evidence), kinds, other, past=by_hand and book.is_ago(form.text))


class _Sign(NamedTuple):
    start: int
    end: int
    kind: CrisisKind
    by_hand: bool = False


def _signs(book: CrisisBook, text: str) -> set[_Sign]:
    """What the groups say whose anchors stand in the text, looked for around these anchors."""
    places: dict[int, list[int]] = {}
    for number, start, _ in book.anchors.find_matches_as_indexes(text, overlapping=True):
        for group in book.groups_of[number]:
            places.setdefault(group, []).append(start)
    if not any(_found(book, text, places)):  # as in nearly every message, whatever anchors it has
        return set()
    said = book.words["idioms"].sub(lambda match: "口" * len(match[0]), text)
    return {_seen(book, said, sign) for sign in set(_found(book, said, places))}


def _found(book: CrisisBook, text: str, places: dict[int, list[int]]) -> Iterator[_Sign]:
    for group, starts in places.items():
        kind, pattern = book.groups[group]
        for start, end in _stretches(starts, len(text)):
            for match in pattern.finditer(text, start, end):
                yield _Sign(*match.span(), kind, group >= book.first_of_hands)


def _seen(book: CrisisBook, text: str, sign: _Sign) -> _Sign:
    """A threat that somebody else utters is one that the writer suffers or sees."""
    if sign.kind is CrisisKind.VIOLENCE_THREAT and _is_others(book, text, sign):
        return sign._replace(kind=CrisisKind.VIOLENCE_SUFFERED)
    return sign


def _stretches(places: list[int], length: int) -> Iterator[tuple[int, int]]:
    """The surroundings of the anchors; those that touch are one."""
    start, end = -1, -1
    for place in sorted(places):
        if place - _AROUND > end:
            if end >= 0:
                yield start, min(end, length)
            start = max(0, place - _AROUND)
        end = place + _AROUND
    yield start, min(end, length)


def _is_others(book: CrisisBook, text: str, sign: _Sign) -> bool:
    """Whether somebody else is named as the person and the writer is not: in doubt it is the writer."""
    ends = _ENDS if sign.kind is CrisisKind.SELF_HARM else _CLAUSE_ENDS
    start = max(0, sign.start - _WHO)
    start = max([start, *(match.end() for match in ends.finditer(text, start, sign.start))])
    named = book.words["relatives"].search(text, start, sign.end)
    if named is None or named.start() > sign.start:
        return False
    writer = book.words["writer"].search(text, start)
    return writer is None or writer.start() > sign.start


def _mention(form: Normalised, text: str, sign: _Sign) -> Mention:
    return Mention(*original(form, text, sign.start, sign.end))
