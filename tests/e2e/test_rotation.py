"""Seal keys are changed and retired while people write: nobody notices, and nothing needs the old key."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.data_folder import open_folder
from bot.rotation import find_broken, uses_of
from bot.settings import load_settings
from storage.key_file import load_keys
from tests.e2e.chat import Chat
from tests.e2e.processes import Serving, clean_environment, serving

PEOPLE, MOST = 6, 15
"""Writers, and what each adds at most: one who says more is asked to wait."""
_RECEIPT = re.compile(r"\d{4} \d{4} \d{4} \d{4}")


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser."""
    async with aiohttp.ClientSession() as session:
        yield session


async def lianxin(data: Path, *arguments: str) -> tuple[int, str]:
    """Runs a command beside `serve`; its exit code and all it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, "--data", str(data), cwd=data.parent,
        env=clean_environment(), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


def report(number: int) -> str:
    """A report that leaves nothing to ask."""
    return f"昨天下午在心内科，王主任收了我两千块钱红包。记号甲{number:04d}。"


async def talk(client: aiohttp.ClientSession, bot: Serving, number: int, rotated: asyncio.Event) -> str:
    """One person, before, during and after; what they read in the end."""
    chat = await Chat.open(client, bot.url)
    answers = await chat.say("first", report(number))
    turn = 0
    while not rotated.is_set() and turn < MOST:
        turn += 1
        await chat.say(f"more {turn}", f"补充第{turn}点，记号甲{number:04d}-{turn}。")
    code = _RECEIPT.search("\n".join(answers))
    assert code, answers
    later = await Chat.open(client, bot.url)
    return "\n".join(await later.say("back", code[0]))


@pytest.mark.timeout(300)
async def test_keys_change_under_a_running_serve(client: aiohttp.ClientSession, tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with serving(data) as bot:
        rotated = asyncio.Event()
        people = [asyncio.create_task(talk(client, bot, number, rotated)) for number in range(PEOPLE)]
        try:
            code, said = await lianxin(data, "keys", "rotate", "--retire")
        finally:
            rotated.set()
        assert code == 0, said
        read = await asyncio.gather(*people)
        assert all(f"记号甲{number:04d}" in words for number, words in enumerate(read))
        assert (await lianxin(data, "keys", "verify"))[1] == "Everything opens.\n"
        assert await bot.stop() == 0
        assert not [line for line in bot.complained if "SealError" in line or "failed" in line]

    folder = open_folder(data, load_settings(data=data))
    assert set(load_keys(folder.key_file).seal_keys) == {2}
    assert set(uses_of(folder).values) == {2}
    assert not find_broken(folder, advance=lambda _: None)
    folder.close()
