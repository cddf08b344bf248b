"""Join codes as a table, for those who print slips of their own."""

from collections.abc import Sequence

from bot.staff.slips import Ways, words
from bot.workbook import Workbook
from storage.staff.codes import Slip

_COLUMNS = ("office", "name", "number", "code", "send", "link")


def as_xlsx(slips: Sequence[Slip], ways: Ways) -> bytes:
    """One row for each person; nothing in it is taken for a formula or a link."""
    book = Workbook()
    sheet = book.sheet(words()["title"], [words()[column] for column in _COLUMNS], width=18)
    for slip in slips:
        joins = f"/join {slip.code}"
        sheet.add([slip.office, slip.name, slip.number, slip.code, joins, ways.link(slip.code)])
    return book.finish()
