"""The page without scripts in a real browser that runs none, with the real application behind it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.e2e.place import Place, photo, running
from tests.e2e.web_person import WebPerson

pytestmark = pytest.mark.asyncio(loop_scope="session")

TIP = "骨科的张医生收了我两千块红包"


@dataclass
class Reader:
    """Somebody whose browser runs no scripts; `fetched` is every address it asked for."""

    place: Place
    context: BrowserContext
    page: Page
    fetched: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def opens(self, path: str = "plain") -> None:
        await self.page.goto(self.place.url + path)

    async def presses(self, label: str) -> None:
        await self.page.get_by_role("button", name=label).last.click()

    async def says(self, text: str, *files: Any) -> None:
        await self.page.get_by_label("想说的话").fill(text)
        if files:
            await self.page.get_by_label("照片、录音或文件").set_input_files(list(files))
        await self.presses("发送")

    async def code(self) -> str:
        digits = await self.page.locator(".receipt .digits").inner_text()
        code = " ".join(digits.split())
        assert re.fullmatch(r"\d{4}( \d{4}){3}", code)
        return code

    async def sees(self, words: str) -> None:
        await expect(self.page.locator("main")).to_contain_text(words)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    folder: Path = tmp_path_factory.mktemp("plain") / "var"
    async with running(folder) as place:
        yield place


async def reading(browser: Browser, place: Place, **options: Any) -> Reader:
    settings: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "locale": "zh-CN"} | options
    context = await browser.new_context(java_script_enabled=False, **settings)
    page = await context.new_page()
    reader = Reader(place, context, page)
    page.on("request", lambda request: reader.fetched.append(request.url))
    page.on("console", lambda line: reader.complaints.append(line.text) if line.type == "error" else None)
    return reader


@pytest_asyncio.fixture(loop_scope="session")
async def reader(browser: Browser, place: Place) -> AsyncIterator[Reader]:
    reader = await reading(browser, place)
    yield reader
    assert reader.complaints == []
    await reader.context.close()


async def test_a_whole_story_without_scripts(reader: Reader, browser: Browser) -> None:
    place = reader.place
    await reader.opens("")  # the chat page leads on
    await reader.page.wait_for_url("**/plain")
    await reader.presses("我要反映问题")
    picture = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    await reader.says(TIP, picture)
    code = await reader.code()
    assert (await place.cases(), await place.kept_files()) == (1, 1)

    async with WebPerson.visiting(place.url.rstrip("/")) as officer:
        await officer.says(f"/join {await place.invite(name='李敏')}")
        await officer.presses("本科室")
        assert TIP in await officer.presses("20")
        await officer.presses("受理")

    later = await reading(browser, place)
    await later.opens()
    await later.presses("用查询码看答复")
    await later.says(code)
    await later.sees("已经受理")
    await later.says("还有一次是三千块")
    await later.sees("补充进去")
    for address in [*reader.fetched, *later.fetched]:
        assert "%" not in address
        assert not re.search(r"\d{4}", address.removeprefix(place.url.rstrip("/")))
    assert later.complaints == []
    await later.context.close()


async def test_an_officer_is_a_sender_like_any_other_but_gets_no_files(reader: Reader) -> None:
    await reader.opens()
    await reader.presses("我要反映问题")
    await reader.says(f"/join {await reader.place.invite(name='王芳')}")
    await reader.sees("您已加入纪检办")
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    async with WebPerson.visiting(reader.place.url.rstrip("/")) as reporter:
        form = aiohttp.FormData({"id": "1", "text": TIP}, quote_fields=False)
        form.add_field("file", picture["buffer"], filename="a.jpg")
        url = f"{reader.place.url}api/chat/messages"
        async with reporter.client.post(url, data=form, headers=reporter._headers) as answer:
            assert answer.status == 200
    await reader.says("1号" if await reader.place.cases() == 1 else f"{await reader.place.cases()}号")
    await reader.sees(TIP)
    await reader.presses("附件 1")
    await reader.sees("请在聊天页面里打开")
    assert await reader.page.locator("img, a[href*=files]").count() == 0


async def test_nothing_but_pages_and_one_style_sheet_is_fetched(reader: Reader) -> None:
    await reader.opens()
    await reader.presses("我要反映问题")
    await reader.says(TIP)
    await reader.opens("tips")
    paths = {address.removeprefix(reader.place.url) for address in reader.fetched}
    assert paths <= {"plain", "plain/say", "plain/talk", "static/plain.css", "tips", "favicon.ico"}


async def test_reload_double_click_and_back_send_nothing_twice(reader: Reader) -> None:
    before = await reader.place.cases()
    await reader.opens()
    await reader.presses("我要反映问题")
    await reader.page.get_by_label("想说的话").fill(TIP)
    await reader.page.get_by_role("button", name="发送").dblclick()
    code = await reader.code()
    await reader.page.reload()
    assert await reader.code() == code
    await reader.page.go_back()
    await reader.page.go_forward()
    assert await reader.place.cases() == before + 1


async def test_after_leaving_the_button_that_goes_back_shows_nothing(reader: Reader) -> None:
    await reader.opens()
    await reader.presses("我要反映问题")
    await reader.says(TIP)
    code = await reader.code()
    await reader.page.get_by_role("link", name="快速离开").click()
    await expect(reader.page).to_have_title("七步洗手法")
    assert await reader.context.cookies() == []
    for _ in range(4):
        await reader.page.go_back()
        shown = await reader.page.content()
        assert TIP not in shown
        assert code.partition(" ")[0] not in shown
        if not reader.page.url.startswith(reader.place.url):
            break


async def test_with_cookies_switched_off_it_works_too(reader: Reader) -> None:
    before = await reader.place.cases()
    await reader.opens()
    for label in ("我要反映问题", None):
        await reader.context.clear_cookies()
        if label:
            await reader.presses(label)
        else:
            await reader.says(TIP)
    await reader.code()
    assert await reader.place.cases() == before + 1
    assert await reader.context.cookies() == []


async def test_a_form_of_another_site_is_not_taken(reader: Reader) -> None:
    before = await reader.place.cases()
    await reader.opens()
    token = await reader.page.locator('input[name="session"]').first.get_attribute("value")
    mark = await reader.page.locator('input[name="csrf"]').first.get_attribute("value")
    await reader.page.route(
        "http://evil.test/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{reader.place.url}plain/say" enctype="multipart/form-data">'
            f'<input name="session" value="{token}"><input name="csrf" value="{mark}">'
            f'<input name="id" value="1"><input name="text" value="{TIP}"><button>Win</button></form>',
        ),
    )
    await reader.page.goto("http://evil.test/")
    await reader.presses("Win")
    await reader.sees("不是从我们的页面发出的")
    assert await reader.place.cases() == before
    reader.complaints.clear()  # the browser names the 403


async def test_no_page_can_be_framed(reader: Reader) -> None:
    frame = f'<iframe src="{reader.place.url}plain"></iframe>'
    await reader.page.route(
        "http://evil.test/", lambda route: route.fulfill(content_type="text/html", body=frame)
    )
    await reader.page.goto("http://evil.test/")
    inner = reader.page.frames[-1]
    assert "廉信" not in await inner.content()
    reader.complaints.clear()  # the browser says that it refused


@pytest.mark.parametrize("width", [180, 320, 360, 1200])  # 180 is 360 at 200 %
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_fits_and_can_be_touched(browser: Browser, place: Place, width: int, scheme: Any) -> None:
    viewport = {"width": width, "height": 640}
    reader = await reading(browser, place, viewport=viewport, color_scheme=scheme)
    await reader.opens()
    await fits(reader, width)
    await reader.presses("我要反映问题")
    await reader.says(TIP + "很长" * 50 + "x" * 200)
    await reader.code()
    await fits(reader, width)
    await reader.context.close()


async def fits(reader: Reader, width: int) -> None:
    for name in ("button", "a.leave", "textarea", "input[type=file]"):
        for one in await reader.page.locator(f"{name}:visible").all():
            box = await one.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["height"] >= 44
    body = await reader.page.locator("main").bounding_box()
    assert body is not None
    assert body["width"] <= width


async def test_a_number_to_call_can_be_pressed_and_leaving_is_always_in_reach(reader: Reader) -> None:
    await reader.opens()
    await reader.presses("我要反映问题")
    await reader.says("我不想活了")
    for number in ("12356", "120"):
        await expect(reader.page.get_by_role("link", name=number, exact=True)).to_have_attribute(
            "href", f"tel:{number}"
        )
    await reader.page.get_by_role("button", name="发送").scroll_into_view_if_needed()
    await expect(reader.page.get_by_role("link", name="快速离开")).to_be_in_viewport(ratio=1)
