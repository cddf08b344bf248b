"""Satisfaction as a table for a spreadsheet: months, departments, wards, a chart; few answers stay empty."""

from collections.abc import Iterator, Sequence

from bot.workbook import Cell, Mean, Share, Sheet, Workbook
from handlers.followup.satisfaction_report import Report
from handlers.followup.satisfaction_words import question_words
from handlers.words import Words
from storage.followup.figures import MonthFigures, Shown

_COLUMNS = (
    "month", "department", "ward", "sent", "reached", "answered", "mean", "satisfied", "low", "high", "after",
    "after_count",
)  # fmt: skip
_CHART_PIXELS = (960, 520)
_LINES = (("#0A67A3", "solid"), ("#7DB8DD", "dash"), ("#7DB8DD", "dash"))
"""The share and the bounds of its interval."""


class SatisfactionFile:
    """`department` limits it to one, empty is the whole house."""

    def __init__(self, words: Words, *, department: str = "") -> None:
        self._words, self._department = words, department
        self._book = Workbook()
        self._whole = self._book.style(bold=True)

    def fill(self, reports: Sequence[Report]) -> None:
        """One report for each month, the oldest first."""
        history = reports[-1].history
        table = self._sheet("sheet", _COLUMNS)
        for names, shown in self._rows(history):
            whole = names[2] == self._words("satisfaction.whole")
            table.add([*names, *_values(shown)], self._whole if whole else None)
        self._chart(history)
        self._integrity(reports)
        self._mentions(reports)
        self._notes(reports[-1].least)

    def finish(self) -> bytes:
        """The whole file."""
        return self._book.finish()

    def _sheet(self, name: str, columns: Sequence[str]) -> Sheet:
        heads = [self._words(f"satisfaction.column_{column}") for column in columns]
        return self._book.sheet(self._words(f"satisfaction.{name}"), heads, width=13)

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

    def _chart(self, history: Sequence[MonthFigures]) -> None:
        """Its figures stand beside it, so that whoever opens it may draw another."""
        sheet = self._sheet("sheet_chart", ("month", "satisfied", "low", "high"))
        for month in history:
            share = month.of(self._department).satisfied
            sheet.add([month.month, *(_shares(share.value, share.low, share.high) if share else ())])
        name, last = self._words("satisfaction.sheet_chart"), len(history)
        chart = self._book.book.add_chart({"type": "line"})
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
        sheet.raw.insert_chart(0, 5, chart)

    def _integrity(self, reports: Sequence[Report]) -> None:
        sheet = self._sheet("sheet_integrity", ("month", "question", "answers", "yes"))
        few = self._words("satisfaction.integrity_few")
        for report in reversed(reports):
            for one in report.integrity:
                yes = few if one.yes is None else one.yes
                sheet.add([report.month, question_words(one.question, self._words), one.answers, yes])
        sheet.widen(1, 28)

    def _mentions(self, reports: Sequence[Report]) -> None:
        sheet = self._sheet("sheet_mentions", ("month", "kind", "term", "count"))
        for report in reversed(reports):
            for kind in ("praise", "complaint"):
                title = self._words(f"satisfaction.{kind}_title")
                for term, count in getattr(report.mentions, kind):
                    sheet.add([report.month, title, term, count])

    def _notes(self, least: int) -> None:
        notes = (
            self._words("satisfaction.foot_source"), self._words("satisfaction.foot_share"),
            self._words("satisfaction.foot_hidden", least=least),
        )  # fmt: skip
        self._book.notes(self._words("satisfaction.sheet_notes"), notes)


def _values(shown: Shown) -> list[Cell]:
    """The columns after the names; None stays an empty cell."""
    share, after = shown.satisfied, shown.after
    return [
        shown.sent, shown.reached, shown.answered, None if shown.mean is None else Mean(shown.mean),
        *(_shares(share.value, share.low, share.high) if share else [None] * 3),
        *([Share(after.value), after.whole] if after else [None] * 2),
    ]  # fmt: skip


def _shares(*values: float) -> list[Cell]:
    return [Share(one) for one in values]


def table_of(reports: Sequence[Report], words: Words) -> bytes:
    """The file for reports on one department, or the house, month by month, the oldest first."""
    table = SatisfactionFile(words, department=reports[-1].department)
    table.fill(reports)
    return table.finish()
