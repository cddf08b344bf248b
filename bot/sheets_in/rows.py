"""The rows below a row of headings: which of them hold data, and what a row says in a column."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.sheets_in.cells import BadCell
from bot.sheets_in.headings import Headings, folded
from bot.sheets_in.problems import Problem
from bot.sheets_in.tables import UNTOLD, Cell

_TOTALS = ("合计", "总计", "小计", "共计", "制表", "打印", "total")


class Rows:
    """Reads cells by field; `keys` are two fields that every row of data has."""

    def __init__(self, headings: Headings, keys: tuple[str, str]) -> None:
        self._headings, self._keys = headings, keys
        self._repeated = {name: folded(one.heading) for name, one in headings.columns.items()}

    def holds_data(self, row: Sequence[Cell]) -> bool:
        """Neither empty, nor a sum, nor the headings once more on a new page."""
        cells = {name: self.cell(row, name) for name in self._headings.columns}
        if all(cell is None or not str(cell).strip() for cell in cells.values()):
            return False
        first = next((str(cell).strip().casefold() for cell in row if str(cell or "").strip()), "")
        if first.startswith(_TOTALS) and not str(cells[self._keys[1]] or "").strip():
            return False
        return any(folded(cells[name] or "") != self._repeated[name] for name in self._keys)

    def take(
        self, line: int, row: Sequence[Cell], name: str, read: Callable[[Cell], Any], found: list[Problem]
    ) -> Any:
        """What `read` makes of a cell; None, and a problem more, where it makes nothing of it."""
        try:
            return read(self.cell(row, name))
        except BadCell as error:
            reason = self._headings.wording.say("problems", error.kind, **error.values)
            found.append(Problem(line, self._headings.heading(name), name, reason, error.taken))
            return None

    def take_if_told(
        self, line: int, row: Sequence[Cell], name: str, read: Callable[[Cell], Any], found: list[Problem]
    ) -> Any:
        """The same; None where the table says nothing."""
        return self.take(line, row, name, read, found) if self.tells(row, name) else None

    def tells(self, row: Sequence[Cell], name: str) -> bool:
        """Whether the table has such a column; an empty cell of it says that there is none."""
        column = self._headings.columns.get(name)
        return column is not None and not (column.place < len(row) and row[column.place] is UNTOLD)

    def cell(self, row: Sequence[Cell], name: str) -> Cell:
        """The cell of a field; None where the table has none."""
        column = self._headings.columns.get(name)
        cell = row[column.place] if column is not None and column.place < len(row) else None
        return None if cell is UNTOLD else cell
