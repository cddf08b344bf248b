"""Reads a message: what the person wants, what is alleged, how urgent, how sure, and why."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from nlp.commands import is_greeting
from nlp.normalise import normalise
from nlp.taxonomy import Category, Intent


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of the text that spoke for a category (None: for an intent); characters of the original."""

    term: str
    category: Category | None
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a message was read. `unsure`: a person at the service desk reads it, whatever the intent says."""

    intent: Intent
    categories: tuple[Category, ...] = ()
    urgent: bool = False
    confidence: float = 0.0
    unsure: bool = False
    evidence: tuple[Evidence, ...] = ()


class Reader:
    """Holds the lists; one instance serves the whole process and is safe to use from several threads."""

    @classmethod
    def load(cls) -> Self:
        """Loads all lists once per process."""
        return _reader(cls)

    def read(self, text: str) -> Verdict:
        """Never raises for any string; time grows with the length of the text."""
        form = normalise(text)
        for word, category in (("红包", Category.RED_ENVELOPE), ("回扣", Category.KICKBACK)):
            at = form.text.find(word)
            if at >= 0:
                start, end = form.span(at, at + len(word))
                evidence = Evidence(text[start:end], category, start, end, "key word")
                return Verdict(Intent.REPORT, (category,), False, 0.6, True, (evidence,))
        return Verdict(Intent.OTHER, confidence=0.9 if is_greeting(text) else 0.3, unsure=not is_greeting(text))


@lru_cache(maxsize=1)
def _reader(cls: type[Reader]) -> Reader:
    return cls()
