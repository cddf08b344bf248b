"""Reads the list of words of danger and makes it ready to search."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.wording import compiled, table

_DATA = "crisis.toml"


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
class CrisisBook:
    """Patterns in groups, the anchors with the groups that each of them opens, and `words` by their name.

    Groups from `first_of_hands` on hear a hand raised against somebody, which may be told as past.
    """

    anchors: AhoCorasick
    groups_of: list[list[int]]
    groups: list[tuple[CrisisKind, re.Pattern[str]]]
    words: dict[str, re.Pattern[str]]
    first_of_hands: int

    def is_over(self, text: str) -> bool:
        """Whether a despair is told as past and overcome: who came through it says thanks."""
        past, over, back = (self.words[name].search(text) for name in ("past", "over", "back"))
        return past is not None and over is not None and back is None

    def is_history(self, text: str) -> bool:
        """Whether a hand was raised long ago, and the text tells that those days are gone."""
        return self.words["history"].search(text) is not None and self.words["still"].search(text) is None

    def is_ago(self, text: str) -> bool:
        """Whether a hand was raised yesterday or before, and nothing says that it goes on or is feared."""
        return self.words["ago"].search(text) is not None and self.words["still"].search(text) is None


@lru_cache(maxsize=1)
def crisis_book() -> CrisisBook:
    """The list of nlp/data, read once. Raises KeyError or ValueError for a mistake in it."""
    data = table(_DATA)
    classes = data["classes"]
    opens: dict[str, list[int]] = {}
    groups: list[tuple[CrisisKind, re.Pattern[str]]] = []
    sections = [*((kind, data[kind]) for kind in CrisisKind), (CrisisKind.VIOLENCE_SUFFERED, data["hands"])]
    for kind, section in sections:
        for anchors, patterns in section.items():
            for anchor in anchors.split():
                opens.setdefault(anchor.replace("_", " "), []).append(len(groups))
            groups.append((kind, compiled(patterns, classes)))
    words = {name: compiled(rows, classes) for name, rows in (data["not"] | data["who"]).items()}
    automaton = AhoCorasick(list(opens), matchkind=MatchKind.Standard)
    first_of_hands = len(groups) - len(data["hands"])
    return CrisisBook(automaton, list(opens.values()), groups, words, first_of_hands)
