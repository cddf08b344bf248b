"""The server keeps updates until they are confirmed, as Telegram does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.telegram import fixtures
from tests.telegram.client import BareBot
from tests.telegram.server import BotApiServer

server = fixtures.server
bot = fixtures.bot


@asynccontextmanager
async def hook(statuses: Callable[[dict[str, Any]], int]) -> AsyncIterator[tuple[str, list[web.Request]]]:
    requests: list[web.Request] = []

    async def handle(request: web.Request) -> web.Response:
        requests.append(request)
        return web.Response(status=statuses(await request.json()))

    app = web.Application()
    app.router.add_post("/hook", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", requests
    finally:
        await runner.cleanup()


def ids(answer: dict[str, Any]) -> list[int]:
    return [update["update_id"] for update in answer["result"]]


async def test_unconfirmed_updates_come_again_and_confirmed_ones_do_not(
    server: BotApiServer, bot: BareBot
) -> None:
    user = server.user()
    first, second = await user.write("一"), await user.write("二")
    assert ids(await bot("getUpdates")) == [first, second]
    assert ids(await bot("getUpdates", limit=1)) == [first]
    assert ids(await bot("getUpdates", offset=second)) == [second]
    assert ids(await bot("getUpdates", offset=0)) == [second]
    assert ids(await bot("getUpdates", offset=(second or 0) + 1)) == []
    assert server.unconfirmed == []


async def test_a_negative_offset_keeps_the_last(server: BotApiServer, bot: BareBot) -> None:
    user = server.user()
    written = [await user.write(str(number)) for number in range(5)]
    assert ids(await bot("getUpdates", offset=-2)) == written[-2:]
    assert ids(await bot("getUpdates")) == written[-2:]


async def test_a_long_poll_ends_when_something_comes(server: BotApiServer, bot: BareBot) -> None:
    polling = asyncio.create_task(bot("getUpdates", timeout=30))
    await server.wait_for(lambda: server.called("getUpdates"))
    update_id = await server.user().write("你好")
    assert ids(await polling) == [update_id]


async def test_a_second_poll_ends_the_first_with_a_conflict(server: BotApiServer, bot: BareBot) -> None:
    first = asyncio.create_task(bot.refused("getUpdates", timeout=30))
    await server.wait_for(lambda: server.called("getUpdates"))
    await bot("getUpdates")
    code, description = await first
    assert code == 409
    assert "other getUpdates" in description


async def test_polling_beside_a_webhook_is_a_conflict(server: BotApiServer, bot: BareBot) -> None:
    polling = asyncio.create_task(bot.refused("getUpdates", timeout=30))
    await server.wait_for(lambda: server.called("getUpdates"))
    await bot("setWebhook", url="http://127.0.0.1:9/hook")
    assert (await polling)[0] == 409
    assert (await bot.refused("getUpdates"))[0] == 409
    await bot("deleteWebhook")
    assert ids(await bot("getUpdates")) == []


async def test_only_wanted_kinds_are_kept_and_the_choice_stays(server: BotApiServer, bot: BareBot) -> None:
    user = server.user()
    await bot("getUpdates", allowed_updates=["message"])
    assert await user.edit("改") is None
    assert await user.write("一") is not None
    await bot("getUpdates")
    assert await user.block() is None
    await bot("getUpdates", allowed_updates=[])
    assert await user.block() is not None


async def test_a_webhook_gets_the_secret_and_confirms_with_2xx(server: BotApiServer, bot: BareBot) -> None:
    async with hook(lambda update: 204) as (url, requests):
        await bot("setWebhook", url=url, secret_token="s3cret")
        await server.user().write("你好")
        await server.all_confirmed()
        assert requests[0].headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
        assert (await bot("getWebhookInfo"))["result"]["pending_update_count"] == 0


async def test_a_webhook_gets_an_update_until_2xx_and_a_chat_in_order(
    server: BotApiServer, bot: BareBot
) -> None:
    came: list[str] = []
    statuses = iter([500, 404])

    def answer(update: dict[str, Any]) -> int:
        came.append(update["message"]["text"])
        return next(statuses, 200) if update["message"]["text"] == "一" else 200

    async with hook(answer) as (url, _):
        await bot("setWebhook", url=url)
        user = server.user()
        await user.write("一")
        await user.write("二")
        await server.all_confirmed()
        assert came == ["一", "一", "一", "二"]
        assert "404" in (await bot("getWebhookInfo"))["result"]["last_error_message"]


async def test_one_chat_does_not_wait_for_another_at_a_webhook(server: BotApiServer, bot: BareBot) -> None:
    stuck = server.user()

    def answer(update: dict[str, Any]) -> int:
        return 500 if update["message"]["chat"]["id"] == stuck.id else 200

    async with hook(answer) as (url, _):
        await bot("setWebhook", url=url)
        left = await stuck.write("卡住")
        await server.user().write("不受影响")
        await server.wait_for(lambda: server.unconfirmed == [left])


async def test_a_bad_secret_is_refused(bot: BareBot) -> None:
    assert (await bot.refused("setWebhook", url="http://127.0.0.1:9/", secret_token="a b"))[0] == 400
