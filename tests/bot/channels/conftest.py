"""A served web channel with a fake desk behind it, and a client that speaks to it over a socket."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, FormData, web

from bot.channels.web import WebChannel
from bot.web.app import make_runner
from tests.bot.web.fake import FakeDesk, fake_app, fake_channel

SMALL_UPLOAD = 2_000_000


@dataclass
class Served:
    """The desk, the channel before it, and calls of the contract."""

    desk: FakeDesk
    channel: WebChannel
    client: ClientSession
    url: str

    async def session(self) -> str:
        async with self.client.post(f"{self.url}/api/chat/sessions") as response:
            assert response.status == 201
            return str((await response.json())["session"])

    async def post(self, session: str, **options: Any) -> tuple[int, dict[str, Any]]:
        """Posts to messages; `json` or `data` as aiohttp takes them. Returns status and JSON."""
        headers = {"Authorization": f"Bearer {session}"} | options.pop("headers", {})
        url = f"{self.url}/api/chat/messages"
        async with self.client.post(url, headers=headers, **options) as response:
            return response.status, await response.json()

    async def get(self, path: str, session: str, **headers: str) -> ClientResponse:
        return await self.client.get(
            f"{self.url}{path}", headers={"Authorization": f"Bearer {session}"} | headers
        )


def form(message_id: str, *files: tuple[str, bytes], text: str | None = None) -> FormData:
    """A multipart form as the page sends it."""
    data = FormData(quote_fields=False, default_to_multipart=True)
    data.add_field("id", message_id)
    if text is not None:
        data.add_field("text", text)
    for name, content in files:
        data.add_field("file", BytesIO(content), filename=name, content_type="application/octet-stream")
    return data


async def serve(desk: FakeDesk, channel: WebChannel) -> AsyncIterator[Served]:
    await channel.start(desk.receive)
    runner = make_runner(fake_app(channel))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with ClientSession() as client:
        yield Served(desk, channel, client, f"http://127.0.0.1:{runner.addresses[0][1]}")
    await channel.stop()
    await runner.cleanup()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """A channel that takes 2 MB at once, without rate budgets, with a quick heartbeat."""
    desk = FakeDesk()
    async for running in serve(desk, fake_channel(desk, max_upload_bytes=SMALL_UPLOAD, heartbeat=0.05)):
        yield running
