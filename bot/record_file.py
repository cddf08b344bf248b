"""The table for the yearly appraisal: a row for each who works here, the last column for the appraiser."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from bot.cells import PLAIN_STRINGS, as_text
from handlers.words import Words
from storage.errors import SealError
from storage.house import House
from storage.staff.employees import open_sealed
from storage.staff.record import EntryKind
from storage.staff.record_counts import Counted

COLUMNS = (
    "office", "name", "number", "cases", "praise", "refused", "owed", "done", "late_training", "quiz",
    "passed",
    "promises", "hand_ins", "hand_ins_late", "veto", "appraiser",
)  # fmt: skip


def appraisal_of(people: Sequence[Counted], year: int, words: Words, *, house: House) -> bytes:
    """The whole file, made in memory."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, **PLAIN_STRINGS})
    book.set_properties({"author": "Lianxin"})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDF1F4"})
    sheet = book.add_worksheet(f"{words('record.sheet')} {year}")
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, words(f"record.column_{name}"), head)
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, len(COLUMNS) - 2, 11)
    sheet.set_column(len(COLUMNS) - 1, len(COLUMNS) - 1, 30)
    for place, one in enumerate(people, 1):
        for column, cell in enumerate(_cells(one, words, house)):
            if isinstance(cell, str):
                sheet.write_string(place, column, as_text(cell))
            elif cell is not None:
                sheet.write_number(place, column, cell)
    notes = book.add_worksheet(words("record.sheet_notes"))
    for place, name in enumerate(("veto", "who")):
        notes.write_string(place, 0, words(f"record.note_{name}"))
    notes.set_column(0, 0, 80)
    book.close()
    return content.getvalue()


def _cells(one: Counted, words: Words, house: House) -> list[Any]:
    who = [_opened(one, column, words, house) for column in ("name", "number")]
    entered = [one.entries[kind] for kind in EntryKind]
    quiz = None if one.quiz is None else round(one.quiz, 1)
    veto = words("record.veto_yes") if one.veto else ""
    return [
        one.employee.office, *who, *entered, one.owed, one.done, one.late, quiz, one.passed, one.promises,
        one.hand_ins, one.hand_ins_late, veto, "",
    ]  # fmt: skip


def _opened(one: Counted, column: str, words: Words, house: House) -> str:
    try:
        return open_sealed(one.employee, column, vault=house.vault)
    except SealError:
        return words("record.unopened")
