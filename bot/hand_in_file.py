"""Totals of hand-ins as a table for a spreadsheet: months, and a list without names, sums or words."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bot.cells import PLAIN_STRINGS, as_text
from handlers.staff.hand_ins.totals import count_words
from handlers.words import Words
from storage.hand_ins.figures import LEAST, MonthTotals
from storage.hand_ins.rows import HandIn
from storage.house import House

_TOTALS = ("month", "count", "sum", "things", "late")
_LIST = ("number", "kind", "reported", "due", "state", "way", "ended", "in_time")


def table_of(months: Sequence[MonthTotals], rows: Sequence[HandIn], words: Words, *, house: House) -> bytes:
    """The whole file: months with the newest first, then every hand-in by its number."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, **PLAIN_STRINGS})
    book.set_properties({"author": "Lianxin"})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDF1F4"})

    def sheet(name: str, titles: Sequence[str]) -> Worksheet:
        made = book.add_worksheet(words(f"hand_in.sheet_{name}"))
        for column, title in enumerate(titles):
            made.write_string(0, column, title, head)
        made.freeze_panes(1, 0)
        made.set_column(0, max(0, len(titles) - 1), 15)
        return made

    ways = [words(f"hand_in.way_{way}") for way in months[-1].by_way]
    totals = sheet("totals", [*(words(f"hand_in.column_{one}") for one in _TOTALS), *ways])
    for place, month in enumerate(reversed(months), 1):
        _write(totals, place, _month_cells(month, words))
    listed = sheet("list", [words(f"hand_in.column_{one}") for one in _LIST])
    for place, row in enumerate(rows, 1):
        _write(listed, place, _row_cells(row, words, house))
    notes = sheet("notes", ())
    notes.write_string(0, 0, words("hand_in.totals_foot", least=LEAST))
    notes.set_column(0, 0, 80)
    book.close()
    return content.getvalue()


def _month_cells(month: MonthTotals, words: Words) -> list[Any]:
    hidden = words("hand_in.totals_hidden")
    counts = [month.count, month.things, month.late]
    count, things, late = (count_words(one, words) if one is None else one for one in counts)
    yuan = hidden if month.yuan is None else float(month.yuan)
    ways = [hidden if one is None else one for one in month.by_way.values()]
    return [month.month, count, yuan, things, late, *ways]


def _row_cells(row: HandIn, words: Words, house: House) -> list[Any]:
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


def _write(sheet: Worksheet, place: int, cells: Sequence[Any]) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(place, column, as_text(cell))
        else:
            sheet.write_number(place, column, cell)
