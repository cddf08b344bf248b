"""Takes updates that Telegram brings, and says 200 only after they were committed."""

import asyncio
import hmac
import json
import logging
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from telegram.error import TelegramError

from bot.channels.telegram.api import Api, Raw, is_update
from bot.channels.telegram.files import Pause
from bot.channels.telegram.inbound import ALLOWED_UPDATES
from bot.channels.telegram.intake import BringAgain, Intake
from bot.channels.telegram.patience import Backoff, Stopped, until_stopped
from storage.errors import ConfigError

log = logging.getLogger("lianxin.telegram")

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
_LONGEST_OUTAGE = 30
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """The public address Telegram is told, and the secret it shows with each update.

    Raises ConfigError where the address has no path of its own or the secret is not 16 to 256 letters,
    digits, `_` or `-`.
    """

    url: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("https", "http") or len(self.path) < 2:
            raise ConfigError(
                "the telegram webhook needs a whole address, such as https://bot.example/telegram"
            )
        if not _SECRET.fullmatch(self.secret):
            raise ConfigError("the telegram webhook secret needs 16 to 256 of A-Z a-z 0-9 _ -")

    @property
    def path(self) -> str:
        """Where our web server takes the updates."""
        return urlsplit(self.url).path


class WebhookIntake:
    """The handler behind the address, open between `run` and `stop`."""

    def __init__(self, api: Api, webhook: Webhook, *, pause: Pause) -> None:
        self._api = api
        self._webhook = webhook
        self._pause = pause
        self._intake: Intake | None = None
        self._in_hand: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """To be added to the web application before it starts."""
        return [web.post(self._webhook.path, self.handle)]

    async def run(self, intake: Intake, stop: asyncio.Event) -> None:
        """Tells Telegram the address, however often it takes."""
        backoff = Backoff(stop, self._pause, _LONGEST_OUTAGE)
        while True:
            try:
                await until_stopped(self._register(intake), stop)
            except Stopped:
                return
            except TelegramError as error:
                try:
                    await backoff.wait_after(error)
                except Stopped:
                    return
            else:
                return

    async def stop(self) -> None:
        """Turns away what comes from now on, and waits for what is in hand."""
        self._intake = None
        while self._in_hand:
            await asyncio.wait(self._in_hand)

    async def handle(self, request: web.Request) -> web.Response:
        """200 after commit; 403 without the secret, 415 or 400 for no update, 503 to bring it again."""
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(shown, self._webhook.secret.encode()):
            log.warning("telegram webhook called without the secret")
            return web.Response(status=403)
        if request.content_type != "application/json" or hdrs.CONTENT_ENCODING in request.headers:
            return web.Response(status=415)
        raw = _read_update(await request.read())
        if raw is None:
            return web.Response(status=400)
        try:
            await self._take(raw)
        except BringAgain:
            return web.Response(status=503, headers={"Retry-After": "1"})
        return web.Response()

    async def _register(self, intake: Intake) -> None:
        await self._api.get_me()
        # Open before Telegram knows: the first update may come before its answer does.
        self._intake = intake
        await self._api.set_webhook(
            self._webhook.url, secret_token=self._webhook.secret, allowed_updates=ALLOWED_UPDATES
        )

    async def _take(self, raw: Raw) -> None:
        if self._intake is None:
            raise BringAgain
        # A task of its own: when Telegram hangs up, what is in hand still ends in a commit or not at all.
        task = asyncio.create_task(self._intake.take(raw))
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        await asyncio.shield(task)


def _read_update(body: bytes) -> Raw | None:
    try:
        raw: Raw = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return raw if is_update(raw) else None
