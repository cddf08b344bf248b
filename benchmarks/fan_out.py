"""Sends letters to hundreds of chats or more through real delivery, against Telegram's limits."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot.channels.base import Outgoing
from bot.channels.telegram import TelegramChannel
from bot.data_folder import DataFolder, open_folder
from bot.delivery import Delivery
from bot.settings import Settings
from handlers.turn import Desk
from storage.claiming import claim_due, due_announcements
from storage.database import Database
from storage.errors import NoSuchFile
from storage.house import House
from storage.messages import Reply
from storage.outbox import post_reply

_LONGEST_WAIT = 600.0
_ROUNDS, _DOZEN = 40, 12
_NINE, _BEGAN = datetime(2026, 11, 23, 1, 30, tzinfo=UTC), time.monotonic()
"""Half past nine in Shanghai on a working Monday: at night nobody is asked."""


@dataclass(frozen=True, slots=True)
class FanOut:
    """`rate` in messages a second, as the server saw them come; `refused` of them with 429."""

    sent: int
    rate: float
    refused: int
    allowed: float = TelegramChannel.limits.per_second


LayOut = Callable[[Session, int, House, datetime], None]
"""Writes a letter for each of so many chats, all due at once."""


def fan_out(folder: Path, chats: int, lay_out: LayOut) -> FanOut:
    """A letter to each of so many chats, all due at once; `folder` is a new data folder."""
    command = [sys.executable, "-m", "benchmarks.bot_api", str(chats)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        place = json.loads(server.stdout.readline())
        opened = open_folder(folder, Settings(_env_file=None))
        try:
            asyncio.run(_send(opened, chats, lay_out, **place))
        finally:
            opened.close()
            server.stdin.close()
            seen = json.loads(server.stdout.readline())
    came = seen["came"]
    return FanOut(len(came) - seen["refused"], (len(came) - 1) / (came[-1] - came[0]), seen["refused"])


def seconds_to_claim(folder: Path, letters: int) -> float:
    """How long it takes at best to find the next dozen of so many letters that wait."""
    opened = open_folder(folder, Settings(_env_file=None))
    try:
        opened.database.run_now(lambda session: _post(session, letters, opened.house))
        return min(opened.database.run_now(_claim) for _ in range(_ROUNDS))
    finally:
        opened.close()


def _post(session: Session, letters: int, house: House) -> None:
    for number in range(letters):
        post_reply(
            session, Reply("您好"), channel="telegram", address=str(number), vault=house.vault, now=_now()
        )


def _claim(session: Session) -> float:
    started = time.perf_counter()
    due_announcements(session, now=_now())
    claim_due(session, now=_now(), limit=_DOZEN)
    return time.perf_counter() - started


async def _send(opened: DataFolder, chats: int, lay_out: LayOut, *, base: str, token: str) -> None:
    database, done = Database(opened.engine), asyncio.Event()
    channel = _Counting(token, base, chats, done)
    desk = Desk(opened.house, opened.reader)
    database.run_now(lambda session: lay_out(session, chats, opened.house, _now()))
    database.start()
    await channel.check()
    delivery = Delivery(database=database, desk=desk, channels={channel.name: channel}, clock=_now)
    running = asyncio.create_task(delivery.run())
    try:
        async with asyncio.timeout(_LONGEST_WAIT):
            await done.wait()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await channel.stop()
        await asyncio.to_thread(database.stop)


class _Counting(TelegramChannel):
    """Says when every message has gone out."""

    def __init__(self, token: str, base: str, expected: int, done: asyncio.Event) -> None:
        super().__init__(token, read_file=_no_file, api_base=base)
        self._expected, self._done = expected, done

    async def send(self, outgoing: Outgoing) -> str | None:
        reference = await super().send(outgoing)
        self._expected -= 1
        if self._expected == 0:
            self._done.set()
        return reference


async def _no_file(uid: str) -> bytes:
    raise NoSuchFile(uid)


def _now() -> datetime:
    return _NINE + timedelta(seconds=time.monotonic() - _BEGAN)
