"""A running site in front of the fake desk, for tests that speak HTTP; and raw bytes over a socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, web

from bot.channels.web import Rates, WebChannel
from bot.web.app import make_app, make_runner
from bot.web.door import Door
from tests.bot.web.fake import FakeDesk, all_well, fake_channel


@dataclass
class Site:
    """The desk and the channel behind an address; `client` keeps no cookies of its own."""

    desk: FakeDesk
    channel: WebChannel
    app: web.Application
    client: ClientSession
    port: int

    async def raw(self, data: bytes) -> bytes:
        """What comes back for these bytes, until the server closes or has said nothing for a moment."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        said = b""
        try:
            writer.write(data)
            while True:
                async with asyncio.timeout(0.25 if said else 5):
                    more = await reader.read(65536)
                if not more:
                    return said
                said += more
        except (TimeoutError, ConnectionError):
            return said
        finally:
            writer.close()


@asynccontextmanager
async def site(
    *, rates: Rates | None = None, door: Door | None = None, channel: Any = None, **options: Any
) -> AsyncIterator[Site]:
    """The site, for as long as the context lasts; `options` go to make_app."""
    desk = FakeDesk()
    served = fake_channel(desk, rates=rates, **(channel or {}))
    await served.start(desk.receive)
    app = make_app(served, hospital_name="市人民医院", health=all_well, metrics=lambda: b"up 1\n", **options)
    runner = make_runner(app, door)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with ClientSession(f"http://127.0.0.1:{port}", cookie_jar=DummyCookieJar()) as client:
        yield Site(desk, served, app, client, port)
    await served.stop()
    await runner.cleanup()
