"""The webhook: who may call it, and what its answers say."""

import asyncio

import aiohttp
import pytest

from bot.channels.telegram import TelegramChannel, Webhook
from bot.channels.telegram.webhook import SECRET_HEADER
from storage.errors import ConfigError
from tests.telegram import fixtures
from tests.telegram.rig import SECRET, Application, bringing, make_channel
from tests.telegram.server import BotApiServer

server = fixtures.server
application = fixtures.application


async def call(
    channel: TelegramChannel,
    body: bytes,
    *,
    secret: str | None = SECRET,
    kind: str = "application/json",
) -> aiohttp.ClientResponse:
    assert channel._webhook is not None
    headers = {"Content-Type": kind} | ({} if secret is None else {SECRET_HEADER: secret})
    async with (
        aiohttp.ClientSession() as session,
        session.post(channel._webhook._webhook.url, data=body, headers=headers) as answer,
    ):
        await answer.read()
        return answer


async def test_telegram_is_told_the_address_the_secret_and_the_kinds(
    server: BotApiServer, application: Application
) -> None:
    async with bringing(server, application):
        await server.wait_for(lambda: server.called("setWebhook"))
        told = server.called("setWebhook")[0]
    assert told["url"].endswith("/telegram")
    assert told["secret_token"] == SECRET
    assert told["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_a_telegram_out_of_reach_is_told_later(server: BotApiServer, application: Application) -> None:
    server.fail("getMe", 502, times=2)
    server.drop("setWebhook")
    async with bringing(server, application):
        await server.user().write("晚一点")
        await server.all_confirmed()
    assert application.texts == ["晚一点"]


@pytest.mark.parametrize("secret", [None, "", "wrong-secret-of-the-webhook", SECRET[:-1], "密"])
async def test_without_the_secret_nothing_is_taken(
    server: BotApiServer, application: Application, secret: str | None
) -> None:
    async with bringing(server, application) as channel:
        await server.wait_for(lambda: server.called("setWebhook"))
        answer = await call(channel, b'{"update_id": 1}', secret=secret)
    assert answer.status == 403
    assert application.asked == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"5", b'{"update_id": "x"}', b'{"update_id": true}', b"\xff", b"[" * 100_000]
)
async def test_what_is_no_update_is_refused(
    server: BotApiServer, application: Application, body: bytes
) -> None:
    async with bringing(server, application) as channel:
        await server.wait_for(lambda: server.called("setWebhook"))
        assert (await call(channel, body)).status == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_what_a_page_could_send_is_no_update(
    server: BotApiServer, application: Application, kind: str
) -> None:
    async with bringing(server, application) as channel:
        await server.wait_for(lambda: server.called("setWebhook"))
        assert (await call(channel, b'{"update_id": 1}', kind=kind)).status == 415
    assert application.asked == []


async def test_200_comes_only_after_the_commit(server: BotApiServer, application: Application) -> None:
    application.open.clear()
    async with bringing(server, application) as channel:
        await server.wait_for(lambda: server.called("setWebhook"))
        body = (
            b'{"update_id": 9, "message": {"message_id": 1, "date": 1, "text": "x",'
            b'"from": {"id": 5, "is_bot": false, "first_name": "x"}, "chat": {"id": 5, "type": "private"}}}'
        )
        calling = asyncio.create_task(call(channel, body))
        await server.wait_for(lambda: application.asked)
        assert not calling.done()
        application.open.set()
        assert (await calling).status == 200
    assert application.texts == ["x"]


async def test_a_failed_commit_asks_to_be_brought_again(
    server: BotApiServer, application: Application
) -> None:
    def fail(inbound: object) -> None:
        raise OSError

    application.before = fail
    async with bringing(server, application):
        await server.user().write("没收成")
        await server.wait_for(lambda: server.webhook_info.get("last_error_message"))
        assert "503" in server.webhook_info["last_error_message"]
        assert len(server.unconfirmed) == 1


async def test_after_stopping_updates_stay_with_telegram(
    server: BotApiServer, application: Application
) -> None:
    async with bringing(server, application) as channel:
        await server.wait_for(lambda: server.called("setWebhook"))
        await channel.stop()
        assert (await call(channel, b'{"update_id": 1}')).status == 503
        await channel.start(application.receive)
        await server.user().write("又来了")
        await server.all_confirmed()


async def test_a_polling_channel_has_no_route(server: BotApiServer, application: Application) -> None:
    assert make_channel(server, application).webhook_routes() == []


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("bot.example/telegram", SECRET),
        ("https://bot.example", SECRET),
        ("https://bot.example/", SECRET),
        ("https://bot.example/telegram", "short"),
        ("https://bot.example/telegram", "spaces are not allowed"),
    ],
)
def test_a_useless_webhook_is_named_at_once(url: str, secret: str) -> None:
    with pytest.raises(ConfigError):
        Webhook(url, secret)


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(Webhook("https://bot.example/telegram", SECRET))
