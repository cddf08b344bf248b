"""Join codes as a table, for those who print slips of their own."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from bot.cells import PLAIN_STRINGS, as_text
from bot.staff.slips import Ways, words
from storage.staff.codes import Slip

_COLUMNS = ("office", "name", "number", "code", "send", "link")


def as_xlsx(slips: Sequence[Slip], ways: Ways) -> bytes:
    """One row for each person; nothing in it is taken for a formula or a link."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, **PLAIN_STRINGS})
    book.set_properties({"author": "Lianxin"})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDF1F4"})
    sheet = book.add_worksheet(words()["title"])
    for place, column in enumerate(_COLUMNS):
        sheet.write_string(0, place, words()[column], head)
    for line, slip in enumerate(slips, 1):
        cells = (slip.office, slip.name, slip.number, slip.code, f"/join {slip.code}", ways.link(slip.code))
        for place, cell in enumerate(cells):
            sheet.write_string(line, place, as_text(cell))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(_COLUMNS) - 1, 18)
    book.close()
    return content.getvalue()
