"""The Telegram channel: starts and stops the taking of updates, and sends."""

import asyncio

from aiohttp import web
from telegram.error import InvalidToken, TelegramError

from bot.channels.base import Limits, Outgoing, ReadFile, Receive
from bot.channels.telegram.api import DEFAULT_BASE, make_api
from bot.channels.telegram.files import Pause
from bot.channels.telegram.inbound import CHANNEL
from bot.channels.telegram.intake import Intake, OnGone, OnMoved
from bot.channels.telegram.outbound import Sender
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.webhook import Webhook, WebhookIntake
from storage.errors import ConfigError


class TelegramChannel:
    """Telegram, by polling or, where `webhook` is given, by updates brought to our web server.

    `api_base` is the Bot API server (scheme and host). `on_moved(old, new)` hears of a group that became a
    supergroup, possibly twice; `on_gone(chat)` of a person who blocked the bot or a group that put it out.
    Both are awaited before the update is confirmed. `poll_timeout` in seconds; `pause` sleeps.
    """

    name = CHANNEL
    pulled = False
    limits = Limits(per_second=30, per_chat_second=1, per_group_minute=20)

    def __init__(
        self,
        token: str,
        *,
        read_file: ReadFile,
        api_base: str = DEFAULT_BASE,
        webhook: Webhook | None = None,
        on_moved: OnMoved | None = None,
        on_gone: OnGone | None = None,
        poll_timeout: int = 30,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._api = make_api(token, api_base)
        self._webhook = WebhookIntake(self._api, webhook, pause=pause) if webhook else None
        self._sender = Sender(
            self._api, read_file, pause=pause, part_interval=1 / self.limits.per_chat_second
        )
        self._on_moved = on_moved
        self._on_gone = on_gone
        self._poll_timeout = poll_timeout
        self._pause = pause
        self._stop = asyncio.Event()
        self._intake: Intake | None = None
        self._running: asyncio.Task[None] | None = None

    def webhook_routes(self) -> list[web.RouteDef]:
        """The routes for the web application; none when polling."""
        return self._webhook.routes() if self._webhook else []

    async def check(self) -> str:
        """The bot's user name. Raises ConfigError when the token is refused or the server out of reach."""
        await self._api.connect()
        try:
            return (await self._api.get_me()).username or ""
        except InvalidToken:
            raise ConfigError("TELEGRAM_BOT_TOKEN is refused by the Telegram server") from None
        except TelegramError:
            raise ConfigError("the Telegram server is out of reach: see TELEGRAM_API_BASE") from None

    async def start(self, receive: Receive) -> None:
        """Begins in the background: a Telegram out of reach holds up nothing else."""
        await self._api.connect()
        self._stop.clear()
        self._intake = Intake(
            self._api, receive, on_moved=self._on_moved, on_gone=self._on_gone, pause=self._pause
        )
        if self._webhook:
            work = self._webhook.run(self._intake, self._stop)
        else:
            polling = Polling(self._api, self._intake, timeout=self._poll_timeout, pause=self._pause)
            work = polling.run(self._stop)
        self._running = asyncio.create_task(work, name="telegram")

    async def stop(self) -> None:
        """Lets go of a waiting long poll at once, finishes what is in hand, and hangs up."""
        self._stop.set()
        if self._running:
            await asyncio.gather(self._running, return_exceptions=True)
        if self._webhook:
            await self._webhook.stop()
        if self._intake:
            await self._intake.settle()
        await self._api.hang_up()

    async def send(self, outgoing: Outgoing) -> str | None:
        """As the contract says; a reply with several files or a long text takes several calls."""
        return await self._sender.send(outgoing)
