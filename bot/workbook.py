"""Tables for a spreadsheet: what is text stays text, also after they were saved as CSV and opened again."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""As text it is harmless here, but not any more once the table is saved as CSV and opened again."""
_PLAIN_STRINGS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_HEAD = {"bold": True, "bottom": 1, "bg_color": "#EDF1F4"}
_UTC = ZoneInfo("UTC")


class Share(float):
    """A fraction, shown in percent."""


class Mean(float):
    """A mean, shown with two places."""


Cell = str | int | float | datetime | None
"""Empty text and None leave a cell empty."""


def as_text(cell: str) -> str:
    """The words of a cell so that no spreadsheet takes them for a formula."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell


class Workbook:
    """Collects sheets in memory, nothing touches a disk; moments are shown in `zone`."""

    def __init__(self, *, zone: ZoneInfo = _UTC, title: str = "") -> None:
        self._content = BytesIO()
        self.book = xlsxwriter.Workbook(self._content, {"in_memory": True, **_PLAIN_STRINGS})
        self.book.set_properties({"author": "Lianxin", "title": title})
        self._zone, self._head = zone, self.book.add_format(_HEAD)
        self._formats: dict[type, Format] = {
            Share: self.book.add_format({"num_format": "0.0%"}),
            Mean: self.book.add_format({"num_format": "0.00"}),
            datetime: self.book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }

    def sheet(self, name: str, heads: Sequence[str], *, width: int = 16, keep: int = 0) -> "Sheet":
        """A sheet whose first row, and `keep` columns, stay in sight; all columns `width` characters wide."""
        made = self.book.add_worksheet(name)
        for place, head in enumerate(heads):
            made.write_string(0, place, head, self._head)
        made.freeze_panes(1, keep)
        made.set_column(0, max(0, len(heads) - 1), width)
        return Sheet(made, self._formats, self._zone, len(heads))

    def style(self, **properties: Any) -> Format:
        """How cells look, in xlsxwriter's words."""
        return self.book.add_format(properties)

    def notes(self, name: str, notes: Sequence[str]) -> None:
        """A sheet of sentences about the others."""
        made = self.book.add_worksheet(name)
        for place, note in enumerate(notes):
            made.write_string(place, 0, note)
        made.set_column(0, 0, 80)

    def finish(self) -> bytes:
        """The whole file."""
        self.book.close()
        return self._content.getvalue()


class Sheet:
    """Grows by a row at a time; `raw` is xlsxwriter's own sheet, for what only one table needs."""

    def __init__(self, raw: Worksheet, formats: dict[type, Format], zone: ZoneInfo, columns: int) -> None:
        self.raw, self.rows = raw, 0
        self._formats, self._zone, self._columns = formats, zone, columns

    def add(self, cells: Sequence[Cell], style: Format | None = None) -> None:
        """The next row; `style` is for cells whose kind has no look of its own."""
        self.rows += 1
        for column, cell in enumerate(cells):
            look = self._formats.get(type(cell), style)
            if isinstance(cell, datetime):
                local = cell.astimezone(self._zone).replace(tzinfo=None)
                self.raw.write_datetime(self.rows, column, local, look)
            elif isinstance(cell, str):
                if cell:
                    self.raw.write_string(self.rows, column, as_text(cell), look)
            elif cell is not None:
                self.raw.write_number(self.rows, column, cell, look)

    def widen(self, column: int, width: int) -> None:
        """One column of another width, in characters."""
        self.raw.set_column(column, column, width)

    def filter(self) -> None:
        """Lets whoever opens it choose rows by the values of every column."""
        self.raw.autofilter(0, 0, max(1, self.rows), self._columns - 1)
