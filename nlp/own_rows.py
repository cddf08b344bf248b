"""Reads a hospital's own words from the rows of a table, and tells each mistake with its line."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from nlp.own_lists import OwnName, OwnTerm, OwnWords
from nlp.own_table import Mistake, WrongCell, closest, columns_of, lines_of, names_of, plain, row_of
from nlp.taxonomy import Category

SHORTEST, LONGEST = 2, 30
"""Characters of a word: one alone would be found in every text."""
HEAVIEST = 2.0
_ONLY_OF = {"category": "term", "weight": "term", "means": "name"}

Row = Mapping[str, str]


def read_words(text: str) -> tuple[OwnWords, list[Mistake]]:
    """The words of a table and what is wrong with it; a row with a mistake adds nothing.

    The first row names the columns, in any order; cells are parted by tabs or commas; a row whose first
    cell starts with # is a comment. Words are brought into list form.
    """
    columns: list[str] | None = None
    collected, wrong = _Collected(), []
    for number, cells in lines_of(text):
        row: dict[str, str] = {}
        try:
            if columns is None:
                columns = columns_of(cells)
            else:
                row = row_of(columns, cells)
                collected.add(row, number)
        except WrongCell as error:
            kind = names_of("kinds").get(plain(row.get("kind", "")), "")
            wrong.append(Mistake(number, *error.told, row=kind))
            if columns is None:
                break
    return collected.words(), wrong


class _Collected:
    """The words so far, and the line on which each stands."""

    def __init__(self) -> None:
        self._terms: list[OwnTerm] = []
        self._names: list[OwnName] = []
        self._others: dict[str, list[str]] = {"innocent": [], "department": []}
        self._seen: dict[tuple[str, str, str], int] = {}

    def add(self, row: Row, line: int) -> None:
        """Adds one row; raises WrongCell."""
        kind = _kind(row)
        word = _word(row)
        for column, only in _ONLY_OF.items():
            if row.get(column) and only != kind:
                raise WrongCell(column, "not_here", row[column])
        category = _category(row) if kind == "term" else None
        first = self._seen.setdefault((kind, word, category or ""), line)
        if first != line:
            raise WrongCell("word", "repeated", row["word"], str(first))
        if category is not None:
            self._terms.append(OwnTerm(word, category, _weight(row)))
        elif kind == "name":
            self._names.append(OwnName(word, row.get("means", "")))
        else:
            self._others[kind].append(word)

    def words(self) -> OwnWords:
        """All of them, in the order of the rows."""
        innocent, departments = map(tuple, self._others.values())
        return OwnWords(tuple(self._terms), innocent, departments, tuple(self._names), self._seen)


def _kind(row: Row) -> str:
    written, known = row.get("kind", ""), names_of("kinds")
    if not written:
        raise WrongCell("kind", "no_kind")
    if plain(written) not in known:
        raise WrongCell("kind", "unknown_kind", written, closest(written, known))
    return known[plain(written)]


def _word(row: Row) -> str:
    written = row.get("word", "")
    word = plain(written)
    if not written:
        raise WrongCell("word", "no_word")
    if sum(char.isalnum() or unicodedata.category(char) == "So" for char in word) < SHORTEST:
        raise WrongCell("word", "too_short", written)
    if len(word) > LONGEST:
        raise WrongCell("word", "too_long", written)
    return word


def _category(row: Row) -> Category:
    written = row.get("category", "")
    known = _categories()
    if not written:
        raise WrongCell("category", "no_category")
    if plain(written) not in known:
        raise WrongCell("category", "unknown_category", written, closest(written, known))
    return known[plain(written)]


@lru_cache(maxsize=1)
def _categories() -> dict[str, Category]:
    """Each category by its label and by its code."""
    return {plain(name): one for one in Category for name in (one.label, one.value)}


def _weight(row: Row) -> float:
    written = row.get("weight", "")
    try:
        weight = float(plain(written)) if written else 1.0
    except ValueError:
        weight = 0.0
    if not 0 < weight <= HEAVIEST:
        raise WrongCell("weight", "bad_weight", written)
    return weight
