"""Every route by every method, and every kind of error: the headers that keep a page closed are there."""

from collections.abc import AsyncIterator, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web

from bot.channels.web import Rates
from bot.followup.endpoint import DischargeEndpoint
from storage.messages import Reply
from tests.bot.web.site import Site, site
from tests.factories import MONDAY, make_database, make_house

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SAME = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Server": "lianxin",
}


async def hook(request: web.Request) -> web.Response:
    if request.query:
        raise RuntimeError("secret")
    return web.Response(text=str(len(await request.read())))


async def at_once(_seconds: float) -> None:
    """Nobody is guessing here."""


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Site]:
    database = make_database(tmp_path / "lianxin.db")
    discharges = DischargeEndpoint(
        "t" * 32, database=database, house=make_house(), clock=lambda: MONDAY, pause=at_once
    )
    async with site(extra_routes=[web.post("/hook", hook), *discharges.routes()]) as running:
        yield running
    database.stop()


def wrong_headers(headers: Mapping[str, str], path: str) -> list[str]:
    """What is missing or too open in the headers of an answer."""
    policy = headers.get("Content-Security-Policy", "")
    wrong = [name for name, value in SAME.items() if headers.get(name) != value]
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy:
        wrong.append("open policy")
    if "unsafe" in policy or "*" in policy or "data:" in policy:
        wrong.append("loose policy")
    if headers.get("Referrer-Policy") not in ("no-referrer", "same-origin"):
        wrong.append("referrer")
    features = ("camera=()", "geolocation=()", "display-capture=()", "usb=()")
    wrong += [feature for feature in features if feature not in headers.get("Permissions-Policy", "")]
    if headers.get("Cache-Control") != ("no-cache" if path.startswith("/static/") else "no-store"):
        wrong.append("cached")
    wrong += [name for name in headers if name.startswith(("Access-Control-", "X-Powered"))]
    return wrong


def paths(app: web.Application) -> list[str]:
    """One address for every route."""
    found = {resource.canonical.replace("{uid}", "pic1") for resource in app.router.resources()}
    assert {"/", "/f", "/plain", "/plain/say", "/plain/talk", "/plain/leave", "/tips", "/hook"} <= found
    assert {"/healthz", "/metrics", "/api/chat/sessions", "/api/chat/files/pic1", "/api/discharges"} <= found
    return [*sorted(found), "/nothing", "/plain/nothing", "/static/nothing", "/api/"]


async def test_every_answer_of_every_route_is_closed(served: Site) -> None:
    wrong = []
    for path in paths(served.app):
        for method in METHODS:
            async with served.client.request(method, path, allow_redirects=False) as response:
                assert response.status < 500
                closed = "/nothing" if response.status >= 400 else path
                wrong += [
                    (method, path, response.status, what) for what in wrong_headers(response.headers, closed)
                ]
    assert wrong == []


async def test_only_what_is_meant_to_be_answers(served: Site) -> None:
    answered = set()
    for path in paths(served.app):
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
            async with served.client.request(method, path) as response:
                if response.status not in (404, 405):
                    answered.add((method, path, response.status))
    assert answered == set()


async def test_every_kind_of_error_is_closed(served: Site) -> None:
    token = served.channel.sessions.issue(now=served.channel.now())
    mine = {"Authorization": f"Bearer {token}"}
    kinds = [
        (400, "POST", "/api/chat/messages", mine | {"Content-Type": "application/json"}, b"{"),
        (400, "GET", "/", {"Host": "a b"}, None),
        (401, "POST", "/api/chat/messages", {}, b"{}"),
        (403, "POST", "/api/chat/sessions", {"Origin": "https://evil.example"}, None),
        (403, "POST", "/plain/say", {"Sec-Fetch-Site": "cross-site"}, None),
        (404, "GET", "/nothing", {}, None),
        (404, "GET", "/api/chat/files/none", mine, None),
        (405, "DELETE", "/plain", {}, None),
        (
            413,
            "POST",
            "/api/chat/messages",
            mine | {"Content-Type": "application/json"},
            BytesIO(b"x" * 1_000_001),
        ),
        (413, "POST", "/hook", {}, BytesIO(b"x" * 1_100_000)),
        (415, "POST", "/api/chat/messages", mine | {"Content-Encoding": "gzip"}, b"{}"),
        (500, "POST", "/hook?x=1", {}, None),
    ]
    for status, method, path, headers, body in kinds:
        async with served.client.request(method, path, headers=headers, data=body) as response:
            assert (response.status, method, path) == (status, method, path)
            assert wrong_headers(response.headers, "/nothing") == []
            assert "secret" not in await response.text()


async def test_too_many_and_too_late_are_closed_too() -> None:
    async with site(rates=Rates(messages=0, reads=0)) as served:
        token = served.channel.sessions.issue(now=served.channel.now())
        mine = {"Authorization": f"Bearer {token}"}
        async with served.client.get("/api/chat/messages", headers=mine) as response:
            assert response.status == 429
            assert wrong_headers(response.headers, "/api/") == []
        await served.channel.stop()
        async with served.client.post("/api/chat/sessions") as response:
            assert response.status == 503
            assert wrong_headers(response.headers, "/api/") == []


async def test_what_is_no_http_is_answered_without_an_echo(served: Site) -> None:
    for request in (
        b"GET /geheim HTTP/1.1\r\nHost: a\r\nBad Header geheim\r\n\r\n",
        b"geheim\r\n\r\n",
        b"\x16\x03\x01",
    ):
        answer = (await served.raw(request + b"\r\n\r\n")).decode()
        head, _, body = answer.partition("\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
        assert "400" in head.split("\r\n")[0]
        assert wrong_headers(headers, "/nothing") == []
        assert "geheim" not in body
        assert "aiohttp" not in answer


async def test_a_file_is_a_download_in_a_sandbox(served: Site) -> None:
    sessions = served.channel.sessions
    token = sessions.issue(now=served.channel.now())
    served.desk.keep(str(sessions.sender(token, now=served.channel.now())), Reply("x"))
    headers = {"Authorization": f"Bearer {token}"}
    async with served.client.get("/api/chat/files/pic1", headers=headers) as response:
        assert response.status == 200
        assert wrong_headers(response.headers, "/api/") == []
        assert response.headers["Content-Security-Policy"].startswith("sandbox;")
        assert response.headers["Content-Disposition"].startswith("attachment;")


async def test_pages_without_scripts_allow_none(served: Site) -> None:
    for path in ("/plain", "/tips"):
        async with served.client.get(path) as response:
            policy = response.headers["Content-Security-Policy"]
            assert "script-src" not in policy
            assert "connect-src" not in policy
            assert "microphone=()" in response.headers["Permissions-Policy"]
            assert "<script" not in await response.text()
