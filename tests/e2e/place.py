"""The real application on a free port of this machine, with a data folder of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from sqlmodel import func, select

from bot.app import App
from bot.channels.web.limits import Rates
from bot.data_folder import open_folder
from bot.hospital_file import write_samples
from bot.settings import load_settings
from storage.cases import Case
from storage.files import CaseFile
from storage.invites import invite
from storage.members import Role
from tests.stage import MONDAY, PlayedClock

GENEROUS = Rates(messages=10_000, reads=10_000, sessions=10_000)


class Place:
    """A hospital's Lianxin that is running; counts tell what became of what was sent."""

    def __init__(self, app: App, clock: PlayedClock) -> None:
        self.app, self.clock = app, clock

    @property
    def url(self) -> str:
        """Where the patient's page is."""
        return self.app.address

    async def invite(self, office: str = "纪检办", name: str = "", role: Role = Role.OFFICER) -> str:
        """A join code for a colleague."""
        house = self.app.house
        return await self.app.database.run(
            lambda session: invite(session, office, vault=house.vault, now=self.clock(), role=role, name=name)
        )

    async def cases(self) -> int:
        """How many cases there are."""
        return await self.app.database.run(
            lambda session: session.exec(select(func.count()).select_from(Case)).one()
        )

    async def kept_files(self) -> int:
        """How many files belong to a case."""
        return await self.app.database.run(
            lambda session: session.exec(select(func.count()).select_from(CaseFile)).one()
        )


@asynccontextmanager
async def running(
    folder: Path, *, now: datetime = MONDAY, rates: Rates | None = GENEROUS
) -> AsyncIterator[Place]:
    """The application, started; its clock stands until it is told to go on."""
    settings = load_settings(data=folder, host="127.0.0.1", port=_free_port())
    opened = await asyncio.to_thread(open_folder, folder, settings)
    clock = PlayedClock(now)
    app = App(settings, opened, clock=clock, rates=rates)
    await app.start()
    try:
        yield Place(app, clock)
    finally:
        await app.stop()
        opened.close()


def decided(folder: Path, usual: str, instead: str) -> Path:
    """A new folder whose hospital decided otherwise in one line of hospital.toml."""
    folder.mkdir()
    write_samples(folder)
    decisions = folder / "hospital.toml"
    text = decisions.read_text("utf-8")
    assert usual in text
    decisions.write_text(text.replace(usual, instead), "utf-8")
    return folder


def photo(words: str = "2000") -> bytes:
    """A JPEG as a phone would take it, with a place in its hidden data."""
    picture = Image.new("RGB", (640, 420), "#e8d9c4")
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((170, 90, 470, 330), 14, fill="#b3261e")
    pen.ellipse((270, 150, 370, 250), fill="#f2c14e")
    pen.text((300, 195), words, fill="#5c1a12")
    hidden = Image.Exif()
    hidden[0x010F] = "Secret Phone"
    written = BytesIO()
    picture.save(written, "JPEG", exif=hidden)
    return written.getvalue()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
