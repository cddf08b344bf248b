"""A clock that is an hour off, and then set right: nobody loses a session, a report or an answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest
from sqlmodel import Session, col, func, select

from bot.app import App
from bot.cli.welcome import welcome
from bot.data_folder import open_folder
from bot.settings import load_settings
from storage.clocks import Clock
from storage.letters import Letter, State
from tests.e2e.chat import Chat
from tests.e2e.evidence import evidence
from tests.e2e.processes import free_port, until
from tests.e2e.test_start import REPORT
from tests.stage import MONDAY, PlayedClock
from tests.telegram import fixtures
from tests.telegram.server import BotApiServer

server = fixtures.server


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser."""
    async with aiohttp.ClientSession() as session:
        yield session


@asynccontextmanager
async def running(data: Path, clock: PlayedClock, **settings: str) -> AsyncIterator[App]:
    """The whole application in this process, by a clock that is played."""
    chosen = load_settings(data=data, port=free_port(), **settings)
    folder = open_folder(data, chosen)
    app = App(chosen, folder, clock=clock)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()
        folder.close()


async def officer_in(app: App, client: aiohttp.ClientSession, clock: PlayedClock) -> Chat:
    """The first officer, who joined by the clock as it stood."""
    officer = await Chat.open(client, app.address.rstrip("/"))
    await officer.say("join", f"/join {welcome(app.folder, now=clock())}")
    await officer.say("name", "李书记")
    return officer


async def test_a_clock_set_back_an_hour_leaves_sessions_cases_and_answers_as_they_were(
    client: aiohttp.ClientSession, server: BotApiServer, tmp_path: Path
) -> None:
    clock, reporter = PlayedClock(MONDAY), server.user()
    clock.advance(hours=1)
    telegram = {"telegram_bot_token": server.token, "telegram_api_base": server.base}
    async with running(tmp_path / "data", clock, **telegram) as app:
        officer = await officer_in(app, client, clock)
        visitor = await Chat.open(client, app.address.rstrip("/"))
        await visitor.say("1", REPORT)
        server.fail("sendMessage")
        await reporter.write(REPORT)
        await until(lambda: app.folder.database.run_now(retried))

        clock.advance(hours=-1)
        await reporter.sees("查询码")
        await visitor.say("2", "还有一位护士在场。")
        assert (await visitor.read()) == visitor.answers
        said = await officer.say("open", "1号")
        assert "还有一位护士在场" in "\n".join(said)
    assert len(server.sent(reporter)) == 1
    with evidence(tmp_path / "data") as found:
        assert sorted(found.texts().values()) == sorted([REPORT, f"{REPORT}\n还有一位护士在场。"])


async def test_a_limit_is_remembered_once_though_its_moment_comes_twice(
    client: aiohttp.ClientSession, tmp_path: Path
) -> None:
    clock = PlayedClock(MONDAY)
    async with running(tmp_path / "data", clock) as app:
        await officer_in(app, client, clock)
        await (await Chat.open(client, app.address.rstrip("/"))).say("1", REPORT)
        clock.now = await app.database.run(first_reminder)
        await app.ticker.remind()
        heard = await app.database.run(reminders)
        assert heard > 0
        clock.advance(hours=-1)
        await app.ticker.remind()
        clock.advance(hours=1)
        await app.ticker.remind()
        assert await app.database.run(reminders) == heard


def retried(session: Session) -> bool:
    """Whether some letter failed once and waits for its next attempt."""
    waiting = select(func.count(col(Letter.id))).where(Letter.state == State.PENDING, Letter.attempts == 1)
    return session.exec(waiting).one() > 0


def first_reminder(session: Session) -> datetime:
    """When the first reminder of any limit is due."""
    return session.exec(select(Clock.remind_at).order_by(col(Clock.remind_at)).limit(1)).one()


def reminders(session: Session) -> int:
    """How many reminders were ever left for an audience; not the letters that delivery makes of them."""
    left = (Letter.notice == "case.reminder", col(Letter.chat).is_(None))
    return session.exec(select(func.count(col(Letter.id))).where(*left)).one()
