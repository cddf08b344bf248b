"""Hears when somebody may die or be hurt: words of self-harm, threats of violence, violence suffered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.normalise import Normalised, normalise
from nlp.spans import Mention, original
from nlp.wording import compiled, ordered, table

_DATA = "crisis.toml"
_AROUND = 48
"""Characters on both sides of an anchor in which its patterns are looked for."""
_WHO = 14
"""Characters ahead of a sign of self-harm in which its person is named."""
_MOST = 8
"""Pieces of evidence kept: one is enough to act."""


class CrisisKind(StrEnum):
    """What the danger is, the most pressing first."""

    SELF_HARM = "self_harm"
    VIOLENCE_THREAT = "violence_threat"
    VIOLENCE_SUFFERED = "violence_suffered"

    @property
    def is_violence(self) -> bool:
        """Whether others are in danger, or the writer by others: a matter for 110."""
        return self is not CrisisKind.SELF_HARM


@dataclass(frozen=True, slots=True)
class Crisis:
    """A danger to life or limb in a text.

    `kind`: the most pressing; `kinds`: all that were heard; `evidence`: where, in characters of the
    original; `other`: it is another person who may harm themselves, not the writer.
    """

    kind: CrisisKind
    evidence: tuple[Mention, ...]
    kinds: frozenset[CrisisKind]
    other: bool = False

    @property
    def is_violent(self) -> bool:
        """Whether somebody is in danger by another's hand, whatever else was heard."""
        return any(kind.is_violence for kind in self.kinds)


def crisis_in(text: str) -> Crisis | None:
    """The danger that a text tells of, or None; never raises for any string.

    Made to hear too much rather than too little: a needless word of help costs a moment, a missing one a
    life. Idioms (气死我了, 跳楼价, 打死也不去) are no danger. A text without any anchor costs one glance.
    """
    form = normalise(text)
    book = _book()
    found = sorted(_signs(book, form.text))
    if not found:
        return None
    kinds = frozenset(sign.kind for sign in found)
    kind = next(one for one in CrisisKind if one in kinds)
    pressing = [sign for sign in found if sign.kind is kind]
    other = kind is CrisisKind.SELF_HARM and all(_is_others(book, form.text, sign) for sign in pressing)
    rest = [sign for sign in found if sign.kind is not kind]
    evidence = dict.fromkeys(_mention(form, text, sign) for sign in [*pressing, *rest][:_MOST])
    return Crisis(kind, tuple(evidence), kinds, other)


class _Sign(NamedTuple):
    start: int
    end: int
    kind: CrisisKind


@dataclass(frozen=True, slots=True)
class _Book:
    """The list, ready to search: patterns of each group, and the groups that each anchor opens."""

    anchors: AhoCorasick
    groups_of: list[list[int]]
    groups: list[tuple[CrisisKind, re.Pattern[str]]]
    idioms: re.Pattern[str]
    relatives: re.Pattern[str]
    writer: re.Pattern[str]


def _signs(book: _Book, text: str) -> set[_Sign]:
    """What the groups say whose anchors stand in the text, looked for around these anchors."""
    places: dict[int, list[int]] = {}
    for number, start, _ in book.anchors.find_matches_as_indexes(text, overlapping=True):
        for group in book.groups_of[number]:
            places.setdefault(group, []).append(start)
    if not places:
        return set()
    said = book.idioms.sub(lambda match: "口" * len(match[0]), text)
    return {
        _Sign(*match.span(), book.groups[group][0])
        for group, starts in places.items()
        for start, end in _stretches(starts, len(said))
        for match in book.groups[group][1].finditer(said, start, end)
    }


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


def _is_others(book: _Book, text: str, sign: _Sign) -> bool:
    """Whether somebody else is named as the person, and the writer does not come between."""
    before = re.split("[\n。!?]", text[max(0, sign.start - _WHO) : sign.end])[-1]
    named = [match.end() for match in book.relatives.finditer(before)]
    return bool(named) and not book.writer.search(before, named[-1])


def _mention(form: Normalised, text: str, sign: _Sign) -> Mention:
    return Mention(*original(form, text, sign.start, sign.end))


@lru_cache(maxsize=1)
def _book() -> _Book:
    data = table(_DATA)
    classes = data["classes"]
    opens: dict[str, list[int]] = {}
    groups: list[tuple[CrisisKind, re.Pattern[str]]] = []
    for kind in CrisisKind:
        for anchors, patterns in data[kind].items():
            for anchor in anchors.split():
                opens.setdefault(anchor.replace("_", " "), []).append(len(groups))
            groups.append((kind, compiled(patterns, classes)))
    who = data["who"]
    return _Book(
        AhoCorasick(list(opens), matchkind=MatchKind.Standard),
        list(opens.values()),
        groups,
        compiled(data["not"]["idioms"], classes),
        re.compile("|".join(map(re.escape, ordered(who["relatives"])))),
        re.compile("|".join(map(re.escape, ordered(who["writer"])))),
    )
