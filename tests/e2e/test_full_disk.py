"""The disk fills up while the bot runs: a clear word, nothing half kept, and on it goes afterwards."""

import resource
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.chat import Chat
from tests.e2e.evidence import evidence, letters
from tests.e2e.processes import Serving, serving, until
from tests.e2e.test_start import REPORT, small_disk
from tests.telegram import fixtures
from tests.telegram.server import BotApiServer

server = fixtures.server

NO_ROOM = 1
"""Bytes a file may have: every write that lets one grow fails as on a full disk."""


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser."""
    async with aiohttp.ClientSession() as session:
        yield session


@contextmanager
def no_room_for(bot: Serving) -> Iterator[None]:
    """The running process can write nothing any more."""
    pid = bot.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (NO_ROOM, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


async def test_a_report_on_a_full_disk_is_refused_kindly_and_taken_when_there_is_room(
    client: aiohttp.ClientSession, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    async with serving(data) as bot:
        visitor = await Chat.open(client, bot.url)
        with no_room_for(bot):
            for _ in range(2):
                answered = await visitor.try_to_say("1", REPORT)
                assert answered.status == 503
                assert "还没有保存" in answered.body["error"]["message"]
            assert await with_photo(visitor, "2") == 503
            assert letters(data) == {}
        answers = await visitor.say("1", REPORT)
        assert list((await visitor.read()).values()) == answers
        assert await with_photo(visitor, "2") == 200
        assert await bot.stop() == 0
    with evidence(data) as found:
        assert list(found.texts().values()) == [f"{REPORT}\n有照片"]
    said = "\n".join(bot.complained)
    assert "红包" not in said
    assert "Traceback" not in said


async def test_answers_on_their_way_arrive_once_when_the_disk_was_full_meanwhile(
    server: BotApiServer, client: aiohttp.ClientSession, tmp_path: Path
) -> None:
    people = [server.user(f"患者{number}") for number in range(6)]
    settings = {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_BASE": server.base}
    async with serving(tmp_path / "data", environment=settings) as bot:
        gate = server.hold("sendMessage")
        for person in people[:3]:
            await person.write(REPORT)
        await gate.wait_until_reached(3)
        with no_room_for(bot):
            gate.release()
            await server.wait_for(lambda: all(map(server.sent, people[:3])))
            for person in people[3:]:
                await person.write(REPORT)
            await until(lambda: any("not taken" in line for line in bot.complained))
        await server.wait_for(lambda: all(map(server.sent, people)), seconds=20)
        await server.all_confirmed(20)
        await until(lambda: set(letters(bot.data)) == {"sent"})
        assert await bot.stop() == 0
    assert [len(server.sent(person)) for person in people] == [1] * len(people)


async def test_a_disk_that_is_really_full_does_no_harm_either(
    client: aiohttp.ClientSession, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with small_disk(data) as mounted:
        if not mounted:
            pytest.skip("no disk can be mounted here")
        async with serving(data) as bot:
            visitor = await Chat.open(client, bot.url)
            fill(data / "filler")
            told = [f"{REPORT}第{number}次。" for number in range(100)]
            for number, text in enumerate(told):  # the first may fit into what was left of the last pages
                answered = await visitor.try_to_say(str(number), text)
                if answered.status != 200:
                    break
            assert answered.status == 503
            (data / "filler").unlink()
            await visitor.say(str(number), text)
            assert await bot.stop() == 0
        with evidence(data) as found:
            assert list(found.texts().values()) == ["\n".join(told[: number + 1])]


async def with_photo(visitor: Chat, message_id: str) -> int:
    """The status of one attempt to send words with a small photo."""
    from PIL import Image

    photo = BytesIO()
    Image.new("RGB", (20, 20), "red").save(photo, "JPEG")
    form = aiohttp.FormData()
    form.add_field("id", message_id)
    form.add_field("text", "有照片")
    form.add_field("file", photo.getvalue(), filename="a.jpg", content_type="image/jpeg")
    headers = {"Authorization": f"Bearer {visitor.session}"}
    async with visitor.client.post(f"{visitor.url}/api/chat/messages", data=form, headers=headers) as answer:
        return answer.status


def fill(path: Path) -> None:
    """Takes all the room there is, to the last page."""
    free = shutil.disk_usage(path.parent).free
    with path.open("wb", buffering=0) as file:
        file.write(b"\0" * free)
