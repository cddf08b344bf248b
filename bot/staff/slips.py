"""Draws slips with join codes, ten to a sheet of A4, to be cut apart and handed out."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import islice

import segno
from PIL import Image, ImageDraw

from bot.followup.lettering import fitting, font
from bot.followup.paper import Paper
from storage.invites import PRINTED_LASTS
from storage.staff.codes import Slip

DPI = 200
PAPER = (1654, 2339)
"""A4 upright."""
_ACROSS, _DOWN = 2, 5
PER_PAGE = _ACROSS * _DOWN
_WIDTH, _HEIGHT = PAPER[0] // _ACROSS, PAPER[1] // _DOWN
_MARGIN, _QR = 44, 250
_INK, _QUIET = "#12292c", "#4d6165"


@dataclass(frozen=True, slots=True)
class Ways:
    """How staff come: `page` is the public address (no slash at the end), `bot` the name in Telegram."""

    page: str = ""
    bot: str = ""

    def link(self, code: str) -> str:
        """What the QR code holds; empty without a way. No code stands in what reaches our own server."""
        if self.bot:
            return f"https://t.me/{self.bot}?start={code}"
        return f"{self.page}/" if self.page else ""

    def how(self) -> str:
        """How to come, in words."""
        if self.bot:
            return words()["how_bot"].format(bot=self.bot)
        return words()["how_page"].format(page=self.page.partition("://")[2]) if self.page else words()["how"]


def draw_slips(slips: Iterable[Slip], ways: Ways) -> Iterator[tuple[Image.Image, int]]:
    """Pages as pictures (mode P), each with how many slips it holds."""
    rest = iter(slips)
    while some := list(islice(rest, PER_PAGE)):
        page = Image.new("L", PAPER, 255)
        pen = ImageDraw.Draw(page)
        for place, slip in enumerate(some):
            _draw(page, pen, slip, ways, (place % _ACROSS * _WIDTH, place // _ACROSS * _HEIGHT))
        yield page.convert("P"), len(some)


def as_pdf(slips: Sequence[Slip], ways: Ways, *, drawn: object = None) -> bytes:
    """All slips as one PDF; `drawn(n)` is called after each page of n slips."""
    paper = Paper(DPI)
    for page, count in draw_slips(slips, ways):
        paper.add(page)
        if callable(drawn):
            drawn(count)
    return paper.finish()


@lru_cache(maxsize=1)
def words() -> dict[str, str]:
    """The words on the slip."""
    return tomllib.loads(files("bot").joinpath("staff/slip.zh.toml").read_text("utf-8"))


def _draw(
    page: Image.Image, pen: ImageDraw.ImageDraw, slip: Slip, ways: Ways, corner: tuple[int, int]
) -> None:
    left, top = corner
    pen.rectangle((left, top, left + _WIDTH - 1, top + _HEIGHT - 1), outline="#9aa7a9")
    link = ways.link(slip.code)
    room = _WIDTH - 2 * _MARGIN - (_QR if link else 0)
    said = words()
    lines = (
        (f"{slip.office}　{said['title']}", 30, _QUIET),
        (slip.name, 52, _INK),
        (f"{said['number']} {slip.number}" if slip.number else "", 26, _QUIET),
        (ways.how(), 28, _INK),
        (f"/join {slip.code}", 46, _INK),
        (said["once"].format(days=PRINTED_LASTS.days), 26, _QUIET),
    )
    height = top + _MARGIN
    for text, size, colour in lines:
        fits = fitting(text, size, room)
        pen.text((left + _MARGIN, height), text, fill=colour, font=font(fits))
        height += int(size * 1.5) if text else 0
    if link:
        code = _qr(link)
        page.paste(code, (left + _WIDTH - _MARGIN - code.width, top + (_HEIGHT - code.height) // 2))


def _qr(link: str) -> Image.Image:
    modules = segno.make(link, error="m", micro=False).matrix
    count = len(modules)
    picture = Image.new("1", (count, count), 1)
    picture.putdata([0 if dark else 1 for row in modules for dark in row])
    scale = max(2, _QR // (count + 4))
    return picture.resize((count * scale, count * scale), Image.Resampling.NEAREST).convert("L")
