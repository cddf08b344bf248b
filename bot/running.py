"""Runs the application until it is told to stop."""

import asyncio
import signal
from collections.abc import Callable

from bot.app import App
from bot.channels.web.limits import Rates
from bot.collector import settle_memory
from bot.data_folder import DataFolder
from bot.settings import Settings


async def serve(settings: Settings, folder: DataFolder, *, ready: Callable[[App], None]) -> None:
    """Runs until SIGINT or SIGTERM; `ready` is called once everything listens."""
    allowed = folder.house.hospital.limits
    app = App(settings, folder, rates=Rates(sessions=allowed.visitors_per_minute))
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    await app.start()
    settle_memory()
    try:
        ready(app)
        await stopping.wait()
    finally:
        await app.stop()


def run(settings: Settings, folder: DataFolder, *, ready: Callable[[App], None]) -> None:
    """`serve` on the fastest event loop there is."""
    try:
        import uvloop
    except ImportError:  # not built for every platform
        asyncio.run(serve(settings, folder, ready=ready))
    else:
        uvloop.run(serve(settings, folder, ready=ready))
