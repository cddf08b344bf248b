"""What a hospital adds to the word lists: terms, innocent words, departments and names of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from nlp.taxonomy import Category


class OwnTerm(NamedTuple):
    """A word that speaks for a category; `weight` as in terms.tsv (1.0 is enough for a report)."""

    word: str
    category: Category
    weight: float = 1.0


class OwnName(NamedTuple):
    """What somebody is called; `means` is a full name or an office, empty where that is nobody's business."""

    word: str
    means: str = ""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The hospital's own lists. Every word is in list form: simplified, lower case, half width.

    `lines` tells on which line of the file a word stands, by kind (term, innocent, department, name),
    word, and the category of a term.
    """

    terms: tuple[OwnTerm, ...] = ()
    innocent: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    names: tuple[OwnName, ...] = ()
    lines: Mapping[tuple[str, str, str], int] = field(default_factory=dict, compare=False)

    def __bool__(self) -> bool:
        return bool(self.terms or self.innocent or self.departments or self.names)


NO_WORDS = OwnWords()
