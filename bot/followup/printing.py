"""Draws the sheets into files: a picture of the codes for each discharge, and one PDF with all pages."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image
from sqlmodel import Session

from bot.data_folder import DataFolder
from bot.followup.handing_out import file_names, make_tickets
from bot.followup.paper import Paper
from bot.followup.sheets import DPI, Drawer, Sheet, Ways
from bot.new_file import refuse_to_overwrite, save
from storage.errors import ConfigError
from storage.followup.joining import drop_tickets

_TOGETHER = 50
"""Tickets made in one transaction, beside a running `serve`."""


class Printing:
    """Makes tickets and draws their sheets into the folder `out`; what stands in the way is refused.

    If it ends before all is there, the tickets are taken back and the files removed: no code lies about
    that nobody was given.
    """

    def __init__(self, folder: DataFolder, ways: Ways, out: Path, *, force: bool) -> None:
        self._folder, self._out, self._force = folder, out, force
        self._drawer = Drawer(folder.house.hospital.name, ways)
        self._sheets: list[Sheet] = []
        self._files: list[Path] = []

    def run(self, ids: Sequence[int], *, now: datetime, drawn: Callable[[float], None]) -> Path:
        """Prints a sheet for each discharge and returns the PDF; `drawn(1)` after each."""
        _make_folder(self._out)
        with self._or_nothing():
            for start in range(0, len(ids), _TOGETHER):
                part = ids[start : start + _TOGETHER]
                self._sheets += self._folder.database.run_now(partial(self._make_tickets, part, now))
            names = list(file_names(self._sheets))
            paper = Paper(DPI)
            for sheet, name in zip(self._sheets, names, strict=True):
                page = self._drawer.draw(sheet)
                paper.add(page)
                self._save(_png(self._drawer.card(page)), f"{name}.png")
                drawn(1)
            return self._save(paper.finish(), f"{names[0]}.pdf" if len(names) == 1 else "sheets.pdf")

    def _make_tickets(self, ids: Sequence[int], now: datetime, session: Session) -> list[Sheet]:
        return make_tickets(session, ids, house=self._folder.house, now=now)

    def _save(self, content: bytes, name: str) -> Path:
        path = self._out / name
        if not self._force:
            refuse_to_overwrite(path)
        save(content, path, force=self._force)
        self._files.append(path)
        return path

    @contextmanager
    def _or_nothing(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            for path in self._files:
                path.unlink(missing_ok=True)
            codes, vault = [sheet.code for sheet in self._sheets], self._folder.vault
            self._folder.database.run_now(lambda session: drop_tickets(session, codes, vault=vault))
            raise


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"--out: {out}: {error.strerror or type(error).__name__}") from None


def _png(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "PNG", dpi=(DPI, DPI))
    return written.getvalue()
