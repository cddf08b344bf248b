"""Charts of a drive: its phases with today, and a grid of what each office handed in."""

from collections.abc import Sequence

from bot.pictures.charts import INNER, Chart, Kind, heading
from bot.pictures.paper import BLUE, GROUND, INK, LINE, MARGIN, ORANGE, QUIET, SMALL, TRACK, WIDTH, Paper

_HEADING = 76
_PHASE, _CELL, _LEGEND, _NUMBERS = 118, 60, 56, 44
_LABELS = 236
_MOST_COLUMNS = 12
_PALE, _DARK = "#9CC7E4", "#0A5C94"
_MARKS = {"done": "✓", "late": "✓", "missing": "!", "open": "", "soon": "·", "none": ""}
_COLORS = {"done": BLUE, "late": _PALE, "missing": ORANGE, "open": GROUND, "soon": GROUND, "none": TRACK}


def _phases_height(chart: Chart) -> int:
    return _HEADING + len(chart["phases"]) * _PHASE + 24


def draw_phases(paper: Paper, chart: Chart, y: float) -> None:
    """A bar for each phase where it lies in the whole time; `from`, `to` and `today` are shares of it."""
    top = heading(paper, chart, y)
    bottom = top + len(chart["phases"]) * _PHASE
    for place, phase in enumerate(chart["phases"]):
        y = top + place * _PHASE
        begins, ends = MARGIN + INNER * phase["from"], MARGIN + INNER * phase["to"]
        now = bool(phase["now"])
        paper.text(MARGIN, y + 24, phase["title"], SMALL, INK, strong=now, room=INNER * 0.5)
        paper.text(
            WIDTH - MARGIN, y + 24, phase["range"], SMALL, INK if now else QUIET, align="right", strong=now,
            room=INNER * 0.5,
        )  # fmt: skip
        paper.box(MARGIN, y + 54, INNER, 34, TRACK, round_=6)
        color = BLUE if now else _PALE if phase["past"] else LINE
        paper.box(begins, y + 54, max(10, ends - begins), 34, color, round_=6)
    if chart.get("today") is not None:
        x = MARGIN + INNER * chart["today"]
        for place in range(len(chart["phases"])):
            y = top + place * _PHASE
            paper.line([(x, y + 46), (x, y + 96)], ORANGE, 5)
    paper.line([(MARGIN, bottom + 4), (WIDTH - MARGIN, bottom + 4)], LINE)


def _grid_height(chart: Chart) -> int:
    rows = len(chart["rows"]) * _CELL
    names, legend = len(_columns(chart)) * 48, -(-len(chart["legend"]) // 3) * _LEGEND
    return _HEADING + _NUMBERS + rows + names + legend + 40


def draw_grid(paper: Paper, chart: Chart, y: float) -> None:
    """An office a row, something to be handed in a column; shape and mark tell it without colour, too.

    The names of the columns and a legend stand below.
    """
    top = heading(paper, chart, y)
    columns = _columns(chart)
    wide = (INNER - _LABELS) / max(1, len(columns))
    for place in range(len(columns)):
        x = MARGIN + _LABELS + (place + 0.5) * wide
        paper.text(x, top + _NUMBERS / 2, str(place + 1), SMALL, QUIET, align="center")
    for number, row in enumerate(chart["rows"]):
        y = top + _NUMBERS + number * _CELL
        paper.text(MARGIN, y + _CELL / 2, row["label"], SMALL, room=_LABELS - 16)
        for place, state in enumerate(row["cells"][: len(columns)]):
            draw_cell(paper, MARGIN + _LABELS + place * wide + 3, y + 4, wide - 6, _CELL - 8, state)
    y = top + _NUMBERS + len(chart["rows"]) * _CELL + 12
    for place, name in enumerate(columns):
        paper.text(MARGIN, y + 24, f"{place + 1}", SMALL, BLUE, strong=True)
        paper.text(MARGIN + 52, y + 24, name, SMALL, QUIET, room=INNER - 52)
        y += 48
    _legend(paper, chart["legend"], y + 8)


def draw_cell(paper: Paper, x: float, y: float, width: float, height: float, state: str) -> None:
    """How one office stands with one thing."""
    if state in ("open", "soon"):
        paper.box(x, y, width, height, LINE, round_=6)
        paper.box(x + 3, y + 3, width - 6, height - 6, GROUND, round_=4)
    else:
        paper.box(x, y, width, height, _COLORS[state], round_=6)
    mark = _MARKS[state]
    if mark == "✓":
        color = GROUND if state == "done" else _DARK
        _tick(paper, x + width / 2, y + height / 2, color)
    elif mark:
        color = GROUND if state == "missing" else QUIET
        paper.text(x + width / 2, y + height / 2, mark, SMALL, color, align="center", strong=True)


def _tick(paper: Paper, x: float, y: float, color: str) -> None:
    """Drawn, since not every font has it."""
    paper.line([(x - 13, y), (x - 4, y + 10), (x + 14, y - 11)], color, 5)


def _legend(paper: Paper, legend: Sequence[Sequence[str]], y: float) -> None:
    for place, (state, label) in enumerate(legend):
        x = MARGIN + (place % 3) * INNER / 3
        line = y + (place // 3) * _LEGEND
        draw_cell(paper, x, line, 44, 40, state)
        paper.text(x + 58, line + 20, label, SMALL, QUIET, room=INNER / 3 - 64)


def _columns(chart: Chart) -> list[str]:
    return list(chart["columns"])[:_MOST_COLUMNS]


DRIVES = {"phases": Kind(_phases_height, draw_phases), "grid": Kind(_grid_height, draw_grid)}
"""By the name a sheet calls them."""
