"""Totals of hand-ins as a table for a spreadsheet: months, and a list without names, sums or words."""

from collections.abc import Sequence
from datetime import datetime

from bot.workbook import Cell, Workbook
from handlers.staff.hand_ins.totals import count_words
from handlers.words import Words
from storage.hand_ins.figures import LEAST, MonthTotals
from storage.hand_ins.rows import HandIn
from storage.house import House

_TOTALS = ("month", "count", "sum", "things", "late")
_LIST = ("number", "kind", "reported", "due", "state", "way", "ended", "in_time")


def table_of(months: Sequence[MonthTotals], rows: Sequence[HandIn], words: Words, *, house: House) -> bytes:
    """The whole file: months with the newest first, then every hand-in by its number."""
    book = Workbook()
    ways = [words(f"hand_in.way_{way}") for way in months[-1].by_way]
    heads = [*(words(f"hand_in.column_{one}") for one in _TOTALS), *ways]
    totals = book.sheet(words("hand_in.sheet_totals"), heads, width=15)
    for month in reversed(months):
        totals.add(_month_cells(month, words))
    listed = book.sheet(
        words("hand_in.sheet_list"), [words(f"hand_in.column_{one}") for one in _LIST], width=15
    )
    for row in rows:
        listed.add(_row_cells(row, words, house))
    book.notes(words("hand_in.sheet_notes"), [words("hand_in.totals_foot", least=LEAST)])
    return book.finish()


def _month_cells(month: MonthTotals, words: Words) -> list[Cell]:
    hidden = words("hand_in.totals_hidden")
    counts = [month.count, month.things, month.late]
    count, things, late = (count_words(one, words) if one is None else one for one in counts)
    yuan = hidden if month.yuan is None else float(month.yuan)
    ways = [hidden if one is None else one for one in month.by_way.values()]
    return [month.month, count, yuan, things, late, *ways]


def _row_cells(row: HandIn, words: Words, house: House) -> list[Cell]:
    way = words(f"hand_in.way_{row.way}") if row.way else ""
    ended = _day(row.ended_at, house) if row.ended_at else ""
    state = words(f"hand_in.state_{row.state}")
    return [
        row.number, words("hand_in.giver_anon" if row.is_anonymous else "hand_in.kind_name"),
        _day(row.reported_at, house), _day(row.due_at, house), state, way, ended,
        words("hand_in.late" if row.late else "hand_in.in_time"),
    ]  # fmt: skip


def _day(moment: datetime, house: House) -> str:
    return f"{house.local(moment):%Y-%m-%d}"
