"""An SMS gateway as tests hold it: keeps what it is sent, answers as told, brings what people write."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

TOKEN = "a-token-of-the-gateway"


class Gateway:
    """`taken` holds the bodies of what was sent, `headers` what came with each."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Callable[[web.Request], Awaitable[web.StreamResponse]] = self.ok
        self.url = ""
        self._news = asyncio.Condition()

    async def ok(self, request: web.Request) -> web.StreamResponse:
        """The usual answer."""
        return web.json_response({"reference": "ref-1"}, status=202)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Takes one text."""
        self.taken.append(await request.json())
        self.headers.append(dict(request.headers))
        async with self._news:
            self._news.notify_all()
        return await self.answer(request)

    def says(self, status: int, body: str = "", **headers: str) -> None:
        """The next answers have this status."""

        async def answer(request: web.Request) -> web.StreamResponse:
            return web.Response(status=status, text=body, headers=headers)

        self.answer = answer

    async def texts(self, count: int, seconds: float = 5) -> list[str]:
        """The texts, once so many have come."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: len(self.taken) >= count)
        return [one["text"] for one in self.taken]


@asynccontextmanager
async def gateway_running() -> AsyncIterator[Gateway]:
    """A gateway on a free port of the loopback."""
    gateway, app = Gateway(), web.Application()
    app.router.add_post("/{path:.*}", gateway.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    gateway.url = f"http://127.0.0.1:{runner.addresses[0][1]}/send"
    try:
        yield gateway
    finally:
        await runner.cleanup()
