"""Polling: what is confirmed and when, and what happens when Telegram or we fail."""

import asyncio
import logging

import pytest

from storage.messages import Inbound
from tests.telegram import fixtures
from tests.telegram.rig import Application, Pauses, make_channel, polling
from tests.telegram.server import BotApiServer

server = fixtures.server
application = fixtures.application


async def test_offset_never_passes_an_update_that_is_not_committed(
    server: BotApiServer, application: Application
) -> None:
    unlucky, lucky = server.user(), server.user()
    down = True

    def fail_while_down(inbound: Inbound) -> None:
        if down and inbound.sender == str(unlucky.id):
            raise OSError

    application.before = fail_while_down
    first = await unlucky.write("先")
    await lucky.write("后")
    async with polling(server, application):
        await server.wait_for(lambda: len(server.called("getUpdates")) > 3)
        assert first in server.unconfirmed
        assert {call.get("offset", first) for call in server.called("getUpdates")} == {first}
        down = False
        await server.all_confirmed()
    assert application.texts == ["后", "先"], "and what was committed is not taken twice"


async def test_what_was_not_confirmed_before_a_crash_comes_to_the_next_process(
    server: BotApiServer, application: Application
) -> None:
    user = server.user()
    await user.write("还没提交")
    application.open.clear()
    crashing = make_channel(server, application)
    await crashing.start(application.receive)
    await server.wait_for(lambda: application.asked)
    assert crashing._running is not None
    crashing._running.cancel()
    await crashing.stop()
    application.open.set()
    async with polling(server, application):
        await server.all_confirmed()
    assert [asked.event_id for asked in application.asked] == [application.inbounds[0].event_id] * 2


async def test_errors_of_the_server_are_waited_out(server: BotApiServer, application: Application) -> None:
    pauses = Pauses()
    server.fail("getMe", 502)
    server.fail("getUpdates", 500, times=2)
    server.drop("getUpdates")
    server.fail("getUpdates", 429, retry_after=40)
    async with polling(server, application, pause=pauses):
        await server.user().write("终于")
        await server.all_confirmed()
    assert application.texts == ["终于"]
    assert pauses.seconds == [1, 2, 4, 8, 40]


async def test_a_webhook_left_behind_is_removed(server: BotApiServer, application: Application) -> None:
    await server._hooks.set({"url": "http://127.0.0.1:9/gone"})
    async with polling(server, application):
        await server.user().write("收得到")
        await server.all_confirmed()
    assert server.webhook_info["url"] == ""


async def test_a_second_poller_is_survived(server: BotApiServer, application: Application) -> None:
    async with polling(server, application):
        await server.wait_for(lambda: server.called("getUpdates"))
        stranger = make_channel(server, application)
        await stranger._api.get_updates(timeout=0)
        await server.wait_for(lambda: len(server.called("getUpdates")) > 2)
        await server.user().write("还在")
        await server.all_confirmed()
        await stranger._api.hang_up()


async def test_stopping_lets_go_of_a_long_poll_at_once(
    server: BotApiServer, application: Application
) -> None:
    channel = make_channel(server, application, poll_timeout=50)
    await channel.start(application.receive)
    await server.wait_for(lambda: server.called("getUpdates"))
    async with asyncio.timeout(3):
        await channel.stop()


async def test_stopping_waits_for_what_is_in_hand(server: BotApiServer, application: Application) -> None:
    application.open.clear()
    channel = make_channel(server, application)
    await channel.start(application.receive)
    await server.user().write("正在处理")
    await server.wait_for(lambda: application.asked)
    stopping = asyncio.create_task(channel.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    application.open.set()
    await stopping
    assert application.texts == ["正在处理"]


async def test_a_stopped_channel_can_start_again(server: BotApiServer, application: Application) -> None:
    channel = make_channel(server, application)
    for text in ("一", "二"):
        await channel.start(application.receive)
        await server.user().write(text)
        await server.wait_for(lambda text=text: text in application.texts)  # type: ignore[misc]
        await channel.stop()
    assert set(application.texts) == {"一", "二"}


async def test_nothing_secret_reaches_the_log(
    server: BotApiServer, application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def refuse(inbound: Inbound) -> None:
        if len(application.asked) < 3:
            raise ValueError(inbound.text)

    application.before = refuse
    server.fail("getUpdates", 500)
    async with polling(server, application):
        user = server.user("王秘密")
        await user.write("不可外传")
        server.world.updates.push("message", {"message_id": 1, "chat": {"id": 5}, "text": "也不可外传"})
        await server.all_confirmed()
    ours = "\n".join(record.getMessage() for record in caplog.records if "asyncio" not in record.name)
    assert "telegram update not taken: ValueError" in ours
    for secret in (server.token, server.token.split(":")[1], "外传", "王秘密", str(user.id)):
        assert secret not in ours
