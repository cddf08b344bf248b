"""Chinese text in pictures that are printed: the font, lines that break where they may, strong strokes."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageDraw, ImageFont

from storage.errors import ConfigError

_FONT = "fonts/NotoSansSC-Regular.ttf"
_NOT_FIRST = "，。、；：？！”’）》】%…"
_NOT_LAST = "“‘（《【"
Pen = ImageDraw.ImageDraw


@lru_cache(maxsize=1)
def font_file() -> Path:
    """Noto Sans SC, as the package zhplot brings it; found without importing that (it loads matplotlib)."""
    found = find_spec("zhplot")
    for folder in (found.submodule_search_locations or ()) if found else ():
        if (file := Path(folder, _FONT)).is_file():
            return file
    raise ConfigError(
        "the font is missing: the package zhplot is not installed as a whole; install Lianxin anew"
    )


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels."""
    return ImageFont.truetype(str(font_file()), size)


def breadth(text: str, size: int) -> float:
    """How wide a line is, in pixels."""
    return font(size).getlength(text)


def fitting(text: str, size: int, room: float) -> int:
    """The largest size, at most `size`, at which the line has room."""
    while size > 12 and breadth(text, size) > room:
        size -= 2
    return size


def lines_of(text: str, size: int, room: float) -> list[str]:
    """The text in lines of at most `room` pixels; no line begins or ends with a sign that must not.

    What is written without spaces in Latin letters, an address for instance, is broken only if it must be.
    """
    lines = [""]
    for piece in _pieces(text):
        if breadth(lines[-1] + piece, size) <= room:
            lines[-1] += piece
        elif breadth(piece, size) <= room:
            lines.append(piece.lstrip())
        else:
            for char in piece:
                if lines[-1] and breadth(lines[-1] + char, size) > room:
                    lines.append("")
                lines[-1] += char
    return [line for line in lines if line]


def balanced(text: str, size: int, room: float) -> list[str]:
    """As few lines as there must be, and about equally long: none holds a single sign.

    A line break in the text stays one.
    """
    if "\n" in text:
        return [line for part in text.split("\n") for line in balanced(part, size, room)]
    fewest = lines_of(text, size, room)
    narrow, wide = 0.0, room
    while wide - narrow > size / 4:
        tried = (narrow + wide) / 2
        narrow, wide = (narrow, tried) if len(lines_of(text, size, tried)) == len(fewest) else (tried, wide)
    return lines_of(text, size, wide)


def put(
    pen: Pen, middle: float, top: float, text: str, size: int, colour: str, *, strong: bool = False
) -> None:
    """Writes one line around `middle`, its top at `top`; the font has one weight, `strong` adds a stroke."""
    pen.text(
        (middle, top), text, fill=colour, font=font(size), anchor="ma",
        stroke_width=max(1, size // 32) if strong else 0, stroke_fill=colour if strong else None,
    )  # fmt: skip


def _pieces(text: str) -> list[str]:
    """What is not to be parted: a Chinese sign with what clings to it, or a word."""
    pieces: list[str] = []
    for char in text:
        before = pieces[-1][-1] if pieces else ""
        clings = char in _NOT_FIRST or before in _NOT_LAST
        in_word = char.isascii() and before.isascii() and char != " " and before != " "
        if before and (clings or in_word):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces
