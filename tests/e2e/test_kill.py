"""kill -9 at random moments while people write: each word is in one case, each answer arrives."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.chat import Chat
from tests.e2e.evidence import evidence, letters
from tests.e2e.place import decided
from tests.e2e.processes import Serving, free_port, serving
from tests.telegram import fixtures
from tests.telegram.rig import SECRET
from tests.telegram.server import BotApiServer, User

server = fixtures.server

KILLS = 5
VISITORS = 100
"""Each says one thing in each life of the bot: 500 in all."""
ALL_ANSWERED_SECONDS = 90
_RECEIPT = re.compile(r"\d{4} \d{4} \d{4} \d{4}")
_CARD = re.compile(r"编号 (\d{4}-\d{5})\n")


def report(mark: str) -> str:
    """A report that leaves nothing to ask, so that its one answer is the receipt."""
    return f"昨天下午在心内科，王主任收了我两千块钱红包。记号甲{mark}。"


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A client with room for every visitor."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("way", "people", "kills"), [("polling", 500, KILLS), ("webhook", 100, 2)])
async def test_each_telegram_report_survives_kills_as_one_case(
    server: BotApiServer, client: aiohttp.ClientSession, tmp_path: Path, way: str, people: int, kills: int
) -> None:
    data, port, chance = tmp_path / "data", free_port(), random.Random(f"moments of {way}")
    environment = telegram(server, port, way)
    users = {report(f"{number:04d}"): server.user(f"患者{number}") for number in range(people)}
    *portions, last = in_portions(list(users), kills + 2)
    officer, in_flight = None, 0

    for number, portion in enumerate(portions):
        async with serving(data, port=port, environment=environment) as bot:
            officer = officer or await join(client, bot)
            writing = asyncio.create_task(write(users, portion, chance))
            if number < kills:
                await asyncio.sleep(chance.uniform(0, 1))  # the moment of death; nothing waits for it
                await bot.kill()
            else:
                await kill_with_answers_at_the_door(bot, server)
            await writing
        in_flight += letters(data).get("claimed", 0)

    assert officer is not None
    async with serving(data, port=port, environment=environment) as bot:
        await write(users, last, chance)
        await server.wait_for(lambda: all(map(server.sent, users.values())), ALL_ANSWERED_SECONDS)
        await server.all_confirmed()
        cards = await cards_of(officer, people)
        assert await bot.stop() == 0

    assert set(letters(data)) == {"sent"}
    answers = {text: [message.text for message in server.sent(user)] for text, user in users.items()}
    with evidence(data) as found:
        cases = found.texts()
        assert sorted(cases.values()) == sorted(users)
        assert sorted(cards) == sorted(cases)
        for text, said in answers.items():
            assert len(set(said)) == 1
            assert found.text_behind(receipt_in(said[0])) == text
    repeated = sum(len(said) - 1 for said in answers.values())
    assert 0 < repeated <= in_flight


@pytest.mark.timeout(300)
async def test_each_message_of_the_web_chat_survives_kills_once(
    client: aiohttp.ClientSession, tmp_path: Path
) -> None:
    data = decided(tmp_path / "data", "visitors_per_minute = 100", "visitors_per_minute = 1000")
    port, chance = free_port(), random.Random("moments of the web")
    crowd, officer = Crowd(), None

    for life in range(KILLS):
        async with serving(data, port=port) as bot:
            officer = officer or await join(client, bot)
            await crowd.speak(client, bot, turn=life)
            await crowd.heard(life * VISITORS + chance.randrange(VISITORS))
            crowd.up.clear()
            await bot.kill()

    assert officer is not None
    async with serving(data, port=port) as bot:
        crowd.up.set()
        await asyncio.gather(*crowd.talking)
        shown = [await visitor.read() for visitor in crowd.visitors]
        cards = await cards_of(officer, VISITORS)
        assert await bot.stop() == 0

    assert crowd.attempts > VISITORS * KILLS, "no message was ever repeated"
    with evidence(data) as found:
        cases = found.texts()
        assert sorted(cases.values()) == sorted(map(whole_story, range(VISITORS)))
        assert sorted(cards) == sorted(cases)
        for number, visitor in enumerate(crowd.visitors):
            assert shown[number] == visitor.answers
            assert found.text_behind(receipt_in(visitor.answers[min(shown[number])])) == whole_story(number)


class Crowd:
    """Visitors of the page; each says its next sentence when the turn comes, until it is answered."""

    def __init__(self) -> None:
        self.up = asyncio.Event()
        self.visitors: list[Chat] = []
        self.talking: list[asyncio.Task[None]] = []
        self._turns = [asyncio.Event() for _ in range(KILLS)]
        self._answers = asyncio.Semaphore(0)
        self._heard = 0

    @property
    def attempts(self) -> int:
        """How often a message was sent, repeated ones included."""
        return sum(visitor.attempts for visitor in self.visitors)

    async def speak(self, client: aiohttp.ClientSession, bot: Serving, *, turn: int) -> None:
        """The bot is up, and everybody may say the next sentence."""
        if not self.visitors:
            self.visitors = [await Chat.open(client, bot.url) for _ in range(VISITORS)]
            self.talking = [asyncio.create_task(self._talk(number)) for number in range(VISITORS)]
        self.up.set()
        self._turns[turn].set()

    async def heard(self, answers: int) -> None:
        """Returns when so many messages were answered, over all lives."""
        while self._heard < answers:
            await self._answers.acquire()
            self._heard += 1

    async def _talk(self, number: int) -> None:
        for turn, said in enumerate(sentences(number)):
            await self._turns[turn].wait()
            await self.visitors[number].say(f"message {turn}", said, up=self.up)
            self._answers.release()


def sentences(number: int) -> list[str]:
    """A report and what is added to it, one for each life."""
    return [
        report(f"{number:04d}"),
        *(f"补充第{turn}点，记号甲{number:04d}-{turn}。" for turn in range(1, KILLS)),
    ]


def whole_story(number: int) -> str:
    """What then stands in the case."""
    return "\n".join(sentences(number))


def telegram(server: BotApiServer, port: int, way: str) -> dict[str, str]:
    """The settings for a bot on our Bot API server."""
    settings = {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_BASE": server.base}
    if way == "webhook":
        settings["TELEGRAM_WEBHOOK_URL"] = f"http://127.0.0.1:{port}/telegram"
        settings["TELEGRAM_WEBHOOK_SECRET"] = SECRET
    return settings


async def join(client: aiohttp.ClientSession, bot: Serving) -> Chat:
    """The first officer, on the web page: hears of every case, without a limit of speed."""
    officer = await Chat.open(client, bot.url)
    await officer.say("join", f"/join {bot.join_code}")
    await officer.say("name", "李书记")
    return officer


async def cards_of(officer: Chat, cases: int) -> list[str]:
    """The numbers on the cards the officer got, once there are enough; one for each card."""
    async with asyncio.timeout(ALL_ANSWERED_SECONDS):
        while True:
            shown = (await officer.read()).values()
            numbers = [found[1] for text in shown if (found := _CARD.match(text))]
            if len(numbers) >= cases:
                return numbers
            await asyncio.sleep(0.5)


async def write(users: Mapping[str, User], texts: Sequence[str], chance: random.Random) -> None:
    """Everybody writes their text, over about a second."""
    for text in texts:
        await users[text].write(text)
        await asyncio.sleep(chance.uniform(0, 2 / len(texts)))


async def kill_with_answers_at_the_door(bot: Serving, server: BotApiServer) -> None:
    """The answers have left, Telegram will take them, and the bot never hears of it."""
    gate = server.hold("sendMessage")
    await gate.wait_until_reached(3)
    await bot.kill()
    gate.release()


def in_portions(texts: Sequence[str], count: int) -> list[Sequence[str]]:
    """The texts in so many nearly equal parts."""
    return [texts[start::count] for start in range(count)]


def receipt_in(text: str) -> str:
    """The code in an answer, without its spaces."""
    found = _RECEIPT.search(text)
    assert found, text
    return found[0].replace(" ", "")
