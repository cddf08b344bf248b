"""Tables of discharges as hospitals write them, made anew for each test."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday 09:00 in Shanghai."""
HEADINGS = ("出院号", "出院科室", "病区", "出院日期", "手机号", "同意随访")
GOOD = ("Z1", "骨科", "三病区", "2026-11-20", "13800138000", "是")


def csv_of(*rows: Sequence[object], headings: Sequence[str] = HEADINGS, sign: str = ",") -> bytes:
    """UTF-8 without a mark."""
    return "".join(sign.join(map(str, row)) + "\r\n" for row in (headings, *rows)).encode()


def row_with(**cells: object) -> tuple[object, ...]:
    """The good row with other cells: number, department, ward, day, mobile, consent."""
    names = ("number", "department", "ward", "day", "mobile", "consent")
    return tuple(cells.get(name, value) for name, value in zip(names, GOOD, strict=True))


def xlsx_of(*sheets: Sequence[Sequence[Any]], hidden: Sequence[int] = ()) -> bytes:
    """A workbook with these rows; days are written as days."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, rows in enumerate(sheets):
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                elif cell is not None:
                    sheet.write(line, place, cell)
        if number in hidden:
            sheet.hide()
    book.close()
    return content.getvalue()
