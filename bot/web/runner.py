"""Runs the application behind a door that looks after its connections."""

import asyncio
import logging
from typing import Any, cast

from aiohttp import web

from bot.web.connections import Connection
from bot.web.door import Door

SWEEP_SECONDS = 2.0


class GuardedRunner(web.AppRunner):
    """An AppRunner whose connections come through a door."""

    __slots__ = ("_options", "_sweeping", "door")

    def __init__(self, app: web.Application, door: Door, *, shutdown_timeout: float, **options: Any) -> None:
        super().__init__(app, shutdown_timeout=shutdown_timeout, handler_cancellation=False, **options)
        self.door, self._options = door, options
        self._sweeping: asyncio.TimerHandle | None = None

    @property
    def server(self) -> web.Server | None:
        """What makes the handler of each connection; aiohttp asks no more of it here than to be called."""
        manager = super().server
        if manager is None:
            return None
        loop = asyncio.get_running_loop()
        return cast(web.Server, lambda: Connection(manager, self.door, loop=loop, **self._options))

    async def setup(self) -> None:
        """Makes ready, and begins to look after slow connections."""
        await super().setup()
        self._sweep()

    async def cleanup(self) -> None:
        """Ends everything."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        await super().cleanup()
        self.door.mishaps.tell_rest()

    def _sweep(self) -> None:
        try:
            self.door.sweep(self.door.timer())
        except Exception as error:
            logging.getLogger("lianxin.web").error("sweep of connections failed: %s", type(error).__name__)
        self._sweeping = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep)
