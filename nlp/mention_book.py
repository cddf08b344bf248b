"""Holds the words of mentions.toml: who and what is spoken of in a reply, and in what tone."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise
from typing import Any

from nlp.wording import ordered, table

_TURNED = 4
"""Characters right before a word in which it is turned round."""
_ALONE = {"态度": "服务态度", "耐心": "服务态度", "责任心": "服务态度", "技术": "医疗技术", "讲解": "讲解"}
"""What a facet is called where nobody was named."""
_WITH_FACETS = frozenset({"医生", "护士"})
"""Of these each facet is counted apart; others are counted as one."""
_GENERAL = "服务"
_BED = re.compile("[0-9一二三四五六七八九十]{1,3}号?床")
_SNEER_LAST = re.compile(r"(?:呵呵|👏|🙃|🙄|哼)\W{0,6}$")
_QUESTION = ("吗", "?", "呢", "么", "吗?")
_EXCEPTED = re.compile("除了.{1,10}?(?=都|其他|其它|别的|其余|全|没什么|没啥|没毛病|,|$)")


class Kind(Enum):
    """What a piece of a clause is: somebody, something, a side of their work, or a word of tone."""

    STAFF = auto()
    THING = auto()
    FACET = auto()
    TONE = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of the book in a clause. `about`: the term or facet; of a TONE what it may be
    about, whether it is `good`, and the term it stands for where nothing is named.
    """

    kind: Kind
    start: int
    end: int
    about: frozenset[str] = frozenset()
    good: bool = True
    alone: str = ""


class MentionBook:
    """The words, ready to be looked for."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        tone = source["tone"]
        self._named: dict[str, tuple[Kind, str]] = {}
        self._tones: dict[str, dict[bool, set[str]]] = {}
        for term, words in source["staff"].items():
            self._named |= dict.fromkeys(words, (Kind.STAFF, term))
        for kind, group in ((Kind.THING, source["things"]), (Kind.FACET, source["facets"])):
            for term, lists in group.items():
                self._named |= dict.fromkeys(lists["named"], (kind, term))
                self._tell(lists["good"], term, good=True)
                self._tell(lists["bad"], term, good=False)
        self._facets = frozenset(source["facets"])
        people = {_side_of(one, side) for one in source["staff"] for side in (*self._facets, _GENERAL)}
        self._terms = (
            frozenset(source["things"]) | people | frozenset(_ALONE.values()) | frozenset(source["alone"])
        )
        self._tell(tone["good"], "", good=True)
        self._tell(tone["bad"], "", good=False)
        self._words = _either([*self._named, *self._tones, *tone["none"]])
        self._turn = re.compile(f"(?:{_either(tone['turn']).pattern})[很是太那么怎大咋够的]{{0,2}}$")
        names = ("sneer", "wish", "asks", "cut", "apart")
        self._sneer, self._wish, self._asks, self._cut, self._apart = (_either(tone[name]) for name in names)
        self._alone = {word: term for term, words in source["alone"].items() for word in words}

    def all_terms(self) -> frozenset[str]:
        """Every term that can come out."""
        return self._terms

    def _tell(self, words: Iterable[str], term: str, *, good: bool) -> None:
        for word in words:
            self._tones.setdefault(word.strip("_"), {}).setdefault(good, set()).add(term)

    def parts(self, clause: str) -> list[str]:
        """A clause cut before each turn (但, 就是, 除了), without the numbers of beds."""
        clause = _BED.sub("", clause)
        cuts = [0, *(match.start() for match in self._cut.finditer(clause)), len(clause)]
        return [clause[begin:end] for begin, end in pairwise(cuts) if begin < end]

    def sneers(self, clause: str) -> bool:
        """Whether praise in it is meant the other way round."""
        return self._sneer.search(clause) is not None

    def ends_in_sneer(self, sentence: str) -> bool:
        """Whether a sneer closes the sentence: 态度真好啊,呵呵."""
        return _SNEER_LAST.search(sentence) is not None

    def asks(self, clause: str) -> bool:
        """Whether it only asks for something."""
        return clause.rstrip("。 ").endswith(_QUESTION) or self._asks.search(clause) is not None

    def is_apart(self, clause: str) -> bool:
        """Whether it turns to something else than the clause before (其他, 总体)."""
        return self._apart.match(clause) is not None

    def excepted(self, clause: str) -> str:
        """What the clause takes out of its praise (除了饭|都好); empty where it does not."""
        match = _EXCEPTED.match(clause)
        return match[0] if match else ""

    def wishes(self, clause: str) -> bool:
        """Whether it asks for something to get better or takes something out of the praise."""
        return self._wish.search(clause) is not None

    def pieces(self, clause: str) -> list[Piece]:
        """The words of the book in a clause, in order, the longest at a place."""
        found: list[Piece] = []
        for match in self._words.finditer(clause):
            word, span = match[0], match.span()
            if word in self._named:
                kind, term = self._named[word]
                found.append(Piece(kind, *span, frozenset({term})))
            if word in self._tones:
                before = clause[max(0, span[0] - _TURNED) : span[0]]
                turned = self._turn.search(before) is not None
                for good, about in self._tones[word].items():
                    alone = self._alone.get(word, "")
                    found.append(Piece(Kind.TONE, *span, frozenset(about), good != turned, alone))
        return found

    def terms(self, named: list[Piece], tone: Piece | None) -> list[str]:
        """What a word of tone says something of, among what was named; without one, all that was named."""
        staff = [term for piece in named if piece.kind is Kind.STAFF for term in piece.about]
        sides = [term for piece in named if piece.kind is Kind.FACET for term in piece.about]
        things = [term for piece in named if piece.kind is Kind.THING for term in piece.about]
        about = tone.about if tone else frozenset({""})
        told = [side for side in about if side in self._facets]
        if told and not named and tone is not None and tone.end - tone.start == 1:
            return []  # 最高分: one character alone is about nobody's work
        if told:
            sides = told
        found = [thing for thing in things if "" in about or thing in about]
        if told and things and not staff:
            return things
        if told or (sides and "" in about and not found):
            found += (
                [_side_of(person, side) for person in staff for side in sides]
                if staff
                else [_ALONE[side] for side in sides]
            )
        elif staff and ("" in about or any(person in about for person in staff)) and not found:
            found += [person + _GENERAL if person in _WITH_FACETS else person for person in staff]
        if not found and tone is not None and tone.alone:
            found = [tone.alone]
        return list(dict.fromkeys(found))


def _side_of(person: str, side: str) -> str:
    return person + side if person in _WITH_FACETS else person


def _either(words: Iterable[str]) -> re.Pattern[str]:
    def written(word: str) -> str:
        literal = re.escape(word.strip("_").replace("_", " "))
        return rf"(?<![a-z]){literal}(?![a-z])" if word.isascii() and word[:1].isalpha() else literal

    return re.compile("|".join(map(written, ordered(words))))


@lru_cache(maxsize=1)
def book() -> MentionBook:
    """The words of nlp/data/mentions.toml, read once."""
    return MentionBook(table("mentions.toml"))
