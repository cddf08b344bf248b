"""A year as a table: a row for each duty, a column for each month, the days in the cells."""

from bot.pictures.charts import INNER, Chart, Kind, heading
from bot.pictures.paper import BLUE, BODY, GROUND, INK, MARGIN, ORANGE, QUIET, SMALL, TRACK, WIDTH, Paper

_HEADING, _MONTHS, _ROW, _CELL_HEIGHT = 76, 56, 114, 46
_MORE = 56
_LETTERING = 0.4
"""Height of a month's name as a part of its column: thirteen months must not touch."""


def draw_year(paper: Paper, chart: Chart, y: float) -> None:
    """The title and who it is for above the cells; days that may still move are orange and framed."""
    top = heading(paper, chart, y)
    months = chart["months"]
    width = INNER / max(1, len(months))
    size = min(SMALL, width * _LETTERING)
    for place, month in enumerate(months):
        paper.text(MARGIN + (place + 0.5) * width, top + 24, month, size, QUIET, align="center")
    top += _MONTHS
    for row in chart["rows"]:
        paper.text(MARGIN, top + 26, row["label"], BODY, INK, room=INNER * 0.62)
        paper.text(WIDTH - MARGIN, top + 26, row["who"], SMALL, QUIET, align="right", room=INNER * 0.36)
        for place, cell in enumerate(row["cells"]):
            _cell(paper, cell, MARGIN + place * width, top + 56, width)
        top += _ROW
    if chart.get("more"):
        paper.text(MARGIN, top + 28, chart["more"], SMALL, QUIET, room=INNER)


def _cell(paper: Paper, cell: Chart | None, x: float, y: float, width: float) -> None:
    if cell is None:
        paper.box(x + 2, y, width - 4, _CELL_HEIGHT, TRACK, round_=4)
        return
    color = BLUE if cell["sure"] else ORANGE
    paper.box(x + 2, y, width - 4, _CELL_HEIGHT, color, round_=4)
    ink = GROUND
    if not cell["sure"]:  # told apart without its colour as well
        paper.box(x + 6, y + 4, width - 12, _CELL_HEIGHT - 8, GROUND, round_=3)
        ink = color
    paper.text(x + width / 2, y + _CELL_HEIGHT / 2, cell["text"], SMALL, ink, align="center", strong=True)


def _height(chart: Chart) -> int:
    more = _MORE if chart.get("more") else 0
    return _HEADING + _MONTHS + len(chart["rows"]) * _ROW + more


YEARS = {"year": Kind(_height, draw_year)}
"""By the name a sheet calls it."""
