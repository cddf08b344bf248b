"""The list of who has signed, for paper: a page or more for each office, with lines to sign by hand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from bot.followup.lettering import fitting, font, put
from bot.followup.paper import Paper
from handlers.words import Words
from storage.duties.signing import Signer, share_of

DPI = 150
PAPER = (1240, 1754)
"""A4 upright."""
_MARGIN, _TOP, _ROW, _SIZE = 90, 250, 56, 30
PER_PAGE = (PAPER[1] - _TOP - _ROW - _MARGIN) // _ROW
_INK, _QUIET = "#12292c", "#4d6165"
_COLUMNS = (("number", 90), ("name", 290), ("time", 330), ("hand", 350))
"""Headings, each with its width in pixels."""


def signers_pdf(
    title: str,
    lists: Mapping[str, Sequence[Signer]],
    *,
    words: Words,
    timezone: str,
    drawn: Callable[[float], None] = lambda _count: None,
) -> bytes:
    """One PDF of all offices; `drawn(1)` after each page."""
    paper = Paper(DPI)
    for office, signers in lists.items():
        pages = [signers[start : start + PER_PAGE] for start in range(0, len(signers), PER_PAGE)] or [[]]
        for number, some in enumerate(pages):
            page = _Page(words, ZoneInfo(timezone))
            page.head(title, office, signers, f"{number + 1}/{len(pages)}")
            page.rows(some, number * PER_PAGE + 1)
            paper.add(page.picture.convert("P"))
            drawn(1)
    return paper.finish()


def count_pages(lists: Mapping[str, Sequence[Signer]]) -> int:
    """How many pages there will be."""
    return sum(max(1, -(-len(signers) // PER_PAGE)) for signers in lists.values())


class _Page:
    def __init__(self, words: Words, zone: ZoneInfo) -> None:
        self.picture = Image.new("L", PAPER, 255)
        self._pen, self._words, self._zone = ImageDraw.Draw(self.picture), words, zone

    def head(self, title: str, office: str, signers: Sequence[Signer], pages: str) -> None:
        room = PAPER[0] - 2 * _MARGIN
        put(self._pen, PAPER[0] / 2, 70, title, fitting(title, 46, room), _INK, strong=True)
        signed, expected = share_of(signers)
        said = self._words("forms.paper_share", office=office, signed=signed, expected=expected, pages=pages)
        put(self._pen, PAPER[0] / 2, 152, said, fitting(said, 32, room), _QUIET)

    def rows(self, signers: Sequence[Signer], first: int) -> None:
        self._row(0, [self._words(f"forms.column_{name}") for name, _ in _COLUMNS])
        for place, one in enumerate(signers, 1):
            self._row(place, self._cells(one, first + place - 1))

    def _cells(self, one: Signer, number: int) -> list[str]:
        name = one.name or self._words("duties.former")
        if one.excused and one.signed_at is None:
            return [str(number), name, "", self._words("forms.paper_excused")]
        return [str(number), name, time_words(one.signed_at, self._zone), ""]

    def _row(self, place: int, cells: Sequence[str]) -> None:
        top, left = _TOP + place * _ROW, float(_MARGIN)
        for (_, width), cell in zip(_COLUMNS, cells, strict=True):
            size = fitting(cell, _SIZE, width - 16) if cell else _SIZE
            self._pen.rectangle((left, top, left + width, top + _ROW), outline=_QUIET)
            self._pen.text((left + 8, top + 8), cell, fill=_INK, font=font(size))
            left += width


def time_words(moment: datetime | None, zone: ZoneInfo) -> str:
    """Such as 2026-11-24 09:30; empty where there is none."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment is not None else ""


def rows_of(lists: Mapping[str, Sequence[Signer]]) -> Iterator[tuple[int, Signer]]:
    """Every line with its number within the office."""
    for signers in lists.values():
        yield from enumerate(signers, 1)
