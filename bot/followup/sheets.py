"""Draws the sheet for a discharged patient: QR codes, twelve digits, large print; no name and no illness."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

import segno
from PIL import Image, ImageDraw

from bot.followup.lettering import balanced, breadth, fitting, put

DPI = 300
PAPER = (1748, 2480)
"""A5 upright: large print, and two fit on a sheet of A4."""
_MIDDLE, _MARGIN = PAPER[0] // 2, 120
_ROOM = PAPER[0] - 2 * _MARGIN
_WHITE, _INK, _QUIET, _ACCENT, _SOFT = "#ffffff", "#12292c", "#4d6165", "#0b6c74", "#e6f3f2"
_SHADES = 6
_QUIET_ZONE = 4
_CARD_TOP = 990
_CARD = (_MARGIN - 40, _CARD_TOP, PAPER[0] - _MARGIN + 40, 2006)


@dataclass(frozen=True, slots=True)
class Ways:
    """How patients come: `page` is the public address (no slash at the end), `bot` the name in Telegram.

    At least one of them is there.
    """

    page: str = ""
    bot: str = ""

    def links(self, code: str) -> list[tuple[str, str]]:
        """(caption, link) of each QR code; what stands after # never reaches a server."""
        found = []
        if self.page:
            found.append((words()["web"], f"{self.page}/f#{code}"))
        if self.bot:
            found.append((words()["telegram"], f"https://t.me/{self.bot}?start={code}"))
        return found


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is particular to one sheet.

    Its code of twelve digits, the days on which the patient is asked (none: now), and, small, the discharge
    number for whoever hands it out.
    """

    code: str
    days: tuple[date, ...]
    number: str


class Drawer:
    """Draws sheets of one hospital; what is the same on all of them is drawn once."""

    def __init__(self, hospital_name: str, ways: Ways) -> None:
        self._name, self._ways = hospital_name, ways
        self._palette = _palette()
        self._blank = self._make_blank()

    def draw(self, sheet: Sheet) -> Image.Image:
        """The page as a picture with few colours (mode P), 300 dots to an inch."""
        page = self._blank.copy()
        for left, top, side, link in self._places(sheet.code):
            code = _qr(link, side)
            edge = (side - code.width) // 2
            page.paste(self._with_palette(code), (left + edge, top + edge))
        for place, line in enumerate(balanced(_when(sheet.days), 58, _ROOM)):
            self._write(page, 780 + 86 * place, line, 58, _INK)
        self._write(page, 1796, spaced(sheet.code), 136, _INK, strong=True, ground=_SOFT)
        self._write(page, PAPER[1] - 84, sheet.number, 32, _QUIET)
        return page

    def card(self, page: Image.Image) -> Image.Image:
        """The part of a page with the codes alone, for papers of the hospital's own."""
        return page.crop(_CARD)

    def _make_blank(self) -> Image.Image:
        page = Image.new("RGB", PAPER, _WHITE)
        pen, said = ImageDraw.Draw(page), words()
        size = fitting(self._name, 84, _ROOM)
        put(pen, _MIDDLE, 122 + (84 - size) // 2, self._name, size, _ACCENT, strong=True)
        pen.rounded_rectangle((_MIDDLE - 90, 268, _MIDDLE + 90, 276), 4, fill=_ACCENT)
        put(pen, _MIDDLE, 336, said["title"], fitting(said["title"], 122, _ROOM), _INK, strong=True)
        top = 560
        for key in ("about", "voluntary"):
            top = _paragraph(pen, top, said[key], 62)
        pen.rounded_rectangle(_CARD, 56, fill=_SOFT)
        for left, top, side, caption in self._places("", captions=True):
            pen.rounded_rectangle((left, top, left + side, top + side), 36, fill=_WHITE)
            put(pen, left + side / 2, top + side + 16, caption, fitting(caption, 54, _ROOM / 2), _INK)
        put(pen, _MIDDLE, 1722, said["code"], 54, _ACCENT, strong=True)
        top = 2050
        for text in self._advice():
            top = _paragraph(pen, top, text, 48)
        return self._with_palette(page)

    def _places(self, code: str, *, captions: bool = False) -> list[tuple[int, int, int, str]]:
        """Left, top and side in pixels of each QR code, with its link or caption."""
        links = self._ways.links(code)
        side = 584
        lefts = [_MIDDLE - side // 2] if len(links) == 1 else [_MIDDLE - side - 70, _MIDDLE + 70]
        shown = [caption if captions else link for caption, link in links]
        return [(left, _CARD_TOP + 50, side, what) for left, what in zip(lefts, shown, strict=True)]

    def _advice(self) -> list[str]:
        said = words()
        if self._ways.page:
            typed = said["by_page"].format(page=self._ways.page.partition("://")[2] + "/f")
        else:
            typed = said["by_bot"].format(bot=self._ways.bot)
        return [typed, said["stop"], said["keep"]]

    def _write(
        self,
        page: Image.Image,
        top: int,
        line: str,
        size: int,
        colour: str,
        *,
        strong: bool = False,
        ground: str = _WHITE,
    ) -> None:
        """Writes into a page that has few colours already, by way of a strip that has all."""
        size = fitting(line, size, _ROOM)
        strip = Image.new("RGB", (int(breadth(line, size)) + size, int(size * 1.45)), ground)
        put(ImageDraw.Draw(strip), strip.width / 2, 0, line, size, colour, strong=strong)
        page.paste(self._with_palette(strip), (_MIDDLE - strip.width // 2, top))

    def _with_palette(self, picture: Image.Image) -> Image.Image:
        return picture.convert("RGB").quantize(palette=self._palette, dither=Image.Dither.NONE)


def spaced(code: str) -> str:
    """Twelve digits in groups of four, as they are read and typed."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


@lru_cache(maxsize=1)
def words() -> dict[str, str]:
    """The words on the sheet."""
    return tomllib.loads(files("bot").joinpath("followup/sheet.zh.toml").read_text("utf-8"))


def _when(days: Sequence[date]) -> str:
    said = words()
    if not days:
        return said["now"]
    shown = said["day_join"].join(said["day"].format(month=day.month, day=day.day) for day in days)
    return said["when"].format(days=shown)


def _paragraph(pen: ImageDraw.ImageDraw, top: int, text: str, size: int) -> int:
    for line in balanced(text, size, _ROOM):
        put(pen, _MIDDLE, top, line, size, _INK)
        top += int(size * 1.5)
    return top + size // 4


def _qr(link: str, side: int) -> Image.Image:
    """Black on white; a quarter of it may be lost. Its quiet zone is what is left of `side` pixels."""
    modules = segno.make(link, error="q", micro=False).matrix
    count = len(modules)
    picture = Image.new("1", (count, count), 1)
    picture.putdata([0 if dark else 1 for row in modules for dark in row])
    scale = side // (count + 2 * _QUIET_ZONE)
    return picture.resize((count * scale, count * scale), Image.Resampling.NEAREST)


def _palette() -> Image.Image:
    """Each ink in steps from the ground it stands on: letters keep their soft edges."""
    steps: list[int] = []
    for ink, ground in ((_INK, _WHITE), (_QUIET, _WHITE), (_ACCENT, _WHITE), (_INK, _SOFT), (_ACCENT, _SOFT)):
        for step in range(_SHADES):
            steps += [
                (first * step + last * (_SHADES - 1 - step)) // (_SHADES - 1)
                for first, last in zip(_rgb(ink), _rgb(ground), strict=True)
            ]
    holder = Image.new("P", (1, 1))
    holder.putpalette([*steps, 0, 0, 0])
    return holder


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))
