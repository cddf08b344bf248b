"""The real application, spoken to over Telegram: by polling, or by a webhook on its own web port."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, func, select

from bot.app import App
from bot.channels.base import Limits
from bot.channels.telegram import TelegramChannel
from bot.data_folder import DataFolder, open_folder
from bot.duty_file import FILE as DUTIES
from bot.settings import load_settings
from storage.invites import invite
from storage.letters import Letter, State
from storage.members import Role
from tests.e2e.processes import free_port
from tests.e2e.web_person import WebPerson
from tests.stage import PlayedClock
from tests.telegram.rig import SECRET
from tests.telegram.server import BotApiServer
from tests.telegram.server.cast import Group, User
from tests.telegram.server.records import Message

_UNSAID = (State.PENDING, State.CLAIMED)
MODES = ("polling", "webhook")
AT_ONCE = Limits(per_second=10_000, per_chat_second=10_000, per_group_minute=10_000)
"""So that a test need not wait for Telegram's pace; the pace itself has a test of its own."""


@dataclass
class TelegramPlace:
    """A hospital's Lianxin on Telegram; `start` and `stop` as often as a test likes, on the same folder."""

    server: BotApiServer
    folder: Path
    mode: str
    limits: Limits = AT_ONCE
    clock: PlayedClock = field(default_factory=PlayedClock)
    port: int = field(default_factory=free_port)
    _app: App | None = None
    _opened: DataFolder | None = None

    @property
    def app(self) -> App:
        """The application that runs now."""
        assert self._app is not None
        return self._app

    async def start(self) -> None:
        """Starts it and waits until it takes updates."""
        asked = self._asked()
        settings = load_settings(data=self.folder, host="127.0.0.1", port=self.port, **self._telegram())
        self._opened = open_folder(self.folder, settings)
        # The pace is read when the application is made.
        usual, TelegramChannel.limits = TelegramChannel.limits, self.limits
        try:
            self._app = App(settings, self._opened, clock=self.clock, rates=None)
        finally:
            TelegramChannel.limits = usual
        await self._app.start()
        await self.server.wait_for(lambda: self._asked() > asked)

    async def stop(self) -> None:
        """Stops it in good order."""
        if self._app is not None:
            await self._app.stop()
        if self._opened is not None:
            self._opened.close()
        self._app = self._opened = None

    async def invite(
        self, office: str, name: str = "", role: Role = Role.OFFICER, *, for_group: bool = False
    ) -> str:
        """A code as `lianxin invite` makes it."""
        vault, now = self.app.house.vault, self.clock()
        return await self.app.database.run(
            lambda session: invite(
                session, office, vault=vault, now=now, role=role, name=name, for_group=for_group
            )
        )

    async def officer(self, name: str, office: str = "纪检办", role: Role = Role.OFFICER) -> User:
        """Somebody of an office who has joined in a private chat."""
        user = self.server.user(name)
        await user.write(f"/join {await self.invite(office, name, role)}")
        await user.sees(f"{office}办件台")
        return user

    async def group(self, office: str, by: User) -> Group:
        """The bound group of an office."""
        group = self.server.group(f"{office}工作群")
        code = await self.invite(office, for_group=True)
        await group.write(by, f"/bind@{self.server.username} {code}")
        await group.sees(f"本群是{office}的通知群")
        return group

    @asynccontextmanager
    async def web(self) -> AsyncIterator[WebPerson]:
        """Somebody in the chat page."""
        async with WebPerson.visiting(self.app.address.rstrip("/")) as person:
            yield person

    async def pass_time(self, **passed: float) -> None:
        """The clock goes on; what has fallen due is seen to."""
        self.clock.advance(**passed)
        await self.app.ticker.remind()
        self.app.delivery.wake()

    async def settled(self, seconds: float = 5) -> None:
        """Returns when everything due has been said; the messengers' answers are what it waits for."""
        due = select(func.count()).select_from(Letter).where(col(Letter.state).in_(_UNSAID))
        async with asyncio.timeout(seconds):
            while await self.app.database.run(lambda session: session.exec(due).one()):
                self.app.delivery.wake()
                await self.app.delivery.landed()
                await asyncio.sleep(0)

    def _telegram(self) -> dict[str, Any]:
        hook = {
            "telegram_webhook_url": f"http://127.0.0.1:{self.port}/telegram/updates",
            "telegram_webhook_secret": SECRET,
        }
        token = {"telegram_bot_token": self.server.token, "telegram_api_base": self.server.base}
        return token | (hook if self.mode == "webhook" else {})

    def _asked(self) -> int:
        return len(self.server.called("setWebhook" if self.mode == "webhook" else "getUpdates"))


@asynccontextmanager
async def telegram_place(
    folder: Path, mode: str, *, limits: Limits = AT_ONCE, server_limits: bool = False
) -> AsyncIterator[TelegramPlace]:
    """A started place and its Bot API server, which enforces Telegram's limits with `server_limits`."""
    async with BotApiServer(webhook_retry_delay=0.01, limits=server_limits) as server:
        place = TelegramPlace(server, folder, mode, limits)
        _without_duties(folder)
        try:
            await place.start()
            yield place
        finally:
            await place.stop()


def _without_duties(folder: Path) -> None:
    """Whoever joins would be told what is open, sooner or later than a test says the next thing."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / DUTIES).exists():
        (folder / DUTIES).write_text("duties = []\n", "utf-8")


@pytest.fixture(params=MODES)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TelegramPlace]:
    """A started place, once polling and once behind a webhook."""
    async with telegram_place(tmp_path / "var", request.param) as place:
        yield place


def code_in(person: User) -> str:
    """The receipt code that stands in somebody's chat."""
    found = re.findall(r"\d{4} \d{4} \d{4} \d{4}", everything(person))
    return str(found[-1])


def everything(chat: User | Group) -> str:
    """All that was ever said in a chat, also what was edited away."""
    return "\n".join(text for message in chat.messages for text in (*message.history, message.text))


def newest(chat: User | Group, label: str) -> Message:
    """The newest message with this button."""
    return [message for message in chat.messages if any(label in one for one in message.labels)][-1]
