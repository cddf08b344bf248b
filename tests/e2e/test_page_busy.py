"""The chat page when very many come at once: it works for its session, waits, and loses nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from bot.channels.web import Rates, WebChannel
from bot.channels.web.entrance import Signals
from bot.channels.web.stream import Streams
from bot.web.app import make_runner
from storage.messages import Reply
from tests.bot.web.fake import FakeDesk, fake_app, fake_channel

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHECKING, BUSY = "正在确认您不是程序", "现在使用的人很多"
CODE = "4821 0937 5560 1284"


@dataclass
class Sky:
    """How hard codes are guessed, the time, and what was counted."""

    level: int = 0
    seconds: float = 0.0
    counted: list[str] = field(default_factory=list)

    async def guess_level(self) -> int:
        return self.level


@dataclass
class Busy:
    """A channel where everybody is asked for work, and a browser before it."""

    desk: FakeDesk
    channel: WebChannel
    url: str
    context: BrowserContext
    sky: Sky

    async def open(self) -> Page:
        page = await self.context.new_page()
        await page.add_init_script(
            "addEventListener('DOMContentLoaded', () => { window.told = [];"
            "const strip = document.getElementById('busy');"
            "new MutationObserver(() => window.told.push(strip.innerText))"
            ".observe(strip, {childList: true, subtree: true, attributes: true}); })"
        )
        await page.goto(self.url)
        return page


@pytest_asyncio.fixture(loop_scope="session")
async def busy(browser: Browser) -> AsyncIterator[Busy]:
    desk, sky = FakeDesk(), Sky()
    signals = Signals(guess_level=sky.guess_level, count=sky.counted.append)
    rates = Rates(sessions=0, messages=3)
    channel = fake_channel(desk, rates=rates, signals=signals, timer=lambda: sky.seconds)
    await channel.start(desk.receive)
    runner = make_runner(fake_app(channel))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    yield Busy(desk, channel, f"http://127.0.0.1:{runner.addresses[0][1]}/", context, sky)
    await context.close()
    await channel.stop()
    await runner.cleanup()


async def say(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.locator("#send").click()


async def test_the_page_works_for_its_session_and_the_report_arrives(busy: Busy) -> None:
    page = await busy.open()
    await expect(page.get_by_role("button", name="我要反映问题")).to_be_enabled()
    assert any(CHECKING in told for told in await page.evaluate("window.told"))
    await expect(page.locator("#busy")).to_be_hidden()
    await say(page, "医生收了我两千块")
    await expect(page.locator(".receipt .digits")).to_have_text(CODE)
    assert [inbound.text for inbound in busy.desk.inbounds] == ["", "医生收了我两千块"]
    assert busy.sky.counted == ["work"]


async def test_a_code_is_sent_with_work_while_codes_are_being_guessed(busy: Busy) -> None:
    page = await busy.open()
    await expect(page.get_by_role("button", name="我要反映问题")).to_be_enabled()
    busy.sky.level = 1
    await say(page, CODE)
    await expect(page.locator(".mine.sent")).to_be_visible()
    assert busy.desk.inbounds[-1].text == CODE
    assert busy.sky.counted == ["work", "work"]


async def test_work_that_came_too_late_is_done_once_more(busy: Busy) -> None:
    late = []

    async def forget(route: Route) -> None:
        answer = await route.fetch()
        late.append(answer.status)
        if len(late) == 1:  # what the page then works for is no challenge of ours any more
            body = await answer.json()
            body["work"]["challenge"] = "A" * 44
            await route.fulfill(response=answer, json=body)
        else:
            await route.fulfill(response=answer)

    await busy.context.route("**/api/chat/sessions", forget)
    page = await busy.open()
    await expect(page.get_by_role("button", name="我要反映问题")).to_be_enabled()
    assert late == [429, 429, 201]


async def test_who_writes_too_fast_is_told_kindly_and_everything_arrives_by_itself(busy: Busy) -> None:
    page = await busy.open()
    await expect(page.get_by_role("button", name="我要反映问题")).to_be_enabled()
    refused = []

    async def make_haste(route: Route) -> None:
        answer = await route.fetch()
        refused.append(answer.status)
        headers = answer.headers | ({"retry-after": "1"} if answer.status == 429 else {})
        await route.fulfill(response=answer, headers=headers)

    await page.route("**/api/chat/messages", make_haste)
    words = ["第一句", "第二句", "第三句", "第四句"]
    for text in words:
        await say(page, text)
    await expect(page.locator("#busy")).to_contain_text(BUSY)
    busy.sky.seconds += 60
    await expect(page.locator(".mine.sent")).to_have_count(4)
    await expect(page.locator("#busy")).to_be_hidden()
    assert [inbound.text for inbound in busy.desk.inbounds[1:]] == words
    assert 429 in refused


async def test_where_there_is_no_room_for_a_stream_the_page_asks_now_and_then(busy: Busy) -> None:
    busy.channel.streams = Streams(overall=0)
    page = await busy.open()
    await expect(page.get_by_role("button", name="我要反映问题")).to_be_enabled()
    chat = busy.desk.inbounds[-1].chat
    await busy.desk.push(busy.channel, chat, Reply("您的反映已受理。"))
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.locator(".bot", has_text="您的反映已受理。")).to_be_visible()
    await expect(page.locator("#offline")).to_be_hidden()
