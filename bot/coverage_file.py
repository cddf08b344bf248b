"""Coverage as a table for a spreadsheet: duties by office, and when each person read and did what."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.cells import PLAIN_STRINGS, as_text
from bot.coverage import MOST_ROWS, PersonLine
from handlers.words import Words
from storage.duties.coverage import Coverage, Covered
from storage.duties.progress import Progress
from storage.house import House

_COUNTS = ("expected", "done", "share", "late", "excused", "passed", "acknowledged", "missing")
_COVERAGE = ("duty", "period", "due", "office", *_COUNTS)
_PEOPLE = (
    "name", "number", "office", "duty", "period", "due", "state", "acknowledged_at", "done_at", "is_late",
    "score", "excuse",
)  # fmt: skip
Cell = str | int | float | datetime | None


class CoverageFile:
    """Collects in memory; nothing touches a disk."""

    def __init__(self, words: Words, *, house: House) -> None:
        self._words, self._zone = words, ZoneInfo(house.hospital.timezone)
        self._content = BytesIO()
        self._book = xlsxwriter.Workbook(self._content, {"in_memory": True, **PLAIN_STRINGS})
        self._book.set_properties({"author": "Lianxin"})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDF1F4"})
        self._share = self._book.add_format({"num_format": "0.0%"})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._whole = self._book.add_format({"bold": True})

    def fill(self, found: Coverage, people: Sequence[PersonLine] | None, *, most: int) -> None:
        """All sheets; `people` is None where there are more than `most` of them."""
        self._coverage(found)
        if people is not None:
            self._people(people)
        self._notes(most if people is None else 0)

    def finish(self) -> bytes:
        """The whole file."""
        self._book.close()
        return self._content.getvalue()

    def _coverage(self, found: Coverage) -> None:
        sheet, place = self._sheet("coverage", _COVERAGE), 0
        for line in found.lines:
            for office, one in line.offices.items():
                place += 1
                self._write(sheet, place, [*self._what(line), office, *_counts(one)])
        for office, one in found.by_office.items():
            place += 1
            self._write(sheet, place, [self._words("coverage.whole_house"), "", None, office, *_counts(one)])
        sheet.autofilter(0, 0, max(1, place), len(_COVERAGE) - 1)
        sheet.set_column(0, 0, 34)

    def _people(self, people: Iterable[PersonLine]) -> None:
        sheet = self._sheet("people", _PEOPLE)
        place = 0
        for place, one in enumerate(people, 1):
            mine, words = one.assignment, self._words
            name = one.name or words(
                "coverage.office_as_one" if mine.employee_id is None else "history.unopened_name"
            )
            excuse = words(f"coverage.excuse_{mine.excuse}") if mine.excuse else ""
            self._write(
                sheet, place,
                [
                    name, one.number, mine.office, *self._what(one.line),
                    words(f"coverage.state_{mine.state}"), mine.acknowledged_at, mine.done_at,
                    words("coverage.yes") if mine.late else "", mine.score, excuse,
                ],
            )  # fmt: skip
        sheet.autofilter(0, 0, max(1, place), len(_PEOPLE) - 1)
        sheet.set_column(3, 3, 34)

    def _what(self, line: Covered) -> tuple[Cell, Cell, Cell]:
        return line.title, line.period, line.due_at

    def _notes(self, cut: int) -> None:
        sheet = self._sheet("notes", ())
        notes = [self._words("coverage.foot_share")]
        notes += [self._words("coverage.table_cut", most=cut)] if cut else []
        for place, note in enumerate(notes):
            sheet.write_string(place, 0, note)
        sheet.set_column(0, 0, 80)

    def _sheet(self, name: str, columns: Sequence[str]) -> Worksheet:
        sheet = self._book.add_worksheet(self._words(f"coverage.sheet_{name}"))
        for place, column in enumerate(columns):
            sheet.write_string(0, place, self._words(f"coverage.column_{column}"), self._head)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(columns) - 1), 16)
        return sheet

    def _write(self, sheet: Worksheet, place: int, cells: Sequence[Cell]) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                local = cell.astimezone(self._zone).replace(tzinfo=None)
                sheet.write_datetime(place, column, local, self._date)
            elif isinstance(cell, str):
                if cell:
                    sheet.write_string(place, column, as_text(cell))
            elif cell is not None:
                sheet.write_number(place, column, cell, self._format(cell))

    def _format(self, cell: float) -> Format | None:
        return self._share if isinstance(cell, float) else None


def _counts(one: Progress) -> list[Cell]:
    """In the order of _COUNTS; the share is a fraction, the rest are whole."""
    share = float(one.share) if one.expected else None
    return [
        one.expected, one.done, share, one.late, one.excused, one.passed, one.acknowledged, one.missing,
    ]  # fmt: skip


def table_of(
    found: Coverage, people: Sequence[PersonLine] | None, words: Words, *, house: House, most: int = MOST_ROWS
) -> bytes:
    """The file."""
    table = CoverageFile(words, house=house)
    table.fill(found, people, most=most)
    return table.finish()
