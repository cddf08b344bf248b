"""What a report names, as an officer reads it: department, people, sums, things, times, places and means."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple, TypeVar

from handlers.triage.named_values import date_words, sum_words
from handlers.turn import Desk
from handlers.words import Words
from nlp.entities import Entities
from nlp.masking import MASK
from nlp.means import Way
from nlp.spans import Mention

_MOST = 5
"""Of each kind; the text itself tells the rest."""
_LONGEST_TERM = 20
_MOST_READ = 20_000
"""Characters of all that was written in which names are looked for."""
_BARE = 2
"""Characters of a role that says nothing of who it was (医生), where somebody is named."""

M = TypeVar("M", bound=Mention)


class Piece(NamedTuple):
    """One message: as written, as this officer may read it (of equal length), and the local date it came."""

    plain: str
    shown: str
    received: date


def named_words(pieces: Iterable[Piece], desk: Desk, words: Words) -> list[str]:
    """A line for each kind that is named, each thing once; dates are seen from the day their message came."""
    read = list(_read(pieces, desk))
    lines = {
        "department": _listed(read, lambda one: one.departments),
        "person": _people(read),
        "sum": _sums(read, words),
        "thing": _listed(read, lambda one: one.things),
        "when": _dates(read, words),
        "place": _listed(read, lambda one: one.places),
        "means": _means(read),
    }
    return [words(f"named.{kind}", what=_joined(kind, said, words)) for kind, said in lines.items() if said]


_Read = tuple[Piece, Entities]


def _read(pieces: Iterable[Piece], desk: Desk) -> Iterator[_Read]:
    left = _MOST_READ
    for piece in pieces:
        if left <= 0:
            return
        yield piece, desk.reader.entities(piece.plain[:left], piece.received)
        left -= len(piece.plain)


def _all(read: list[_Read], kind: Callable[[Entities], tuple[M, ...]]) -> Iterator[tuple[M, str]]:
    """All of a kind with what may be shown of it; what is masked names nobody and no sum."""
    for piece, found in read:
        for one in kind(found):
            said = " ".join(piece.shown[one.start : one.end].split())[:_LONGEST_TERM]
            if said and MASK not in said:
                yield one, said


def _listed(read: list[_Read], kind: Callable[[Entities], tuple[M, ...]]) -> list[str]:
    return list(dict.fromkeys(said for _, said in _all(read, kind)))


def _people(read: list[_Read]) -> list[str]:
    """Who is named; bare roles only where nobody is told more closely."""
    found: dict[tuple[str, str, str], str] = {}
    for one, said in _all(read, lambda entities: entities.people):
        found.setdefault((one.surname, one.given, one.title) if one.title else ("", "", said), said)
    told = [said for (family, _, title), said in found.items() if family or len(title) > _BARE]
    return told or list(found.values())


def _sums(read: list[_Read], words: Words) -> list[str]:
    found: dict[object, str] = {}
    for one, said in _all(read, lambda entities: entities.sums):
        found.setdefault((one.low, one.high, one.currency), sum_words(one, said, words))
    return [*found.values(), *_listed(read, lambda entities: entities.shares)]


def _dates(read: list[_Read], words: Words) -> list[str]:
    found: dict[object, str] = {}
    for one, said in _all(read, lambda entities: entities.dates):
        found.setdefault((one.first, one.last) if one.first else said, date_words(one, said, words))
    return list(found.values())


def _means(read: list[_Read]) -> list[str]:
    """Each kind of means once; of cards each."""
    found: dict[object, str] = {}
    for one, said in _all(read, lambda entities: entities.means):
        found.setdefault(said if one.way is Way.CARD else one.way, said)
    return list(found.values())


def _joined(kind: str, said: list[str], words: Words) -> str:
    between = words("named.and") if kind in ("sum", "when") else words("card.and")
    what = between.join(said[:_MOST])
    return words("named.more", what=what) if len(said) > _MOST else what
