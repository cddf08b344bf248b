"""The ledger as a file for a spreadsheet: cells are text or dates, never formulas."""

from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import xlsxwriter

from bot.cells import PLAIN_STRINGS, as_text
from handlers.words import Words
from storage.clocks import Limit
from storage.ledger import LedgerRow

_LEFT = ("number", "received_at", "category", "status", "lead_office")
_RIGHT = ("outcome", "closed_at", "sealed")


class LedgerFile:
    """Collects rows in memory; nothing touches the disk before it is whole."""

    def __init__(self, words: Words, timezone: str) -> None:
        self._words, self._zone = words, ZoneInfo(timezone)
        self._content, self.count = BytesIO(), 0
        self._book = xlsxwriter.Workbook(self._content, {"in_memory": True, **PLAIN_STRINGS})
        self._book.set_properties({"author": "Lianxin"})
        self._sheet = self._book.add_worksheet(words("ledger.sheet"))
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        columns = (*_LEFT, *(f"limit_{limit}" for limit in Limit), *_RIGHT)
        for place, name in enumerate(columns):
            self._sheet.write_string(0, place, words(f"ledger.{name}"))
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(columns) - 1, 16)

    def add(self, row: LedgerRow) -> None:
        """One case, one line."""
        words = self._words
        labels = [category.label for category in row.categories] or [words(f"card.intent_{row.intent}")]
        limits = [row.limits.get(limit) for limit in Limit]
        self.count += 1
        cells = [
            row.number,
            row.received_at,
            words("card.and").join(labels),
            words(f"card.status_{row.status}"),
            row.lead_office,
            *(words(f"ledger.{limit}") if limit else "" for limit in limits),
            words(f"card.outcome_{row.outcome}") if row.outcome else "",
            row.closed_at,
            words("ledger.yes") if row.sealed else "",
        ]
        for place, cell in enumerate(cells):
            self._write(place, cell)

    def finish(self) -> bytes:
        """The whole file."""
        self._book.close()
        return self._content.getvalue()

    def _write(self, place: int, cell: str | datetime | None) -> None:
        if isinstance(cell, datetime):
            local = cell.astimezone(self._zone).replace(tzinfo=None)
            self._sheet.write_datetime(self.count, place, local, self._date)
        elif cell:
            self._sheet.write_string(self.count, place, as_text(cell))
