"""Coverage as a table for a spreadsheet: duties by office, and when each person read and did what."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from bot.coverage import MOST_ROWS, PersonLine
from bot.workbook import Cell, Share, Sheet, Workbook
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


class CoverageFile:
    """Three sheets: counts, people where they are not too many, and what the counts mean."""

    def __init__(self, words: Words, *, house: House) -> None:
        self._words = words
        self._book = Workbook(zone=ZoneInfo(house.hospital.timezone))

    def fill(self, found: Coverage, people: Sequence[PersonLine] | None, *, most: int) -> None:
        """All sheets; `people` is None where there are more than `most` of them."""
        self._coverage(found)
        if people is not None:
            self._people(people)
        self._notes(most if people is None else 0)

    def finish(self) -> bytes:
        """The whole file."""
        return self._book.finish()

    def _coverage(self, found: Coverage) -> None:
        sheet = self._sheet("coverage", _COVERAGE)
        for line in found.lines:
            for office, one in line.offices.items():
                sheet.add([*self._what(line), office, *_counts(one)])
        for office, one in found.by_office.items():
            sheet.add([self._words("coverage.whole_house"), "", None, office, *_counts(one)])
        sheet.filter()
        sheet.widen(0, 34)

    def _people(self, people: Iterable[PersonLine]) -> None:
        sheet = self._sheet("people", _PEOPLE)
        for one in people:
            mine, words = one.assignment, self._words
            name = one.name or words(
                "coverage.office_as_one" if mine.employee_id is None else "history.unopened_name"
            )
            excuse = words(f"coverage.excuse_{mine.excuse}") if mine.excuse else ""
            sheet.add(
                [
                    name, one.number, mine.office, *self._what(one.line),
                    words(f"coverage.state_{mine.state}"), mine.acknowledged_at, mine.done_at,
                    words("coverage.yes") if mine.late else "", mine.score, excuse,
                ]
            )  # fmt: skip
        sheet.filter()
        sheet.widen(3, 34)

    def _what(self, line: Covered) -> tuple[Cell, Cell, Cell]:
        return line.title, line.period, line.due_at

    def _notes(self, cut: int) -> None:
        notes = [self._words("coverage.foot_share")]
        notes += [self._words("coverage.table_cut", most=cut)] if cut else []
        self._book.notes(self._words("coverage.sheet_notes"), notes)

    def _sheet(self, name: str, columns: Sequence[str]) -> Sheet:
        heads = [self._words(f"coverage.column_{column}") for column in columns]
        return self._book.sheet(self._words(f"coverage.sheet_{name}"), heads)


def _counts(one: Progress) -> list[Cell]:
    """In the order of _COUNTS; the share is a fraction, the rest are whole."""
    share = Share(one.share) if one.expected else None
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
