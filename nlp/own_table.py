"""The table that a hospital's own words stand in: its rows, headings and kinds of rows."""

import csv
import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from nlp.normalise import normalise

_NEEDED = ("kind", "word")


class Mistake(NamedTuple):
    """A mistake on a line (from 1).

    `column` and `row` are the keys of own_words.toml for the column and the kind of row, empty where
    none is meant; `kind` is one of no_heading, no_column, unknown_column, repeated_column, quotes, too_many,
    no_kind, unknown_kind, no_word, too_short, too_long, no_category, unknown_category, bad_weight,
    not_here, repeated. `value` is what was written, `close` what was probably meant.
    """

    line: int
    column: str
    kind: str
    value: str = ""
    close: str = ""
    row: str = ""


class WrongCell(Exception):
    """A mistake in a row: `told` is column, kind, value and close of a Mistake."""

    def __init__(self, column: str, kind: str, value: str = "", close: str = "") -> None:
        super().__init__(kind)
        self.told = (column, kind, value, close)


def lines_of(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """Number and cells of each row that says something; None where its quotation marks do not pair."""
    for number, line in enumerate(re.split(r"\r\n?|\n", text), start=1):
        sign = next((sign for sign in "\t,，" if sign in line), ",")
        try:
            cells = next(csv.reader([line], delimiter=sign, strict=True), [])
        except csv.Error:
            yield number, None
            continue
        cells = [cell.strip() for cell in cells]
        if any(cells) and not cells[0].startswith(("#", "＃")):
            yield number, cells


def columns_of(heading: Sequence[str] | None) -> list[str]:
    """What the columns are, by their headings, without nameless ones at the end; raises WrongCell."""
    if heading is None:
        raise WrongCell("", "quotes")
    known = names_of("columns")
    columns = [known.get(plain(cell), "") for cell in heading]
    while columns and not heading[len(columns) - 1]:
        columns.pop()
    if not set(_NEEDED) & set(columns):
        raise WrongCell("", "no_heading")
    for place, column in enumerate(columns):
        if not column:
            raise WrongCell("", "unknown_column", heading[place], closest(heading[place], known))
        if column in columns[:place]:
            raise WrongCell(column, "repeated_column", heading[place])
    for column in _NEEDED:
        if column not in columns:
            raise WrongCell(column, "no_column")
    return columns


def row_of(columns: Sequence[str], cells: Sequence[str] | None) -> dict[str, str]:
    """The cells of a row by column; raises WrongCell."""
    if cells is None:
        raise WrongCell("", "quotes")
    if extra := list(filter(None, cells[len(columns) :])):
        raise WrongCell("", "too_many", extra[0])
    return dict(zip(columns, cells, strict=False))


@lru_cache(maxsize=2)
def names_of(table: str) -> dict[str, str]:
    """What a heading or a kind is called, and which it is."""
    lists = tomllib.loads(files("nlp").joinpath("data/own_words.toml").read_text("utf-8"))
    return {plain(name): key for key, names in lists[table].items() for name in names}


def first_name(table: str, key: str) -> str:
    """The first name of a column or a kind of row: the one to show people."""
    return next(name for name, known in names_of(table).items() if known == key)


def closest(written: str, known: Iterable[str]) -> str:
    """What was probably meant, or empty."""
    return next(iter(difflib.get_close_matches(written, list(known), n=1, cutoff=0.4)), "")


def plain(written: str) -> str:
    """What was written in list form."""
    return normalise(written).text.strip()
