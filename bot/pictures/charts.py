"""The charts of a sheet: each tells how high it is, and draws itself below a line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.pictures.paper import (
    BLUE,
    BODY,
    GROUND,
    INK,
    LINE,
    MARGIN,
    ORANGE,
    QUIET,
    SCALE,
    SMALL,
    TITLE,
    TRACK,
    WIDTH,
    Paper,
    breadth,
)

Chart = Mapping[str, Any]
INNER = WIDTH - 2 * MARGIN
_HEADING = 76
_ROW, _TERM = 70, 58
_LABELS, _VALUES = 240, 260
_TURN = 250
_MOST_LABELLED = 7
_MOST_MONTHS = 9
"""Above that every second month is named."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`height` in pixels of a chart of this kind, and how it is drawn from y downwards."""

    height: Callable[[Chart], int]
    draw: Callable[[Paper, Chart, float], None]


def heading(paper: Paper, chart: Chart, y: float) -> float:
    """The title of a chart with a few words beside it; where the chart begins."""
    title = str(chart["title"])
    paper.text(MARGIN, y + 34, title, TITLE, strong=True, room=INNER)
    note = str(chart.get("note", ""))
    if note:
        room = INNER - breadth(title, TITLE) - 24
        paper.text(WIDTH - MARGIN, y + 36, note, SMALL, QUIET, align="right", room=room)
    return y + _HEADING


def draw_bars(paper: Paper, chart: Chart, y: float) -> None:
    """A row for each department or ward: share, its confidence interval as a thin line, answers."""
    top = heading(paper, chart, y)
    left, width = MARGIN + _LABELS, INNER - _LABELS - _VALUES
    for place, row in enumerate(chart["rows"]):
        middle = top + place * _ROW + _ROW / 2
        paper.text(MARGIN, middle, row["label"], BODY, room=_LABELS - 16)
        if row.get("share") is None:
            paper.text(left, middle, row["hidden"], SMALL, QUIET, room=width + _VALUES)
            continue
        paper.box(left, middle - 17, width, 34, TRACK, round_=6)
        paper.box(left, middle - 17, width * row["share"], 34, BLUE, round_=6)
        _interval(paper, left + width * row["low"], left + width * row["high"], middle)
        paper.text(left + width + 102, middle, row["value"], BODY, align="right", strong=True)
        paper.text(WIDTH - MARGIN, middle, row["count"], SMALL, QUIET, align="right", room=150)


def _interval(paper: Paper, low: float, high: float, middle: float) -> None:
    """White below black, so that it is seen on the bar and beside it."""
    for color, width, end in ((GROUND, 7, 11), (INK, 3, 9)):
        paper.line([(low, middle), (high, middle)], color, width)
        paper.line([(low, middle - end), (low, middle + end)], color, width)
        paper.line([(high, middle - end), (high, middle + end)], color, width)


def draw_turn(paper: Paper, chart: Chart, y: float) -> None:
    """A share over months as a line in the band of its confidence interval; months not shown are gaps."""
    top = heading(paper, chart, y) + 24
    points, bottom = chart["points"], top + _TURN
    known = [point for point in points if point.get("share") is not None]
    least = _floor(min(point["low"] for point in known))
    left, right = MARGIN + 124, WIDTH - MARGIN - 44

    def across(place: int) -> float:
        return left + (right - left) * (place / max(1, len(points) - 1) if len(points) > 1 else 0.5)

    def down(share: float) -> float:
        return bottom - (share - least) / (1 - least) * _TURN

    for mark in _marks(least):
        paper.line([(left - 20, down(mark)), (WIDTH - MARGIN, down(mark))], LINE)
        paper.text(left - 32, down(mark), f"{mark:.0%}", SMALL, QUIET, align="right")
    for run in _runs(points):
        _draw_run(paper, [(across(place), point) for place, point in run], down)
    labelled = _labelled(points)
    for place, point in enumerate(points):
        if len(points) <= _MOST_MONTHS or not (len(points) - 1 - place) % 2:
            paper.text(across(place), bottom + 38, point["label"], SMALL, QUIET, align="center")
        if point.get("share") is None:
            paper.text(across(place), bottom - 24, "–", SMALL, QUIET, align="center")
        elif place in labelled:
            _value(paper, across(place), down(point["share"]), point["value"])


def _value(paper: Paper, x: float, y: float, words: str) -> None:
    width = breadth(words, SMALL) + 12
    paper.box(x - width / 2, y - 62, width, 42, GROUND, round_=8)
    paper.text(x, y - 40, words, SMALL, BLUE, align="center", strong=True)


