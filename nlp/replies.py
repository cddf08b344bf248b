"""Prepares a reply for reading: normal form with its pauses kept, cut into sentences and clauses."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from nlp.normalise import normalise

_SENTENCE = re.compile(r"(?<=[。!?\n])")
_PAUSE = re.compile(
    r"(?<=[,;:、~…\n])|(?<= )(?<![a-z0-9.,!?'] )|(?<= )(?![a-z0-9])|(?<![0-9])\.(?![0-9])|(?<=[。!?])"
)
"""A blank parts clauses, but not two English words."""
_EDGES = " .。!?~,、;:…\"'“”‘’「」『』()【】[]<>《》-_*#"
_PICTURES = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]")
_SIGNED_DIGIT = "❶❷❸❹❺❻❼❽❾❿➀➁➂➃➄➅➆➇➈➉➊➋➌➍➎➏➐➑➒➓"


@dataclass(frozen=True)
class Reply:
    """A reply in normal form. `text` keeps the blanks that a reader of disguised words would close."""

    text: str

    @staticmethod
    def of(raw: str) -> "Reply":
        """From what was typed; never raises."""
        lines = (" ".join(normalise(piece).text for piece in line.split()) for line in raw.splitlines())
        return Reply("".join(map(_digit, "\n".join(lines))).strip())

    @cached_property
    def bare(self) -> str:
        """Without the signs around it and without pictures."""
        return _PICTURES.sub("", self.text).strip(_EDGES)

    @cached_property
    def joined(self) -> str:
        """The bare reply without any blank: a word spelled apart (退 订)."""
        return "".join(self.bare.split())

    @cached_property
    def sentences(self) -> list[list[str]]:
        """The clauses of each sentence, with the sign that closes them."""
        cut = ((clause.strip(" ") for clause in _PAUSE.split(one)) for one in _SENTENCE.split(self.text))
        return [kept for clauses in cut if (kept := [clause for clause in clauses if clause.strip(_EDGES)])]

    @cached_property
    def placed(self) -> list[tuple[int, str]]:
        """All clauses in order, each with where it stands in the text."""
        found, at = [], 0
        for clause in self.clauses:
            start = self.text.find(clause, at)
            found.append((start, clause))
            at = start + len(clause)
        return found

    @cached_property
    def clauses(self) -> list[str]:
        """All clauses in order."""
        return [clause for sentence in self.sentences for clause in sentence]


def stripped(clause: str) -> str:
    """A clause without pictures and the signs around it."""
    return _PICTURES.sub("", clause).strip(_EDGES)


def _digit(char: str) -> str:
    """Digits of every script and in circles, as one to ten; other characters as they are."""
    if char in _SIGNED_DIGIT:
        return str(int(unicodedata.numeric(char)))
    return str(unicodedata.decimal(char, char))
