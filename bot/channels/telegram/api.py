"""The client of the Bot API: python-telegram-bot's, made quiet and pointed at the configured server."""

import logging
import os
from typing import Any

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from storage.errors import ConfigError

# The library is moving its seconds to timedelta and warns at each RetryAfter until told which to use.
os.environ.setdefault("PTB_TIMEDELTA", "1")

DEFAULT_BASE = "https://api.telegram.org"
DOWNLOAD_BYTES = 20 * 1024 * 1024
UPLOAD_BYTES = 50 * 1000 * 1000
"""What the Bot API hands out to a bot, and takes from one."""

Raw = dict[str, Any]


class Api(Bot):
    """The Bot with updates as they came, so that one that cannot be read does not hold up the others."""

    async def raw_updates(self, *, offset: int | None, wait: int, allowed: list[str]) -> list[Raw]:
        """Waits up to `wait` seconds; an `offset` confirms every update before it. Raises TelegramError.

        What has no number can be neither taken nor confirmed: it is left out, so that it holds up nothing.
        """
        data: Raw = {"offset": offset, "timeout": wait, "allowed_updates": allowed}
        updates = await self._post("getUpdates", data, read_timeout=wait + 10)
        if not isinstance(updates, list):
            raise TelegramError("no list of updates")
        found = [one for one in updates if is_update(one)]
        if updates and not found:
            raise TelegramError("nothing that can be confirmed")
        return found

    async def connect(self) -> None:
        """Makes the connections usable, also after `hang_up`; asks the server nothing."""
        for request in self._request:
            await request.initialize()

    async def hang_up(self) -> None:
        """Closes all connections."""
        for request in self._request:
            await request.shutdown()


def is_update(raw: object) -> bool:
    """Whether this has the number that an update is confirmed by."""
    return isinstance(raw, dict) and type(raw.get("update_id")) is int


def make_api(token: str, base: str = DEFAULT_BASE) -> Api:
    """The client for `token` at the server `base`, scheme and host. Raises ConfigError for no token."""
    _quieten()
    if not token.strip():
        raise ConfigError("TELEGRAM_BOT_TOKEN is empty; it looks like 123456789:AAE-letters-from-BotFather")
    base = base.rstrip("/")
    return Api(
        token.strip(),
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=_request(connections=32),
        get_updates_request=_request(connections=2),
    )


def _request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=10,
        read_timeout=30,
        write_timeout=30,
        media_write_timeout=120,
        pool_timeout=30,
    )


def _quieten() -> None:
    # httpx writes each address, and with it the token, at INFO; the library writes whole messages when one
    # cannot be read. Everything worth knowing reaches us as an exception.
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
