"""The list of who has signed as a table: cells are text or dates, never formulas."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.duties.signers_paper import rows_of
from bot.workbook import Workbook
from handlers.words import Words
from storage.duties.signing import Signer, share_of

_COLUMNS = ("number", "office", "name", "time", "hand")


def signers_xlsx(title: str, lists: Mapping[str, Sequence[Signer]], *, words: Words, timezone: str) -> bytes:
    """One sheet with everybody, one with the share of each office."""
    book = Workbook(zone=ZoneInfo(timezone), title=title)
    heads = [words(f"forms.column_{column}") for column in _COLUMNS]
    sheet = book.sheet(words("forms.sheet_people"), heads, width=20)
    sheet.widen(0, 9)
    for number, one in rows_of(lists):
        excused = words("forms.paper_excused") if one.signed_at is None and one.excused else ""
        sheet.add([number, one.office, one.name or words("duties.former"), one.signed_at, excused])
    heads = [words(f"forms.column_{column}") for column in ("office", "signed", "expected")]
    shares = book.sheet(words("forms.sheet_offices"), heads)
    for office, signers in lists.items():
        shares.add([office, *share_of(signers)])
    return book.finish()
