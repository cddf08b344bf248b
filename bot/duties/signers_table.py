"""The list of who has signed as a table: cells are text or dates, never formulas."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from zoneinfo import ZoneInfo

import xlsxwriter

from bot.cells import PLAIN_STRINGS, as_text
from bot.duties.signers_paper import rows_of
from handlers.words import Words
from storage.duties.signing import Signer, share_of

_COLUMNS = ("number", "office", "name", "time", "hand")


def signers_xlsx(title: str, lists: Mapping[str, Sequence[Signer]], *, words: Words, timezone: str) -> bytes:
    """One sheet with everybody, one with the share of each office."""
    content, zone = BytesIO(), ZoneInfo(timezone)
    book = xlsxwriter.Workbook(content, {"in_memory": True, **PLAIN_STRINGS})
    book.set_properties({"author": "Lianxin", "title": title})
    date = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet(words("forms.sheet_people"))
    for place, column in enumerate(_COLUMNS):
        sheet.write_string(0, place, words(f"forms.column_{column}"))
    sheet.freeze_panes(1, 0)
    sheet.set_column(1, len(_COLUMNS) - 1, 20)
    for line, (number, one) in enumerate(rows_of(lists), 1):
        sheet.write_number(line, 0, number)
        sheet.write_string(line, 1, as_text(one.office))
        sheet.write_string(line, 2, as_text(one.name or words("duties.former")))
        if one.signed_at is not None:
            sheet.write_datetime(line, 3, one.signed_at.astimezone(zone).replace(tzinfo=None), date)
        elif one.excused:
            sheet.write_string(line, 4, words("forms.paper_excused"))
    shares = book.add_worksheet(words("forms.sheet_offices"))
    for place, column in enumerate(("office", "signed", "expected")):
        shares.write_string(0, place, words(f"forms.column_{column}"))
    for line, (office, signers) in enumerate(lists.items(), 1):
        signed, expected = share_of(signers)
        shares.write_string(line, 0, as_text(office))
        shares.write_number(line, 1, signed)
        shares.write_number(line, 2, expected)
    book.close()
    return content.getvalue()
