"""Waiting that ends when the channel stops, and longer each time something fails."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.errors import seconds_of
from bot.channels.telegram.files import Pause

log = logging.getLogger("lianxin.telegram")

T = TypeVar("T")


class Stopped(Exception):
    """The channel was told to stop while waiting."""


async def until_stopped(work: Coroutine[Any, Any, T], stop: asyncio.Event) -> T:
    """The result of `work`, or Stopped at once when `stop` is set first; `work` is then cancelled."""
    task = asyncio.ensure_future(work)
    bell = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, bell}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Stopped
        return task.result()
    finally:
        task.cancel()
        bell.cancel()
        await asyncio.gather(task, bell, return_exceptions=True)


class Backoff:
    """Waits 1, 2, 4 … seconds, at most `longest`, until `reset`."""

    def __init__(self, stop: asyncio.Event, pause: Pause, longest: float) -> None:
        self._stop = stop
        self._pause = pause
        self._longest = longest
        self._failures = 0

    def reset(self) -> None:
        """What was tried went well: the next wait is the shortest again."""
        self._failures = 0

    async def wait(self, at_least: float = 0) -> None:
        """Raises Stopped."""
        delay = max(min(self._longest, 2.0**self._failures), at_least)
        self._failures = min(self._failures + 1, 10)
        await until_stopped(self._sleep(delay), self._stop)

    async def wait_after(self, error: TelegramError) -> None:
        """Logs the kind of error and waits as long as it deserves. Raises Stopped."""
        if isinstance(error, InvalidToken):
            log.error("telegram refuses the token: see TELEGRAM_BOT_TOKEN")
        elif isinstance(error, Conflict):
            log.error("another program takes this bot's telegram updates: only one may")
        else:
            log.warning("telegram out of reach: %s", type(error).__name__)
        await self.wait(seconds_of(error) if isinstance(error, RetryAfter) else 0)

    async def _sleep(self, delay: float) -> None:
        await self._pause(delay)
