"""Levels against a target of 100 %: a row each, with a title as long as it needs above its bar."""

from bot.pictures.charts import INNER, Chart, Kind, heading
from bot.pictures.paper import BLUE, BODY, INK, MARGIN, ORANGE, QUIET, SMALL, TRACK, WIDTH, Paper

_HEADING, _ROW, _BAR = 76, 112, 30
_VALUES, _NOTES = 150, 190


def draw_levels(paper: Paper, chart: Chart, y: float) -> None:
    """The lowest bar is orange, and its figure tells it without the colour; what is hidden has no bar."""
    top = heading(paper, chart, y)
    known = [row["share"] for row in chart["rows"] if row["share"] is not None]
    low = min(known, default=1.0)
    for place, row in enumerate(chart["rows"]):
        _row(paper, row, top + place * _ROW, low=low)


def _row(paper: Paper, row: Chart, top: float, *, low: float) -> None:
    width, middle = INNER - _VALUES, top + 78
    paper.text(MARGIN, top + 28, row["label"], SMALL, room=INNER - _NOTES)
    paper.text(WIDTH - MARGIN, top + 28, row["note"], SMALL, QUIET, align="right", room=_NOTES - 10)
    if row["share"] is None:
        paper.text(MARGIN, middle, row["value"], SMALL, QUIET, room=INNER)
        return
    weakest = row["share"] == low and low < 1
    paper.box(MARGIN, middle - _BAR / 2, width, _BAR, TRACK)
    paper.box(MARGIN, middle - _BAR / 2, width * row["share"], _BAR, ORANGE if weakest else BLUE)
    paper.line([(MARGIN + width, middle - _BAR / 2 - 6), (MARGIN + width, middle + _BAR / 2 + 6)], INK, 4)
    paper.text(WIDTH - MARGIN, middle, row["value"], BODY, align="right", strong=True)


LEVELS = {"levels": Kind(lambda chart: _HEADING + len(chart["rows"]) * _ROW + 12, draw_levels)}
"""By the name a sheet calls them."""
