"""Turns a file into sheets of cells: CSV as programs write it, XLSX and XLS."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from types import EllipsisType

from bot.sheets_in.wording import TABLES, TableError
from bot.sheets_in.workbooks import read_workbook

UNTOLD = ...
"""In place of a cell that is not there, neither full nor empty."""
Cell = str | int | float | bool | date | datetime | EllipsisType | None
Sheet = list[list[Cell]]
"""Rows as a spreadsheet counts them: the first is line 1."""
MOST_ROWS = 200_000
MOST_COLUMNS = 200
_DELIMITERS = ",;\t|"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 30


def read_sheets(content: bytes) -> list[Sheet]:
    """The sheets of a file, told by its first bytes; a CSV has one. Raises TableError."""
    if not content.strip(b"\0 \r\n\t"):
        raise TableError(TABLES.say("files", "empty"))
    if content.startswith(_WORKBOOKS):
        return read_workbook(content)
    return [_rows(_decoded(content))]


def _decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, GB18030."""
    for encoding in ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableError(TABLES.say("files", "encoding"))


def _rows(text: str) -> Sheet:
    """All rows; Excel may name the delimiter in a first line of its own, which stays a line."""
    first = text[:16].splitlines()[0] if text[:16].strip() else ""
    told = first[4] if first.startswith("sep=") and len(first) == 5 else ""
    rows: Sheet = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=told or _delimiter(text), strict=True)
    try:
        for row in reader:
            if len(rows) >= MOST_ROWS:
                raise TableError(TABLES.say("files", "too_large"))
            rows.append(list(row[:MOST_COLUMNS]))
    except csv.Error:
        raise TableError(TABLES.say("files", "quotes", line=len(rows) + 1)) from None
    return rows


def _delimiter(text: str) -> str:
    """What parts the most cells alike in the first lines."""
    lines = [line for line in islice(io.StringIO(text), _LOOKED_AT) if line.strip()]
    return max(_DELIMITERS, key=lambda sign: _evenness([line.count(sign) for line in lines]))


def _evenness(counts: Sequence[int]) -> tuple[int, int]:
    """In how many lines a sign stands equally often, and how often."""
    parted = [count for count in counts if count]
    if not parted:
        return 0, 0
    usual = max(set(parted), key=lambda count: (parted.count(count), count))
    return parted.count(usual) * min(usual, 3), usual
