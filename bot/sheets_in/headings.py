"""Finds the row of headings in a table, and which column is what."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.sheets_in.tables import Cell, Sheet
from bot.sheets_in.wording import TableError, Wording

_LOOKED_AT = 30
_LONGEST = 100
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field stands, from 0, and how the table calls it."""

    place: int
    heading: str


@dataclass(frozen=True, slots=True)
class Headings:
    """The line of the headings, from 1; the columns by field; what is to be said about the others."""

    line: int
    columns: Mapping[str, Column]
    notes: tuple[str, ...]
    wording: Wording

    def heading(self, field: str) -> str:
        """How the table calls a field, else how we do."""
        column = self.columns.get(field)
        return column.heading if column else str(self.wording["fields"][field])


def find_headings(
    sheets: Sequence[Sheet], wording: Wording, needed: Sequence[str], own: object = None
) -> tuple[Sheet, Headings]:
    """The first sheet with a row of headings among its first 30; raises TableError where there is none.

    `wording` has the usual headings, attributes of `own` those of the hospital; `needed` must be there.
    """
    names, best = _names(wording, own), frozenset[str]()
    for number, sheet in enumerate(sheets):
        for line, row in enumerate(sheet[:_LOOKED_AT], 1):
            columns = _columns(row, names)
            if all(field in columns for field in needed):
                others = [wording.say("notes", "other_sheets")] if any(sheets[number + 1 :]) else []
                notes = (*_notes(row, columns, names, wording), *others)
                return sheet, Headings(line, columns, notes, wording)
            best = max(best, frozenset(columns) & set(needed), key=len)
    missing = "、".join(f"“{wording['fields'][field]}”" for field in needed if field not in best)
    raise TableError(wording.say("files", "no_heading", missing=missing))


def folded(text: object) -> str:
    """A heading or a value as it is compared: no width, case, spaces, signs and brackets."""
    plain = _BRACKETS.sub("", unicodedata.normalize("NFKC", str(text)[:_LONGEST])).casefold()
    return _NO_LETTERS.sub("", plain)


def letters_of(place: int) -> str:
    """The name of a column in a spreadsheet: 0 is A, 26 is AA."""
    letters = ""
    while place >= 0:
        place, rest = divmod(place, 26)
        letters = chr(65 + rest) + letters
        place -= 1
    return letters


Names = Mapping[str, tuple[str, int]]
"""Field and rank of each folded heading; the hospital's own come first."""


def _names(wording: Wording, own: object) -> Names:
    names: dict[str, tuple[str, int]] = {}
    for field, usual in wording["columns"].items():
        given = getattr(own, field, ())
        for rank, heading in enumerate((*given, *usual)):
            if rank < len(given) or folded(heading) not in names:
                names[folded(heading)] = field, rank
    return names


def _columns(row: Sequence[Cell], names: Names) -> dict[str, Column]:
    """Of several headings for one field, the surest."""
    found: dict[str, tuple[int, Column]] = {}
    for place, cell in enumerate(row):
        if not isinstance(cell, str) or (known := names.get(folded(cell))) is None:
            continue
        field, rank = known
        if field not in found or rank < found[field][0]:
            found[field] = rank, Column(place, _shown(cell))
    return {field: column for field, (_, column) in found.items()}


def _notes(
    row: Sequence[Cell], columns: Mapping[str, Column], names: Names, wording: Wording
) -> Iterator[str]:
    """A line for every column that is not read. What nobody knows is not repeated: it may be anything."""
    used = {column.place for column in columns.values()}
    for place, cell in enumerate(row):
        if place in used or not isinstance(cell, str) or not folded(cell):
            continue
        column, known = letters_of(place), names.get(folded(cell))
        if known is not None:
            told = columns[known[0]].heading
            yield wording.say("notes", "second", heading=_shown(cell), column=column, used=told)
        elif kind := _unwanted(folded(cell), wording):
            yield wording.say("notes", kind, heading=_shown(cell), column=column)
        elif folded(cell) not in _silent():
            yield wording.say("notes", "unknown", column=column)
    for note in wording["notes"]:
        if note.startswith("no_") and note.removeprefix("no_") not in columns:
            yield wording.say("notes", note)


def _unwanted(heading: str, wording: Wording) -> str | None:
    for kind, pieces in wording["unwanted"].items():
        if len(heading) <= 20 and any(folded(piece) in heading for piece in pieces):
            return str(kind)
    return None


@lru_cache(maxsize=1)
def _silent() -> frozenset[str]:
    """A running number is in every table and is nobody's."""
    return frozenset(map(folded, ("序号", "编号", "行号", "no.", "#", "row", "id")))


def _shown(cell: str) -> str:
    return "".join(sign for sign in " ".join(cell.split()) if sign.isprintable())[:20]
