"""What stands around the routes: headers, status, short errors, silence in the logs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence

import pytest
from aiohttp import ClientSession, web

from bot.web.app import make_app, make_runner
from bot.web.headers import HEADERS
from tests.bot.web.fake import FakeDesk, fake_channel

problems: list[str] = []


async def health() -> Sequence[str]:
    return problems


async def hook(request: web.Request) -> web.Response:
    if request.query:
        raise RuntimeError("secret")
    return web.Response(text="hooked")


async def _site(*, metrics_public: bool = False) -> AsyncIterator[tuple[ClientSession, int]]:
    desk = FakeDesk()
    channel = fake_channel(desk)
    await channel.start(desk.receive)
    app = make_app(
        channel,
        hospital_name="<仁爱>&医院",
        health=health,
        metrics=lambda: b"cases 1\n",
        metrics_public=metrics_public,
        extra_routes=[web.post("/hook", hook)],
    )
    runner = make_runner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with ClientSession(f"http://127.0.0.1:{port}") as client:
        yield client, port
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    problems.clear()
    async for session, _ in _site():
        yield session


@pytest.mark.parametrize(
    "path", ["/", "/static/chat.js", "/healthz", "/metrics", "/nothing", "/api/chat/messages", "/favicon.ico"]
)
async def test_every_answer_carries_the_closing_headers(client: ClientSession, path: str) -> None:
    async with client.get(path) as response:
        for name, value in HEADERS.items():
            if not (name == "Cache-Control" and path.startswith("/static/")):
                assert response.headers[name] == value
        assert response.headers["Server"] == "lianxin"


async def test_the_policy_allows_no_inline_code(client: ClientSession) -> None:
    async with client.get("/") as response:
        policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'")


async def test_health_says_what_is_wrong(client: ClientSession) -> None:
    async with client.get("/healthz") as response:
        assert (response.status, await response.json()) == (200, {"status": "ok"})
    problems.append("database: not answering")
    async with client.get("/healthz") as response:
        assert response.status == 503
        assert (await response.json())["problems"] == ["database: not answering"]


async def test_figures_are_for_this_machine(client: ClientSession) -> None:
    async with client.get("/metrics") as response:
        assert (response.status, await response.text()) == (200, "cases 1\n")
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")


async def test_figures_are_not_for_what_a_proxy_forwards(client: ClientSession) -> None:
    async with client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}) as response:
        assert response.status == 404


async def test_figures_can_be_made_public() -> None:
    async for client, _ in _site(metrics_public=True):
        async with client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}) as response:
            assert response.status == 200


async def test_other_routes_can_be_added(client: ClientSession) -> None:
    async with client.post("/hook") as response:
        assert await response.text() == "hooked"
    async with client.post("/hook?x=1") as response:
        assert response.status == 500
        assert "secret" not in await response.text()


async def test_a_wrong_method_or_path_is_a_short_answer(client: ClientSession) -> None:
    async with client.delete("/api/chat/messages") as response:
        assert response.status == 405
        assert set(response.headers["Allow"].split(",")) == {"GET", "POST"}
    async with client.get("/static/../app.py") as response:
        assert response.status == 404
    async with client.get("/static/%2e%2e/app.py") as response:
        assert response.status == 404


async def test_nothing_of_a_request_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async for client, port in _site():
        async with client.get("/?geheim=1", headers={"User-Agent": "Spion/1"}) as response:
            assert response.status == 200
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nBad Header geheim\r\n\r\n")
        assert b" 400 " in await reader.readline()
        writer.close()
    for secret in ("geheim", "Spion", "127.0.0.1", "Traceback"):
        assert secret not in caplog.text
