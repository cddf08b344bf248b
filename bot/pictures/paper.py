"""Paper to draw on in pixels from the top, with a font that knows Chinese."""

from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle
from matplotlib.patheffects import Normal, Stroke

WIDTH = 1080
MARGIN = 56
INK, QUIET, LINE, TRACK, GROUND = "#17212B", "#5B6873", "#D5DCE2", "#EDF1F4", "#FFFFFF"
BLUE, ORANGE = "#0A67A3", "#C2560A"
SCALE = ("#A63F03", "#F0A35E", "#D3D8DC", "#7DB8DD", "#0A5C94")
"""Grades 1 to 5: from orange to blue, which all kinds of colour vision tell apart."""
BODY, SMALL, TITLE, HEAD, HUGE = 36, 34, 44, 58, 72
"""Heights of letters in pixels: the smallest are as high as 11 on a screen 360 wide."""
_DPI = 100


@cache
def font_file() -> Path:
    """Noto Sans SC, which comes with zhplot under the Open Font Licence."""
    spec = find_spec("zhplot")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("zhplot")
    return Path(spec.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"


@cache
def known_letters() -> frozenset[int]:
    """The characters that the font has; others would be empty boxes."""
    return frozenset(get_font(str(font_file())).get_charmap())


def readable(text: str) -> str:
    """The text without what the font does not have."""
    return "".join(letter for letter in " ".join(text.split()) if ord(letter) in known_letters())


def breadth(text: str, size: float) -> float:
    """About how many pixels wide: Chinese letters are square, others a little over half as wide."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.56 for letter in text) * size


def fitted(text: str, size: float, room: float) -> str:
    """The text, cut to so many pixels."""
    text = readable(text)
    if breadth(text, size) <= room:
        return text
    while text and breadth(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…"


class Paper:
    """A white sheet `height` pixels high; x counts from the left, y from the top."""

    def __init__(self, height: int) -> None:
        self.height = height
        self._figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=GROUND)
        FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        self._axes.set_axis_off()

    def text(
        self, x: float, y: float, words: str, size: float = BODY, color: str = INK, *, align: str = "left",
        strong: bool = False, room: float = 0,
    ) -> None:  # fmt: skip
        """Words whose middle line is at y; cut to `room` pixels; `strong` ones are drawn a little fatter."""
        font = FontProperties(fname=str(font_file()), size=size * 72 / _DPI)
        shown = fitted(words, size, room or WIDTH)
        more: dict[str, Any] = {}
        if strong:
            more["path_effects"] = [Stroke(linewidth=size / 36, foreground=color), Normal()]
        self._axes.text(
            x, y, shown, fontproperties=font, color=color, ha=align, va="center_baseline", parse_math=False,
            **more,
        )  # fmt: skip

    def box(self, x: float, y: float, width: float, height: float, color: str, *, round_: float = 0) -> None:
        """A filled box, with corners rounded by so many pixels."""
        if width <= 0:
            return
        style: dict[str, Any] = {"facecolor": color, "edgecolor": "none", "linewidth": 0}
        if not round_ or width <= 2 * round_:
            self._axes.add_patch(Rectangle((x, y), width, height, **style))
            return
        shape = f"round,pad=0,rounding_size={round_}"
        self._axes.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=shape, **style))

    def line(
        self, points: list[tuple[float, float]], color: str, width: float = 2, *, dots: float = 0
    ) -> None:
        """A line through points, `width` pixels wide, with dots of so many pixels."""
        across, down = zip(*points, strict=True)
        self._axes.add_line(
            Line2D(
                across, down, color=color, linewidth=width * 72 / _DPI, solid_capstyle="round",
                solid_joinstyle="round", marker="o" if dots else "", markersize=dots * 72 / _DPI,
                markeredgecolor=GROUND, markeredgewidth=2,
            )
        )  # fmt: skip

    def area(self, points: list[tuple[float, float]], color: str, alpha: float) -> None:
        """A filled polygon."""
        self._axes.add_patch(Polygon(points, facecolor=color, edgecolor="none", alpha=alpha))

    def png(self) -> bytes:
        """The sheet as a PNG without anything about who made it when."""
        content = BytesIO()
        self._figure.savefig(content, format="png", dpi=_DPI, metadata={"Software": None})
        return content.getvalue()
