"""Wires the parts together and runs them until told to stop."""

import asyncio
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aiohttp import web
from sqlmodel import select

from bot.budgets import MUCH, Restraint, Urgency
from bot.channels.base import Channel
from bot.channels.web.channel import WebChannel
from bot.channels.web.entrance import Signals
from bot.channels.web.limits import Rates
from bot.data_folder import DataFolder
from bot.delivery import Delivery
from bot.dispatcher import Clock, Dispatcher
from bot.errands.worker import Errands
from bot.figures import Figures
from bot.followup.doors import discharge_routes, watched_folder
from bot.guessing import Guessing
from bot.holding import Holding
from bot.materials import Shelf
from bot.messengers import make_telegram
from bot.reading_room import ReadingRoom
from bot.settings import Settings
from bot.texting import make_texting
from bot.ticker import Ticker
from bot.trail_keeper import TrailKeeper
from bot.web.app import make_app, make_runner
from handlers.turn import Desk
from nlp.versions import lists_version
from storage.database import Database
from storage.errors import ConfigError
from storage.files import FileStore

_LEAST_FREE = 50 * 2**20


def utc_now() -> datetime:
    """The clock of the running application."""
    return datetime.now(UTC)


class App:
    """Everything that runs: storage, dispatcher, delivery, ticker, channels and the web server."""

    def __init__(
        self,
        settings: Settings,
        folder: DataFolder,
        *,
        clock: Clock = utc_now,
        rates: Rates | None = Rates(),  # noqa: B008 (frozen)
    ) -> None:
        self.settings, self.folder, self._clock = settings, folder, clock
        self.house = folder.house
        self.figures = Figures()
        self.database = Database(folder.engine)
        self.files = FileStore(folder.files, self.house.vault, self.house.hospital.files)
        page, lists = settings.public_url or "", lists_version(folder.words)
        desk = Desk(self.house, folder.reader, lists=lists, page=page)
        self.reading_room = ReadingRoom(
            database=self.database, house=self.house, files=self.files, clock=clock
        )
        self._guessing = Guessing(self.database, clock=clock)
        self._urgency = Urgency(folder.reader, timer=time.monotonic)
        self.web = self._web_channel(rates)
        self.telegram = make_telegram(
            settings, house=self.house, database=self.database, reading_room=self.reading_room, clock=clock
        )
        self.texting = make_texting(
            settings, folder.path, house=self.house, database=self.database, figures=self.figures,
            urgency=self._urgency, clock=clock,
        )  # fmt: skip
        texts = [self.texting.channel] if self.texting else []
        channels: list[Channel] = [self.web, *([self.telegram] if self.telegram else []), *texts]
        self.channels = {channel.name: channel for channel in channels}
        self.delivery = Delivery(database=self.database, desk=desk, channels=self.channels, clock=clock)
        pulled = [channel.name for channel in channels if channel.pulled]
        self.dispatcher = Dispatcher(
            database=self.database, desk=desk, files=self.files, clock=clock, figures=self.figures,
            holding=self._holding(pulled) if rates else None, pulled=pulled, wake=self.delivery.wake,
        )  # fmt: skip
        self.keeper = TrailKeeper(
            database=self.database, house=self.house, folder=folder.path, clock=clock,
            refused=lambda: self.web.sessions.refused, wake=self.delivery.wake,
        )  # fmt: skip
        self._shelf = Shelf(
            folder.path, database=self.database, house=self.house, files=self.files, clock=clock
        )
        watch = watched_folder(folder.path, database=self.database, house=self.house, clock=clock)
        self.ticker = Ticker(
            database=self.database, house=self.house, files=self.files, figures=self.figures, clock=clock,
            wake=self.delivery.wake, tend=self._tend, watch=watch,
        )  # fmt: skip
        self.errands = Errands(
            database=self.database, house=self.house, files=self.files, clock=clock, sent=self.delivery.wake
        )
        self._delivering: asyncio.Task[None] | None = None
        self._on_errands: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, *, serve_web: bool = True) -> None:
        """Opens the storage and starts every part; with `serve_web` off, no port is opened.

        Raises ConfigError if the port is taken.
        """
        self.database.start()
        if serve_web:
            await self._open_port()
        await self.keeper.opened()
        self._delivering = asyncio.create_task(self.delivery.run(), name="delivery")
        self._on_errands = asyncio.create_task(self.errands.run(), name="errands")
        self.ticker.start()
        for channel in self.channels.values():
            await channel.start(self.dispatcher.receive)

    async def stop(self) -> None:
        """Takes nothing new, finishes what is in hand, closes the storage.

        Delivery ends first: what is on its way needs the channels' connections to arrive.
        """
        self.ticker.stop()
        for task in filter(None, (self._on_errands, self._delivering)):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        for channel in self.channels.values():
            await channel.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.keeper.closed()
        await asyncio.to_thread(self.dispatcher.close)
        await asyncio.to_thread(self.files.close)
        await asyncio.to_thread(self.database.stop)

    @property
    def address(self) -> str:
        """Where the patient's page is."""
        return f"http://{self.settings.host}:{self.settings.port}/"

    async def health(self) -> Sequence[str]:
        """What is wrong, a short line each."""
        problems = []
        try:
            await asyncio.wait_for(self.database.run(lambda session: session.exec(select(1)).one()), 5)
        except Exception as error:
            problems.append(f"the database does not answer ({type(error).__name__})")
        if shutil.disk_usage(self.folder.path).free < _LEAST_FREE:
            problems.append("the disk is almost full")
        if self._delivering is not None and self._delivering.done():
            problems.append("delivery has stopped")
        if self._on_errands is not None and self._on_errands.done():
            problems.append("errands are done no more")
        return problems

    async def _open_port(self) -> None:
        extra = [*(self.telegram.webhook_routes() if self.telegram else [])]
        extra += self.texting.channel.routes() if self.texting else []
        extra += discharge_routes(self.settings, database=self.database, house=self.house, clock=self._clock)
        application = make_app(
            self.web, hospital_name=self.house.hospital.name, health=self.health,
            metrics=self.figures.text, extra_routes=extra, exit_url=self.house.hospital.exit_url,
            public_url=self.settings.public_url, more_hosts=self._hook_hosts(),
            calls=self.house.hospital.numbers_to_call,
        )  # fmt: skip
        self._runner = make_runner(application)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self.settings.host, self.settings.port).start()
        except OSError as error:
            await self._runner.cleanup()
            await asyncio.to_thread(self.database.stop)
            place = f"{self.settings.host}:{self.settings.port}"
            reason = error.strerror or type(error).__name__
            raise ConfigError(
                f"cannot listen on {place}: {reason}; try --port {self.settings.port + 1}"
            ) from None

    def _hook_hosts(self) -> list[str]:
        """The name by which Telegram finds us."""
        return [urlsplit(self.settings.telegram_webhook_url or "").hostname or ""]

    def _web_channel(self, rates: Rates | None) -> WebChannel:
        megabyte = 2**20
        return WebChannel(
            session_key=self.house.vault.derived_key("web sessions"),
            read_after=self.reading_room.read_after,
            open_file=self.reading_room.open_file,
            max_upload_bytes=(self.house.hospital.files.max_mb + 1) * megabyte,
            rates=rates,
            signals=Signals(
                guess_level=lambda: self._guessing.level("web"),
                urgent=self._urgency.passes,
                strained=lambda: self.database.waiting > MUCH,
                count=lambda how: self.figures.held_back.labels("web", how).inc(),
            ),
            now=self._clock,
        )

    async def _tend(self) -> None:
        await self.keeper.tend()
        await self._shelf.put_out()
        if self.texting is not None:
            await self.texting.forget_old()

    def _holding(self, pulled: Sequence[str]) -> Holding:
        restraint = Restraint(timer=time.monotonic)
        return Holding(self._guessing, restraint, self._urgency, figures=self.figures, pulled=pulled)


def build(settings: Settings, folder: DataFolder, *, clock: Clock = utc_now) -> App:
    """The application, not started: for commands and tests."""
    return App(settings, folder, clock=clock, rates=None)
