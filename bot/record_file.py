"""The table for the yearly appraisal: a row for each who works here, the last column for the appraiser."""

from collections.abc import Sequence

from bot.workbook import Cell, Workbook
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
    book = Workbook()
    heads = [words(f"record.column_{name}") for name in COLUMNS]
    sheet = book.sheet(f"{words('record.sheet')} {year}", heads, width=11, keep=2)
    sheet.widen(len(COLUMNS) - 1, 30)
    for one in people:
        sheet.add(_cells(one, words, house))
    book.notes(words("record.sheet_notes"), [words(f"record.note_{name}") for name in ("veto", "who")])
    return book.finish()


def _cells(one: Counted, words: Words, house: House) -> list[Cell]:
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
