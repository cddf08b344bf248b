"""Draws the confirmation that whoever gave an envelope up can keep: large print, no patient, no stamp."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw

from bot.followup.lettering import balanced, fitting, put

_WIDTH, _MARGIN = 1240, 110
_TITLE, _BODY, _SMALL = 72, 46, 34
_INK, _QUIET, _ACCENT, _WHITE = "#12292c", "#4d6165", "#0b6c74", "#ffffff"


def draw_slip(hospital: str, title: str, lines: Sequence[str], foot: str) -> bytes:
    """The PNG; as long as its lines need."""
    room = _WIDTH - 2 * _MARGIN
    body = [part for line in lines for part in balanced(line, _BODY, room)]
    notes = balanced(foot, _SMALL, room)
    height = 360 + int(len(body) * _BODY * 1.7) + int(len(notes) * _SMALL * 1.6) + 120
    page = Image.new("RGB", (_WIDTH, height), _WHITE)
    pen, middle = ImageDraw.Draw(page), _WIDTH / 2
    pen.rectangle((30, 30, _WIDTH - 30, height - 30), outline=_ACCENT, width=4)
    put(pen, middle, 90, hospital, fitting(hospital, 52, room), _ACCENT)
    put(pen, middle, 180, title, fitting(title, _TITLE, room), _INK, strong=True)
    top = 330.0
    for line in body:
        put(pen, middle, top, line, _BODY, _INK)
        top += _BODY * 1.7
    top += 40
    for line in notes:
        put(pen, middle, top, line, _SMALL, _QUIET)
        top += _SMALL * 1.6
    content = BytesIO()
    page.quantize(16).save(content, "PNG")
    return content.getvalue()
