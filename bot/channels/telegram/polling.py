"""Asks Telegram for updates and confirms them only after they were committed."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence

from telegram.error import TelegramError

from bot.channels.telegram.api import Api, Raw
from bot.channels.telegram.files import Pause
from bot.channels.telegram.inbound import ALLOWED_UPDATES
from bot.channels.telegram.intake import BringAgain, Intake, sender_of
from bot.channels.telegram.patience import Backoff, Stopped, until_stopped

log = logging.getLogger("lianxin.telegram")

_LONGEST_OUTAGE = 30
_LONGEST_FAILURE = 5


class Polling:
    """The loop over getUpdates.

    The offset never passes an update that was not committed. One that failed comes again with what is
    newer; the newer ones that were committed meanwhile are remembered and not taken twice.
    """

    def __init__(self, api: Api, intake: Intake, *, timeout: int, pause: Pause) -> None:
        self._api = api
        self._intake = intake
        self._timeout = timeout
        self._pause = pause
        self._offset: int | None = None
        self._done: set[int] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; a batch in hand is finished first."""
        outage = Backoff(stop, self._pause, _LONGEST_OUTAGE)
        failure = Backoff(stop, self._pause, _LONGEST_FAILURE)
        try:
            while True:
                try:
                    await self._prepare(stop)
                    await self._poll(stop, outage, failure)
                except TelegramError as error:
                    await outage.wait_after(error)
                except Stopped:
                    raise
                except Exception as error:
                    # An answer of no known shape: whatever it was, the loop must not end with it.
                    log.error("telegram polling failed: %s", type(error).__name__)
                    await outage.wait()
        except Stopped:
            return

    async def _prepare(self, stop: asyncio.Event) -> None:
        await until_stopped(self._api.get_me(), stop)
        # Anew after each error: a webhook set meanwhile answers every getUpdates with a conflict.
        await until_stopped(self._api.delete_webhook(), stop)

    async def _poll(self, stop: asyncio.Event, outage: Backoff, failure: Backoff) -> None:
        while True:
            ask = self._api.raw_updates(offset=self._offset, wait=self._timeout, allowed=ALLOWED_UPDATES)
            batch = await until_stopped(ask, stop)
            outage.reset()
            if await self._commit(batch):
                failure.reset()
            else:
                await failure.wait()

    async def _commit(self, batch: Sequence[Raw]) -> bool:
        """Takes what is new and moves the offset; says whether all of it was committed."""
        by_sender: dict[object, list[Raw]] = defaultdict(list)
        for raw in batch:
            if raw["update_id"] not in self._done:
                by_sender[sender_of(raw)].append(raw)
        left = await asyncio.gather(*(self._take_in_order(raws) for raws in by_sender.values()))
        self._advance([raw["update_id"] for raw in batch], {one for ids in left for one in ids})
        return not any(left)

    async def _take_in_order(self, raws: Sequence[Raw]) -> list[int]:
        """The ids that were not committed: from the first that failed on, for order's sake."""
        for count, raw in enumerate(raws):
            try:
                await self._intake.take(raw)
            except BringAgain:
                return [later["update_id"] for later in raws[count:]]
        return []

    def _advance(self, ids: Sequence[int], left: set[int]) -> None:
        if not ids:
            return
        self._offset = min(left, default=max(ids) + 1)
        self._done = {one for one in ids if one > self._offset and one not in left}
