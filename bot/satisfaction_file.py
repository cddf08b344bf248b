"""Satisfaction as a table for a spreadsheet: months, departments, wards, a chart; few answers stay empty."""

from collections.abc import Iterator, Sequence
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.cells import PLAIN_STRINGS, as_text
from handlers.followup.satisfaction_report import Report
from handlers.followup.satisfaction_words import question_words
from handlers.words import Words
from storage.followup.figures import MonthFigures, Shown

_COLUMNS = (
    "month", "department", "ward", "sent", "reached", "answered", "mean", "satisfied", "low", "high", "after",
    "after_count",
)  # fmt: skip
_SHARES = {"satisfied", "low", "high", "after"}
_CHART_PIXELS = (960, 520)
_LINES = (("#0A67A3", "solid"), ("#7DB8DD", "dash"), ("#7DB8DD", "dash"))
"""The share and the bounds of its interval."""
_NAMES = 3
"""The columns that say whose figures a row holds."""


class SatisfactionFile:
    """Collects in memory; nothing touches a disk. `department` limits it to one, empty is the whole house."""

    def __init__(self, words: Words, *, department: str = "") -> None:
        self._words, self._department = words, department
        self._content = BytesIO()
        self._book = xlsxwriter.Workbook(self._content, {"in_memory": True, **PLAIN_STRINGS})
        self._book.set_properties({"author": "Lianxin"})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDF1F4"})
        self._share = self._book.add_format({"num_format": "0.0%"})
        self._mean = self._book.add_format({"num_format": "0.00"})
        self._whole = self._book.add_format({"bold": True})

    def fill(self, reports: Sequence[Report]) -> None:
        """One report for each month, the oldest first."""
        history = reports[-1].history
        table = self._sheet("sheet", _COLUMNS)
        for place, row in enumerate(self._rows(history), 1):
            self._write(table, place, row)
        self._chart(history)
        self._integrity(reports)
        self._mentions(reports)
        self._notes(reports[-1].least)

    def finish(self) -> bytes:
        """The whole file."""
        self._book.close()
        return self._content.getvalue()

    def _sheet(self, name: str, columns: Sequence[str]) -> Worksheet:
        sheet = self._book.add_worksheet(self._words(f"satisfaction.{name}"))
        for place, column in enumerate(columns):
            sheet.write_string(0, place, self._words(f"satisfaction.column_{column}"), self._head)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(columns) - 1), 13)
        return sheet

    def _rows(self, history: Sequence[MonthFigures]) -> Iterator[tuple[tuple[str, str, str], Shown]]:
        """Newest month first; a department before its wards, the house before all."""
        whole = self._words("satisfaction.whole")
        for month in reversed(history):
            if not self._department:
                yield (month.month, self._words("satisfaction.house"), whole), month.house
            for name, shown in month.departments.items():
                if self._department in ("", name):
                    yield (month.month, name, whole), shown
                    for ward, one in month.wards_of(name).items():
                        yield (month.month, name, ward or self._words("satisfaction.no_ward")), one

    def _write(self, sheet: Worksheet, place: int, row: tuple[tuple[str, str, str], Shown]) -> None:
        names, shown = row
        style = self._whole if names[2] == self._words("satisfaction.whole") else None
        for column, name in enumerate(names):
            sheet.write_string(place, column, as_text(name), style)
        for column, (key, value) in enumerate(_values(shown).items(), _NAMES):
            if value is not None:
                sheet.write_number(place, column, value, self._format(key))

    def _format(self, column: str) -> Format | None:
        return self._share if column in _SHARES else self._mean if column == "mean" else None

    def _chart(self, history: Sequence[MonthFigures]) -> None:
        """Its figures stand beside it, so that whoever opens it may draw another."""
        sheet = self._sheet("sheet_chart", ("month", "satisfied", "low", "high"))
        for place, month in enumerate(history, 1):
            sheet.write_string(place, 0, month.month)
            share = month.of(self._department).satisfied
            if share is not None:
                for column, value in enumerate((share.value, share.low, share.high), 1):
                    sheet.write_number(place, column, value, self._share)
        name, last = self._words("satisfaction.sheet_chart"), len(history)
        chart = self._book.add_chart({"type": "line"})
        for column, (color, dash) in enumerate(_LINES, 1):
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, 1, 0, last, 0],
                    "values": [name, 1, column, last, column],
                    "line": {"color": color, "dash_type": dash, "width": 2.5 if column == 1 else 1.25},
                    "marker": {"type": "circle" if column == 1 else "none", "size": 7},
                }
            )
        chart.set_y_axis({"max": 1, "num_format": "0%", "major_gridlines": {"visible": True}})
        chart.set_title({"name": self._words("satisfaction.turn")})
        chart.set_legend({"position": "bottom"})
        width, height = _CHART_PIXELS
        chart.set_size({"width": width, "height": height})
        sheet.insert_chart(0, 5, chart)

    def _integrity(self, reports: Sequence[Report]) -> None:
        sheet, place = self._sheet("sheet_integrity", ("month", "question", "answers", "yes")), 0
        for report in reversed(reports):
            for one in report.integrity:
                place += 1
                sheet.write_string(place, 0, report.month)
                sheet.write_string(place, 1, as_text(question_words(one.question, self._words)))
                sheet.write_number(place, 2, one.answers)
                if one.yes is None:
                    sheet.write_string(place, 3, self._words("satisfaction.integrity_few"))
                else:
                    sheet.write_number(place, 3, one.yes)
        sheet.set_column(1, 1, 28)

    def _mentions(self, reports: Sequence[Report]) -> None:
        sheet, place = self._sheet("sheet_mentions", ("month", "kind", "term", "count")), 0
        for report in reversed(reports):
            for kind in ("praise", "complaint"):
                for term, count in getattr(report.mentions, kind):
                    place += 1
                    sheet.write_string(place, 0, report.month)
                    sheet.write_string(place, 1, self._words(f"satisfaction.{kind}_title"))
                    sheet.write_string(place, 2, as_text(term))
                    sheet.write_number(place, 3, count)

    def _notes(self, least: int) -> None:
        sheet = self._sheet("sheet_notes", ())
        notes = (
            self._words("satisfaction.foot_source"), self._words("satisfaction.foot_share"),
            self._words("satisfaction.foot_hidden", least=least),
        )  # fmt: skip
        for place, note in enumerate(notes):
            sheet.write_string(place, 0, note)
        sheet.set_column(0, 0, 80)


def _values(shown: Shown) -> dict[str, float | None]:
    """The columns after the names; None stays an empty cell."""
    share, after = shown.satisfied, shown.after
    return {
        "sent": shown.sent,
        "reached": shown.reached,
        "answered": shown.answered,
        "mean": shown.mean,
        "satisfied": share.value if share else None,
        "low": share.low if share else None,
        "high": share.high if share else None,
        "after": after.value if after else None,
        "after_count": after.whole if after else None,
    }


def table_of(reports: Sequence[Report], words: Words) -> bytes:
    """The file for reports on one department, or the house, month by month, the oldest first."""
    table = SatisfactionFile(words, department=reports[-1].department)
    table.fill(reports)
    return table.finish()
