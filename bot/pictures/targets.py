"""Bars against a target of 100 %: what was done in time, what late, and the way that is left."""

from bot.pictures.charts import INNER, Chart, Kind, heading
from bot.pictures.paper import (
    BLUE,
    BODY,
    GROUND,
    INK,
    MARGIN,
    ORANGE,
    QUIET,
    SMALL,
    TRACK,
    WIDTH,
    Paper,
    breadth,
    readable,
)

_HEADING, _LEGEND = 76, 62
_ROW, _WIDE_ROW, _LINE = 70, 116, 44
_LABELS, _VALUES, _WIDE_VALUES = 240, 290, 340
_BAR = 34
_STRIPE = 18
"""Pixels between the stripes that tell what was late without its colour."""


def draw_targets(paper: Paper, chart: Chart, y: float) -> None:
    """A row each; with `wide` the label stands above its bar, for titles as long as a line or two."""
    top = heading(paper, chart, y)
    _legend(paper, chart, top)
    top += _LEGEND
    for row in chart["rows"]:
        if chart.get("wide"):
            lines = _lines(row["label"])
            for place, line in enumerate(lines):
                paper.text(MARGIN, top + 27 + place * _LINE, line, SMALL, room=INNER)
            _row(paper, row, MARGIN, top + 27 + 54 + (len(lines) - 1) * _LINE, _WIDE_VALUES)
        else:
            paper.text(MARGIN, top + _ROW / 2, row["label"], BODY, room=_LABELS - 16)
            _row(paper, row, MARGIN + _LABELS, top + _ROW / 2, _VALUES)
        top += _row_height(chart, row)


def _row(paper: Paper, row: Chart, left: float, middle: float, values: float) -> None:
    width = WIDTH - MARGIN - values - left
    _bar(paper, row, left, middle, width)
    paper.text(left + width + 118, middle, row["value"], BODY, align="right", strong=True)
    paper.text(WIDTH - MARGIN, middle, row["count"], SMALL, QUIET, align="right", room=values - 130)


def _lines(label: str) -> list[str]:
    """The label in one line or two; what does not fit into the second is cut when it is drawn."""
    label, end = readable(label), 0
    while end < len(label) and breadth(label[: end + 1], SMALL) <= INNER:
        end += 1
    return [label[:end], label[end:]] if end < len(label) else [label]


def _row_height(chart: Chart, row: Chart) -> int:
    return _WIDE_ROW + (len(_lines(row["label"])) - 1) * _LINE if chart.get("wide") else _ROW


def _bar(paper: Paper, row: Chart, left: float, middle: float, width: float) -> None:
    """Done in time, then late with stripes, on the track; the target is a line at its end."""
    top, done, late = middle - _BAR / 2, width * row["share"], width * row["late"]
    paper.box(left, top, width, _BAR, TRACK)
    paper.box(left, top, done - late, _BAR, BLUE)
    _striped(paper, left + done - late, top, late)
    paper.line([(left + width, top - 6), (left + width, top + _BAR + 6)], INK, 4)


def _striped(paper: Paper, left: float, top: float, width: float) -> None:
    paper.box(left, top, width, _BAR, ORANGE)
    at = left + _STRIPE
    while at < left + width:
        low = max(left, at - _BAR / 2)
        paper.line([(low, top + (at - low) * 2), (at, top)], GROUND, 3)
        at += _STRIPE


def _legend(paper: Paper, chart: Chart, y: float) -> None:
    at, middle = float(MARGIN), y + 22
    for place, label in enumerate(chart["legend"]):
        if place == 1:
            _striped(paper, at, middle - _BAR / 2, 34)
        else:
            paper.box(at, middle - _BAR / 2, 34, _BAR, BLUE if place == 0 else TRACK)
        paper.text(at + 46, middle, label, SMALL, QUIET)
        at += 46 + breadth(label, SMALL) + 44


def _height(chart: Chart) -> int:
    return _HEADING + _LEGEND + sum(_row_height(chart, row) for row in chart["rows"]) + 12


TARGETS = {"targets": Kind(_height, draw_targets)}
"""By the name a sheet calls them."""
