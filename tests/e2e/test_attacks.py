"""A table of attacks, tried over HTTP against the real application."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.channels.telegram.webhook import SECRET_HEADER
from bot.web.connections import HEAD_SECONDS
from bot.web.runner import GuardedRunner
from tests.e2e.attack_rows_people import cases, codes, plain, sessions, webhook
from tests.e2e.attack_rows_wire import bodies, framing, methods, paths
from tests.e2e.attack_world import TIP, World, attacked
from tests.e2e.attacks import JSON, Attack, Heard, http, message, send, table
from tests.e2e.visitor import open_page
from tests.telegram.rig import SECRET

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with attacked(tmp_path_factory.mktemp("attacks") / "var") as world:
        yield world


async def _try(world: World, attacks: Iterator[Attack]) -> None:
    before, wrong, seen = await world.cases(), [("attack", "expected", "came")], []
    for attack in attacks:
        heard = await send(world.port, attack.request)
        seen.append(heard)
        if problem := _problem(attack, heard):
            expected = f"{attack.status} {attack.says}"
            wrong.append((attack.name, expected, problem))
    assert len(seen) > 3
    assert len(wrong) == 1, "\n" + table(wrong)
    assert await world.cases() == before


def _problem(attack: Attack, heard: Heard) -> str:
    if heard.status != attack.status:
        return f"{heard.status} {heard.text[:60]}"
    if attack.says not in heard.text:
        return f"silent: {heard.text[:60]}"
    if told := [word for word in (*attack.never, "Traceback", "aiohttp") if word in heard.text]:
        return f"tells {told[0]}"
    if "server: lianxin" not in heard.head or "access-control" in heard.head:
        return "an open head"
    if "set-cookie: x" in heard.head:
        return "a split head"
    if "cache-control: no-store" not in heard.head:
        return "may be kept by a cache"
    return ""


@pytest.mark.parametrize(
    "attacks",
    [sessions, cases, codes, paths, framing, bodies, methods, plain, webhook],
    ids=lambda one: one.__name__,
)
async def test_every_attack_gets_its_answer(
    world: World, attacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await _try(world, attacks(world))
    for secret in (world.code, world.code.replace(" ", ""), TIP, "王主任", world.officer.session, SECRET):
        assert secret not in caplog.text


async def test_an_old_button_does_nothing_twice(world: World) -> None:
    first = await send(world.port, message(world.officer.session, choice=world.accept))
    again = await send(world.port, message(world.officer.session, choice=world.accept))
    assert "已受理" in first.text
    assert "没有重复办理" in again.text


async def test_a_replayed_webhook_is_handled_once(world: World) -> None:
    before = await world.cases()
    user = {"id": 77, "is_bot": False, "first_name": "x"}
    chat = {"id": 77, "type": "private"}
    update = {
        "update_id": 4_000_000,
        "message": {"message_id": 1, "date": 1, "chat": chat, "from": user, "text": TIP},
    }
    request = http(
        "POST", "/telegram/updates", JSON, f"{SECRET_HEADER}: {SECRET}", body=json.dumps(update).encode()
    )
    assert [(await send(world.port, request)).status for _ in range(3)] == [200, 200, 200]
    assert await world.cases() == before + 1


async def test_a_second_request_hidden_in_a_body_is_not_answered(world: World) -> None:
    inner = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    heard = await send(world.port, http("POST", "/api/chat/sessions", JSON, body=inner))
    assert heard.status == 201
    reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
    writer.write(http("POST", "/api/chat/sessions", JSON, "Connection: close", body=inner))
    assert (await reader.read(-1)).count(b"HTTP/1.1 ") == 1
    writer.close()


async def test_slow_lines_are_cut_and_others_served(world: World) -> None:
    lines = [await asyncio.open_connection("127.0.0.1", world.port) for _ in range(30)]
    for _, writer in lines:
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
    assert (await send(world.port, http("GET", "/healthz"))).status == 200
    runner = world.place.app._runner
    assert isinstance(runner, GuardedRunner)
    async with asyncio.timeout(5):
        while sum(one.received > 0 for one in runner.door.inside) < len(lines):  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert runner.door.sweep(runner.door.timer() + HEAD_SECONDS + 1) >= len(lines)
    for reader, writer in lines:
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        writer.close()
    assert (await send(world.port, http("GET", "/healthz"))).status == 200


NASTY = (
    "王主任收回扣<script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
    "<a href=javascript:window.hacked=1>点我</a><style>body{display:none}</style>"
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>{{7*7}}\u202egnp.exe\u2066"
)


async def test_markup_in_texts_runs_on_no_page(world: World, browser: Browser) -> None:
    url = world.place.app.address
    context = await browser.new_context(locale="zh-CN")
    reporter = await open_page(context, url)
    await reporter.says(NASTY)
    code = await reporter.code()
    officer = await open_page(await browser.new_context(locale="zh-CN"), url)
    await officer.says(f"/join {await world.place.invite('纪检办', '<b>甲</b>')}")
    number = re.search(r"编号 (\d{4}-\d{5})", await world.outsider.says(code))
    assert number is not None
    await officer.says(number[1])
    await officer.hears("<script>window.hacked=1</script>")
    await officer.presses("受理")
    await officer.presses("问反映人")
    await officer.says(NASTY)
    await officer.hears("问题已经发出")
    plain = await (await browser.new_context(locale="zh-CN")).new_page()
    await plain.goto(url + "plain")
    await plain.get_by_role("button", name="用查询码看答复").click()
    await plain.get_by_label("想说的话").fill(code)
    await plain.get_by_role("button", name="发送").click()
    await expect(plain.locator("main")).to_contain_text("<script>window.hacked=1</script>")
    await reporter.says(code)
    await reporter.hears("<script>window.hacked=1</script>")
    for page in (reporter.page, officer.page, plain):
        assert await page.evaluate("window.hacked") is None
        assert (
            await page.locator("img[src=x], iframe, main style, a[href^=javascript], main script").count()
            == 0
        )
        told = "".join(await page.locator(".bot, main > .bubble").all_inner_texts())
        assert "{{7*7}}" in told
        assert not set("\u202e\u2066") & set(told)
    assert reporter.errors == officer.errors == []
    for one in (reporter.context, officer.context, plain.context):
        await one.close()


async def test_a_page_of_another_site_reaches_nothing(world: World, browser: Browser) -> None:
    before, url = await world.cases(), world.place.app.address
    context = await browser.new_context()
    page = await context.new_page()
    await page.route(
        "http://evil.test/", lambda route: route.fulfill(content_type="text/html", body="<p>evil")
    )
    await page.goto("http://evil.test/")
    for call in (
        f"fetch('{url}api/chat/sessions', {{method: 'POST'}}).then(r => r.text())",
        f"fetch('{url}api/chat/sessions', {{method: 'POST', mode: 'no-cors'}}).then(r => r.text())",
        f"fetch('{url}healthz').then(r => r.text())",
        f"fetch('{url}metrics', {{mode: 'no-cors'}}).then(r => r.text())",
        f"import('{url}static/chat.js').then(() => 'loaded')",
    ):
        assert await page.evaluate(f"{call}.catch(() => 'refused')") in ("refused", "")
    await context.close()
    assert await world.cases() == before
