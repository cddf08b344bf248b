"""A sheet: a heading, the figures that matter most, charts below each other, and where it all comes from.

`{"over", "title", "under", "key": [{"label", "value", "note"}, …], "charts": [{"kind", "title", …}, …],
"foot": [line, …]}`; charts are those of bot.pictures.charts, .targets and .years. All words come from the
house, and nothing here knows what they mean.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.pictures.charts import CHARTS, INNER
from bot.pictures.drive_charts import DRIVES
from bot.pictures.levels import LEVELS
from bot.pictures.paper import (
    BLUE,
    HEAD,
    HUGE,
    LINE,
    MARGIN,
    QUIET,
    SMALL,
    WIDTH,
    Paper,
    known_letters,
)
from bot.pictures.targets import TARGETS
from bot.pictures.years import YEARS

_KINDS = {**CHARTS, **TARGETS, **YEARS, **DRIVES, **LEVELS}
_TOP, _KEY, _GAP, _FOOT_LINE = 216, 200, 24, 50
_MOST_CHARTS = 6
_PARTS = (0.37, 0.27, 0.36)
"""How wide each of the three figures is; the last has most to say."""


def prepare() -> None:
    """Loads font and drawing code, before fences stand around them."""
    known_letters()
    paper = Paper(100)
    paper.text(10, 50, "满意度", strong=True)
    paper.png()


def draw_sheet(sheet: Mapping[str, Any]) -> bytes:
    """The PNG, 1080 pixels wide and as high as it needs to be."""
    charts = sheet["charts"][:_MOST_CHARTS]
    heights = [_KINDS[chart["kind"]].height(chart) + _GAP for chart in charts]
    foot = sheet["foot"]
    paper = Paper(_TOP + _KEY + sum(heights) + len(foot) * _FOOT_LINE + 64)
    _heading(paper, sheet)
    _key(paper, sheet["key"])
    y = float(_TOP + _KEY)
    for chart, height in zip(charts, heights, strict=True):
        _KINDS[chart["kind"]].draw(paper, chart, y)
        y += height
    paper.line([(MARGIN, y), (WIDTH - MARGIN, y)], LINE)
    for place, line in enumerate(foot):
        paper.text(MARGIN, y + 38 + place * _FOOT_LINE, line, SMALL, QUIET, room=INNER)
    return paper.png()


def _heading(paper: Paper, sheet: Mapping[str, Any]) -> None:
    paper.box(0, 0, WIDTH, 14, BLUE)
    paper.text(MARGIN, 62, sheet["over"], SMALL, QUIET, room=INNER)
    paper.text(MARGIN, 124, sheet["title"], HEAD, strong=True, room=INNER)
    paper.text(MARGIN, 186, sheet["under"], SMALL, QUIET, room=INNER)


def _key(paper: Paper, key: Sequence[Mapping[str, str]]) -> None:
    left = float(MARGIN)
    for one, part in zip(key, _PARTS, strict=False):
        width = INNER * part
        paper.text(left, _TOP + 36, one["label"], SMALL, QUIET, room=width - 16)
        paper.text(left, _TOP + 94, one["value"], HUGE, BLUE, strong=True, room=width - 16)
        paper.text(left, _TOP + 156, one["note"], SMALL, QUIET, room=width - 16)
        left += width
