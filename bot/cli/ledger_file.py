"""The ledger as a file for a spreadsheet: cells are text or dates, never formulas."""

from zoneinfo import ZoneInfo

from bot.workbook import Workbook
from handlers.words import Words
from storage.clocks import Limit
from storage.ledger import LedgerRow

_LEFT = ("number", "received_at", "category", "status", "lead_office")
_RIGHT = ("outcome", "closed_at", "sealed")


class LedgerFile:
    """Collects rows in memory; nothing touches the disk before it is whole."""

    def __init__(self, words: Words, timezone: str) -> None:
        self._words, self._book = words, Workbook(zone=ZoneInfo(timezone))
        columns = (*_LEFT, *(f"limit_{limit}" for limit in Limit), *_RIGHT)
        self._sheet = self._book.sheet(words("ledger.sheet"), [words(f"ledger.{name}") for name in columns])

    @property
    def count(self) -> int:
        """Cases in it so far."""
        return self._sheet.rows

    def add(self, row: LedgerRow) -> None:
        """One case, one line."""
        words = self._words
        labels = [category.label for category in row.categories] or [words(f"card.intent_{row.intent}")]
        limits = [row.limits.get(limit) for limit in Limit]
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
        self._sheet.add(cells)

    def finish(self) -> bytes:
        """The whole file."""
        return self._book.finish()
