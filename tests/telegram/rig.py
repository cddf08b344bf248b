"""The Telegram channel on our own Bot API server, with an application that only takes notes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

from aiohttp import web

from bot.channels.base import Answer, Sent
from bot.channels.telegram import TelegramChannel, Webhook
from storage.errors import LianxinError
from storage.messages import Inbound, Reply, Upload
from tests.telegram.server import BotApiServer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SECRET = "a-secret-of-the-webhook_0123456789"


class Application:
    """Stands in for the dispatcher: keeps what came, answers as told, fails and waits as told.

    `before` is called with each message before it counts as committed; what it raises, fails the commit.
    """

    def __init__(self, server: BotApiServer) -> None:
        self.inbounds: list[Inbound] = []
        self.uploads: list[Sequence[Upload]] = []
        self.asked: list[Inbound] = []
        self.moves: list[tuple[str, str]] = []
        self.gone: list[str] = []
        self.toast: str | None = None
        self.before: Callable[[Inbound], None] = lambda inbound: None
        self.open = asyncio.Event()
        self.open.set()
        self.files: dict[str, bytes] = {}
        self._ring = server.world.bell.ring

    async def receive(self, inbound: Inbound, uploads: Sequence[Upload]) -> Answer:
        """The Receive of the channel."""
        self.asked.append(inbound)
        self._ring()
        await self.open.wait()
        self.before(inbound)
        self.inbounds.append(inbound)
        self.uploads.append(uploads)
        self._ring()
        reply = Reply("收到", toast=self.toast)
        return Answer((Sent(len(self.inbounds), reply),))

    async def read_file(self, uid: str) -> bytes:
        """The ReadFile of the channel."""
        try:
            return self.files[uid]
        except KeyError:
            raise LianxinError("no such file") from None

    async def on_moved(self, old: str, new: str) -> None:
        """Notes a group that moved."""
        self.moves.append((old, new))
        self._ring()

    async def on_gone(self, chat: str) -> None:
        """Notes a chat that is closed to the bot."""
        self.gone.append(chat)
        self._ring()

    @property
    def texts(self) -> list[str]:
        """The texts in the order of their commits."""
        return [inbound.text for inbound in self.inbounds]


class Pauses:
    """Takes the place of sleeping: notes how long, and is over at once."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


def make_channel(server: BotApiServer, application: Application, **options: Any) -> TelegramChannel:
    """A channel for the server's bot; it does not sleep unless `pause` says otherwise."""
    settings: dict[str, Any] = {
        "api_base": server.base,
        "read_file": application.read_file,
        "on_moved": application.on_moved,
        "on_gone": application.on_gone,
        "pause": Pauses(),
    }
    return TelegramChannel(server.token, **(settings | options))


@asynccontextmanager
async def polling(
    server: BotApiServer, application: Application, **options: Any
) -> AsyncIterator[TelegramChannel]:
    """The channel, polling."""
    channel = make_channel(server, application, **options)
    await channel.start(application.receive)
    try:
        yield channel
    finally:
        application.open.set()
        await channel.stop()


@asynccontextmanager
async def bringing(
    server: BotApiServer, application: Application, **options: Any
) -> AsyncIterator[TelegramChannel]:
    """The channel behind a webhook, on a web server of its own."""
    routes: list[web.RouteDef] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        return await cast("Handler", routes[0].handler)(request)

    app = web.Application()
    app.router.add_post("/telegram", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    # Only now is the port known, and with it the address that the channel is made with.
    webhook = Webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/telegram", SECRET)
    channel = make_channel(server, application, webhook=webhook, **options)
    routes.extend(channel.webhook_routes())
    assert [route.path for route in routes] == ["/telegram"]
    await channel.start(application.receive)
    try:
        yield channel
    finally:
        application.open.set()
        await channel.stop()
        await runner.cleanup()


MODES = {"polling": polling, "webhook": bringing}