def _draw_run(
    paper: Paper, run: Sequence[tuple[float, Chart]], down: Callable[[float], float]
) -> None:  # fmt: skip
    if len(run) == 1:
        x, point = run[0]
        paper.line([(x, down(point["low"])), (x, down(point["high"]))], "#A9CBE2", 10)
    else:
        upper = [(x, down(point["high"])) for x, point in run]
        lower = [(x, down(point["low"])) for x, point in reversed(run)]
        paper.area([*upper, *lower], BLUE, 0.18)
    paper.line([(x, down(point["share"])) for x, point in run], BLUE, 5, dots=18)


def _runs(points: Sequence[Chart]) -> list[list[tuple[int, Chart]]]:
    """Months that follow each other without a gap."""
    runs: list[list[tuple[int, Chart]]] = [[]]
    for place, point in enumerate(points):
        if point.get("share") is None:
            runs.append([])
        else:
            runs[-1].append((place, point))
    return [run for run in runs if run]


def _labelled(points: Sequence[Chart]) -> set[int]:
    known = [place for place, point in enumerate(points) if point.get("share") is not None]
    if len(known) <= _MOST_LABELLED:
        return set(known)
    by_share = sorted(known, key=lambda place: float(points[place]["share"]))
    return {by_share[0], by_share[-1], known[-1]}


def _floor(low: float) -> float:
    """Where the scale begins: the ten per cent below the lowest bound, at most 80."""
    return min(0.8, int(low * 10) / 10)


def _marks(least: float) -> list[float]:
    step = 0.1 if least >= 0.6 else 0.2 if least >= 0.2 else 0.25
    count = int((1 - least) / step + 1e-6)
    return [1 - step * place for place in range(count + 1)]


def draw_stack(paper: Paper, chart: Chart, y: float) -> None:
    """How often each grade was given, as parts of one bar, the best on the left."""
    top = heading(paper, chart, y)
    parts = chart["parts"]
    total, x = sum(part["count"] for part in parts), float(MARGIN)
    for part in parts:
        width = INNER * part["count"] / total
        color = SCALE[part["grade"] - 1]
        paper.box(x, top, max(0.0, width - 3), 74, color)
        if width > 96:
            light = part["grade"] in (2, 3, 4)
            paper.text(x + width / 2, top + 37, part["value"], BODY, INK if light else GROUND, align="center")
        x += width
    for place, part in enumerate(parts):
        column, row = place % 3, place // 3
        at, line = MARGIN + column * INNER / 3, top + 118 + row * 54
        paper.box(at, line - 15, 30, 30, SCALE[part["grade"] - 1], round_=6)
        paper.text(at + 44, line, part["label"], SMALL, room=INNER / 3 - 50)


def draw_terms(paper: Paper, chart: Chart, y: float) -> None:
    """What people praise on the left, what they complain of on the right, by how many said so."""
    top = heading(paper, chart, y)
    width = (INNER - 48) / 2
    most = max((count for side in chart["sides"] for _, count in side["terms"]), default=1)
    for place, (side, color) in enumerate(zip(chart["sides"], (BLUE, ORANGE), strict=True)):
        left = MARGIN + place * (width + 48)
        paper.text(left, top + 22, side["title"], BODY, color, strong=True, room=width)
        if not side["terms"]:
            paper.text(left, top + 80, side["none"], SMALL, QUIET, room=width)
        for row, (term, count) in enumerate(side["terms"]):
            middle = top + 50 + row * _TERM + _TERM / 2
            paper.text(left, middle, term, SMALL, room=212)
            room = width - 220 - 64
            paper.box(left + 220, middle - 13, max(8, room * count / most), 26, color, round_=5)
            at = left + 220 + max(8, room * count / most) + 12
            paper.text(at, middle, str(count), SMALL, QUIET)


def _terms_height(chart: Chart) -> int:
    rows = max((len(side["terms"]) for side in chart["sides"]), default=0)
    return _HEADING + 50 + max(1, rows) * _TERM + 12


CHARTS: Mapping[str, Kind] = {
    "bars": Kind(lambda chart: _HEADING + len(chart["rows"]) * _ROW + 12, draw_bars),
    "turn": Kind(lambda _: _HEADING + 24 + _TURN + 78, draw_turn),
    "stack": Kind(lambda _: _HEADING + 204, draw_stack),
    "terms": Kind(_terms_height, draw_terms),
}
"""By the name a sheet calls them."""
