"""The server can be too slow, too busy, or gone, on demand."""

import asyncio

import aiohttp
import pytest

from tests.telegram import fixtures
from tests.telegram.client import BareBot
from tests.telegram.server import BotApiServer

server = fixtures.server
bot = fixtures.bot


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_errors_and_cut_lines_as_ordered(server: BotApiServer, bot: BareBot) -> None:
    user = server.user()
    await user.write("你好")
    server.fail("sendMessage", 502)
    assert await bot.refused("sendMessage", chat_id=user.id, text="一") == (502, "Injected 502")
    server.drop("sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await bot("sendMessage", chat_id=user.id, text="二")
    assert user.messages == []
    server.drop("sendMessage", after=True)
    with pytest.raises(aiohttp.ClientError):
        await bot("sendMessage", chat_id=user.id, text="三")
    assert user.last.text == "三"
    assert (await bot("sendMessage", chat_id=user.id, text="四"))["ok"]


async def test_a_gate_holds_a_call_until_it_is_released(server: BotApiServer, bot: BareBot) -> None:
    user = server.user()
    await user.write("你好")
    gate = server.hold("sendMessage")
    sending = asyncio.create_task(bot("sendMessage", chat_id=user.id, text="一"))
    await gate.wait_until_reached()
    assert user.messages == []
    gate.release()
    assert (await sending)["ok"]


async def test_asking_waits_for_the_answer(server: BotApiServer, bot: BareBot) -> None:
    user = server.user()
    asking = asyncio.create_task(user.ask("有人吗"))
    await bot("getUpdates", timeout=5)
    await bot("sendMessage", chat_id=user.id, text="在的")
    assert (await asking).text == "在的"
    assert (await user.sees("在")).text == "在的"


async def test_waiting_in_vain_ends(server: BotApiServer) -> None:
    with pytest.raises(TimeoutError):
        await server.wait_for(lambda: False, seconds=0.01)


class TestLimits:
    async def test_a_chat_takes_one_message_a_second(self) -> None:
        clock = Clock()
        async with BotApiServer(limits=True, clock=clock) as server:
            user, other = server.user(), server.user()
            await user.write("你好")
            await other.write("你好")
            async with aiohttp.ClientSession() as session:
                bot = BareBot(server, session)
                assert (await bot("sendMessage", chat_id=user.id, text="一"))["ok"]
                answer = await bot("sendMessage", chat_id=user.id, text="二")
                assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 1})
                assert (await bot("sendMessage", chat_id=other.id, text="一"))["ok"]
                clock.now += 1
                assert (await bot("sendMessage", chat_id=user.id, text="二"))["ok"]
                assert server.limits is not None
                assert server.limits.refused == 1

    async def test_all_chats_together_take_thirty_a_second(self) -> None:
        clock = Clock()
        async with BotApiServer(limits=True, clock=clock) as server, aiohttp.ClientSession() as session:
            bot = BareBot(server, session)
            users = [server.user() for _ in range(31)]
            for user in users:
                await user.write("你好")
            answers = [await bot("sendMessage", chat_id=user.id, text="一") for user in users]
            assert [answer["ok"] for answer in answers] == [True] * 30 + [False]

    async def test_a_group_takes_twenty_a_minute(self) -> None:
        clock = Clock()
        async with BotApiServer(limits=True, clock=clock) as server, aiohttp.ClientSession() as session:
            bot = BareBot(server, session)
            group = server.group()
            for number in range(20):
                assert (await bot("sendMessage", chat_id=group.chat_id, text=str(number)))["ok"]
                clock.now += 1
            answer = await bot("sendMessage", chat_id=group.chat_id, text="20")
            assert answer["parameters"] == {"retry_after": 37}
            clock.now += 37
            assert (await bot("sendMessage", chat_id=group.chat_id, text="20"))["ok"]
