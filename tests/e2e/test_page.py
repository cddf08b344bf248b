"""The chat page in a real browser, with a fake desk behind the real HTTP contract."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from bot.channels.web import WebChannel
from bot.web.app import make_runner
from storage.messages import Choice, Reply, StoredFile
from tests.bot.web.fake import PICTURE, RECEIPT, FakeDesk, fake_app, fake_channel

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = {"width": 360, "height": 740}


@dataclass
class Chat:
    """A desk, its page's address, and pages that are watched for errors and addresses."""

    desk: FakeDesk
    channel: WebChannel
    url: str
    context: BrowserContext
    errors: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    async def open(self, context: BrowserContext | None = None) -> Page:
        page = await (context or self.context).new_page()
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.addresses.append(request.url))
        await page.goto(self.url)
        await expect(page.locator("#text")).to_be_visible()
        return page

    async def welcomed(self) -> Page:
        page = await self.open()
        await expect(page.get_by_role("button", name="我要反映问题")).to_be_enabled()
        return page

    @property
    def chat(self) -> str:
        return self.desk.inbounds[-1].chat


async def say(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.locator("#send").click()


@pytest_asyncio.fixture(loop_scope="session")
async def chat(browser: Browser) -> AsyncIterator[Chat]:
    desk = FakeDesk()
    channel = fake_channel(desk, max_upload_bytes=2_000_000)
    await channel.start(desk.receive)
    runner = make_runner(fake_app(channel))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    context = await browser.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    yield Chat(desk, channel, f"http://127.0.0.1:{runner.addresses[0][1]}/", context)
    await context.close()
    await channel.stop()
    await runner.cleanup()


async def test_the_page_greets_with_large_buttons_and_a_field(chat: Chat) -> None:
    page = await chat.welcomed()
    assert [inbound.choice for inbound in chat.desk.inbounds] == ["start"]
    for button in await page.locator(".choice").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= 48
    await expect(page.get_by_label("想说的话")).to_be_visible()
    await expect(page.locator(".mine")).to_have_count(0)
    assert chat.errors == []


async def test_what_is_written_is_answered_with_the_code_shown_large(chat: Chat) -> None:
    page = await chat.welcomed()
    await say(page, "医生收了我两千块")
    await expect(page.locator(".mine.sent .state")).to_have_text("已送达")
    digits = page.locator(".receipt .digits")
    await expect(digits).to_have_text("4821 0937 5560 1284")
    assert float((await digits.evaluate("node => getComputedStyle(node).fontSize"))[:-2]) >= 24
    await expect(page.locator(".receipt")).to_contain_text("您的查询码")
    await chat.context.grant_permissions(["clipboard-write"])
    await page.get_by_role("button", name="复制").click()
    await expect(page.get_by_role("button", name="已复制")).to_be_visible()
    await page.locator("#text").press("ControlOrMeta+V")
    await expect(page.locator("#text")).to_have_value("4821 0937 5560 1284")
    assert chat.desk.inbounds[-1].text == "医生收了我两千块"
    assert chat.errors == []


async def test_the_code_can_be_copied_where_there_is_no_clipboard_interface(chat: Chat) -> None:
    await chat.context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page = await chat.welcomed()
    await say(page, "收红包")
    await page.get_by_role("button", name="复制").click()
    await expect(page.get_by_role("button", name="已复制")).to_be_visible()


async def test_a_reload_shows_the_conversation_and_sends_nothing_again(chat: Chat) -> None:
    page = await chat.welcomed()
    await say(page, "收红包")
    await expect(page.locator(".receipt")).to_be_visible()
    before = await page.locator("#log").inner_text()
    await page.reload()
    await expect(page.locator(".receipt")).to_be_visible()
    assert await page.locator("#log").inner_text() == before
    assert len(chat.desk.inbounds) == 2
    await page.get_by_role("button", name="骨科").click()
    await expect(page.locator(".mine.sent")).to_have_count(2)
    assert chat.desk.inbounds[2].sender == chat.desk.inbounds[0].sender


async def test_buttons_count_once_and_only_the_newest(chat: Chat) -> None:
    page = await chat.welcomed()
    await page.get_by_role("button", name="我要反映问题").click()
    await expect(page.locator(".mine.sent")).to_contain_text("我要反映问题")
    assert (chat.desk.inbounds[-1].choice, chat.desk.inbounds[-1].pressed) == ("report", "1")
    for button in await page.locator(".choice").all():
        await expect(button).to_be_disabled()
    await say(page, "收红包")
    await expect(page.get_by_role("button", name="骨科")).to_be_enabled()
    await chat.desk.push(chat.channel, chat.chat, Reply("还有吗？", ((Choice("没有了", "no"),),)))
    await expect(page.get_by_role("button", name="没有了")).to_be_enabled()
    await expect(page.get_by_role("button", name="骨科")).to_be_disabled()


async def test_a_lost_answer_is_fetched_again_and_done_once(chat: Chat) -> None:
    page = await chat.welcomed()
    lost: list[str] = []

    async def lose_answer(route: Route) -> None:
        await route.fetch()  # the server has done it, the phone never hears of it
        lost.append(route.request.post_data or "")
        await route.abort()

    await page.route("**/api/chat/messages", lose_answer, times=1)
    await say(page, "信号不好")
    await expect(page.locator(".mine.sent")).to_be_visible()
    await expect(page.locator(".receipt")).to_have_count(1)
    assert len(lost) == 1
    assert [inbound.text for inbound in chat.desk.inbounds] == ["", "信号不好"]


async def test_what_could_not_be_sent_can_be_sent_again_by_a_tap(chat: Chat) -> None:
    page = await chat.welcomed()
    await page.clock.install()
    attempts: list[str] = []

    async def refuse(route: Route) -> None:
        attempts.append(str((route.request.post_data_json or {})["id"]))
        await route.abort()

    await page.route("**/api/chat/messages", refuse)
    await say(page, "没有网络")
    again = page.get_by_role("button", name="未送出，点此重发")
    for _ in range(60):
        if await again.count():
            break
        await page.clock.run_for(2000)
    await expect(again).to_be_visible()
    assert len(attempts) == 6
    await page.unroute("**/api/chat/messages")
    await again.click()
    await expect(page.locator(".mine.sent")).to_contain_text("没有网络")
    assert chat.desk.inbounds[-1].event_id.endswith(attempts[0])
    assert len(set(attempts)) == 1


async def test_a_message_in_the_air_survives_a_reload(chat: Chat) -> None:
    page = await chat.welcomed()
    await page.route("**/api/chat/messages", lambda route: route.abort())
    await say(page, "还没送到就刷新了")
    await expect(page.locator(".mine.sending")).to_be_visible()
    await page.unroute("**/api/chat/messages")
    await page.reload()
    await expect(page.locator(".mine.sent")).to_contain_text("还没送到就刷新了")
    assert [inbound.text for inbound in chat.desk.inbounds] == ["", "还没送到就刷新了"]


async def test_a_file_in_the_air_has_to_be_chosen_again_after_a_reload(chat: Chat) -> None:
    page = await chat.welcomed()
    await page.route("**/api/chat/messages", lambda route: route.abort())
    photo: Any = {"name": "一.jpg", "mimeType": "image/jpeg", "buffer": b"x"}
    await page.set_input_files("#files", photo)
    await page.locator("#send").click()
    await expect(page.locator(".mine.sending")).to_be_visible()
    await page.unroute("**/api/chat/messages")
    await page.reload()
    await expect(page.locator(".mine.refused .state")).to_contain_text("请重新选一次")
    assert chat.errors == [error for error in chat.errors if "ERR_FAILED" in error]


async def test_a_refusal_is_told_in_the_words_of_the_server(chat: Chat) -> None:
    page = await chat.welcomed()
    await say(page, "长" * 100_001)
    await expect(page.locator(".mine.refused .state")).to_contain_text("文字太长")


async def test_an_expired_session_is_replaced_without_a_word(chat: Chat) -> None:
    page = await chat.welcomed()
    await page.evaluate("sessionStorage.setItem('session', 'A'.repeat(88))")
    await page.reload()
    await say(page, "放了一个月的页面")
    await expect(page.locator(".mine.sent")).to_be_visible()
    assert chat.desk.inbounds[-1].text == "放了一个月的页面"


async def test_an_answer_pushed_later_arrives_by_itself(chat: Chat) -> None:
    page = await chat.welcomed()
    await chat.desk.push(chat.channel, chat.chat, Reply("您的反映已受理。"))
    await expect(page.locator(".bot", has_text="您的反映已受理。")).to_have_count(1)


async def test_an_edited_card_changes_in_its_place(chat: Chat) -> None:
    page = await chat.welcomed()
    await say(page, "/join 1234")
    await expect(page.get_by_role("button", name="受理")).to_be_enabled()
    count = await page.locator(".bot").count()
    await page.get_by_role("button", name="受理").click()
    card = page.locator(".bot", has_text="✅ 已受理")
    await expect(card).to_be_visible()
    assert await page.locator(".bot").count() == count
    await chat.desk.push(chat.channel, chat.chat, Reply("另一张", ((Choice("打开", "x"),),)))
    await expect(page.locator(".choice", has_text="打开")).to_be_enabled()
    await expect(card.get_by_role("button", name="受理")).to_be_enabled()


async def test_each_of_two_letters_to_staff_can_be_answered_whatever_came_after(chat: Chat) -> None:
    page = await chat.welcomed()
    for number in (1, 2):
        asked = ((Choice("同意", f"due:grant:{number}:1"), Choice("不同意", f"due:refuse:{number}:1")),)
        await chat.desk.push(chat.channel, chat.chat, Reply(f"延期申请 {number}", asked))
        slip = ((Choice("要确认单", f"handin:slip:{number}"), Choice("打开", f"handin:one:{number}")),)
        await chat.desk.push(chat.channel, chat.chat, Reply(f"办好了 {number}", slip))
        form = ((Choice("填写", f"fill:begin:{number}"), Choice("答题", f"quiz:begin:{number}")),)
        await chat.desk.push(chat.channel, chat.chat, Reply(f"今天要做 {number}", form))
    await chat.desk.push(chat.channel, chat.chat, Reply("还有吗？", ((Choice("没有了", "no"),),)))
    await expect(page.get_by_role("button", name="没有了")).to_be_enabled()
    for verb in ("同意", "不同意", "要确认单", "打开", "填写", "答题"):
        buttons = page.get_by_role("button", name=verb, exact=True)
        await expect(buttons).to_have_count(2)
        await expect(buttons.first).to_be_enabled()
        await expect(buttons.last).to_be_enabled()


async def test_a_change_that_was_overtaken_does_not_bring_back_the_past(chat: Chat) -> None:
    page = await chat.welcomed()
    await say(page, "/join 1234")
    await expect(page.get_by_role("button", name="受理")).to_be_enabled()
    card = chat.desk.keep(chat.chat, Reply("")).id - 1
    answered, pushed = asyncio.Event(), asyncio.Event()

    async def answer_late(route: Route) -> None:
        answer = await route.fetch()
        answered.set()
        await pushed.wait()
        await route.fulfill(response=answer)

    await page.route("**/api/chat/messages", answer_late, times=1)
    await page.get_by_role("button", name="受理").click()
    await expect(page.get_by_role("button", name="受理")).to_be_disabled()
    await answered.wait()
    await chat.desk.push(chat.channel, chat.chat, Reply("已办结", edits=str(card), card="7"))
    await expect(page.locator(".card", has_text="已办结")).to_be_visible()
    pushed.set()
    await expect(page.locator("#typing")).to_be_hidden()
    await expect(page.locator(".card", has_text="✅ 已受理")).to_have_count(0)


async def test_an_officer_stays_signed_in_and_finds_the_messages_in_a_new_tab(chat: Chat) -> None:
    page = await chat.welcomed()
    await say(page, "/join 1234")
    await expect(page.get_by_text("已在这台设备上保持登录")).to_be_visible()
    await page.close()
    again = await chat.open()
    await expect(again.locator(".bot", has_text="LX-2026-0007")).to_be_visible()
    await expect(again.get_by_role("button", name="受理")).to_be_enabled()
    assert len(chat.desk.inbounds) == 2
    again.on("dialog", lambda dialog: dialog.accept())
    await again.get_by_role("button", name="退出登录").click()
    await expect(again.get_by_role("button", name="我要反映问题")).to_be_enabled()
    assert await again.evaluate("localStorage.length") == 0
    assert chat.desk.inbounds[-1].sender != chat.desk.inbounds[0].sender


async def test_a_patient_leaves_nothing_on_the_device(chat: Chat) -> None:
    page = await chat.welcomed()
    await say(page, "收红包")
    await expect(page.locator(".receipt")).to_be_visible()
    assert await page.evaluate("localStorage.length") == 0
    await page.get_by_role("button", name="快速离开").click()
    await page.wait_for_url("**/tips")
    again = await chat.open()
    await expect(again.get_by_role("button", name="我要反映问题")).to_be_enabled()
    await expect(again.locator(".mine")).to_have_count(0)
    await page.go_back()
    assert "收红包" not in await page.content()


async def test_photos_are_sent_with_words(chat: Chat) -> None:
    page = await chat.welcomed()
    photos: list[Any] = [
        {"name": name, "mimeType": "image/jpeg", "buffer": b"x" * 50_000} for name in ("一.jpg", "二.jpg")
    ]
    await page.set_input_files("#files", photos)
    await page.get_by_role("button", name="去掉 二.jpg").click()
    await page.set_input_files("#files", photos[1])
    await say(page, "这是转账截图")
    await expect(page.locator(".mine.sent .sent-file")).to_have_count(2)
    assert [upload.name for upload in chat.desk.uploads[-1]] == ["一.jpg", "二.jpg"]
    assert chat.desk.inbounds[-1].text == "这是转账截图"
    await expect(page.locator("#chosen")).to_be_hidden()


async def test_too_large_a_file_is_told_before_it_is_sent(chat: Chat) -> None:
    page = await chat.welcomed()
    film: Any = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"x" * 2_100_000}
    await page.set_input_files("#files", film)
    await expect(page.get_by_role("alert")).to_contain_text("太大了，最大 2.0 MB")
    await expect(page.locator("#chosen li")).to_have_count(0)


async def test_a_file_is_opened_in_place_and_saved(chat: Chat) -> None:
    page = await chat.welcomed()
    await say(page, "/join 1234")
    await page.get_by_role("button", name="照片-1.png").click()
    await expect(page.get_by_role("img", name="照片-1.png")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="保存 照片-1.png").click()
    saved = await (await download.value).path()
    assert saved.read_bytes() == PICTURE
    assert chat.errors == []


async def test_a_picture_of_ours_shows_by_itself_and_can_be_saved(chat: Chat) -> None:
    page = await chat.welcomed()
    await page.locator("#text").fill("还没写完")
    ours = StoredFile("pic1", "满意度.png", "image/png", len(PICTURE), ours=True)
    await chat.desk.push(chat.channel, chat.chat, Reply("图来了", files=(ours,)))
    picture = page.get_by_role("img", name="满意度.png")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.src.startsWith('blob:') && image.naturalWidth > 0")
    await expect(page.get_by_role("button", name="保存 满意度.png")).to_be_visible()
    await expect(page.locator("#text")).to_be_focused()
    assert chat.errors == []


async def test_words_are_never_taken_for_markup(chat: Chat) -> None:
    page = await chat.welcomed()
    nasty = "<img src=x onerror=alert(1)><b>x</b>"
    await chat.desk.push(chat.channel, chat.chat, Reply(nasty, ((Choice("<i>按钮</i>", "x"),),)))
    await say(page, nasty)
    await expect(page.locator(".mine.sent")).to_contain_text(nasty)
    await expect(page.locator("#log b, #log i, #log img")).to_have_count(0)


async def test_nothing_that_is_said_stands_in_an_address(chat: Chat) -> None:
    page = await chat.welcomed()
    await say(page, "张医生收红包")
    await page.get_by_role("button", name="骨科").click()
    await expect(page.locator(".mine.sent")).to_have_count(2)
    session = await page.evaluate("sessionStorage.getItem('session')")
    for address in chat.addresses:
        assert "%" not in address
        assert session not in address
    assert page.url == chat.url
    assert await page.title() == "在线留言"


async def test_a_keyboard_is_enough(chat: Chat) -> None:
    page = await chat.welcomed()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    await page.keyboard.type("收红包")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("第二行")
    await page.keyboard.press("Enter")
    await expect(page.locator(".receipt")).to_be_visible()
    assert chat.desk.inbounds[-1].text == "收红包\n第二行"
    await page.get_by_role("button", name="骨科").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine.sent")).to_have_count(2)
    assert chat.desk.inbounds[-1].choice == "骨科"


async def test_a_screen_reader_finds_its_way(chat: Chat) -> None:
    page = await chat.welcomed()
    log = page.get_by_role("log")
    assert await log.get_attribute("aria-live") == "polite"
    await expect(page.get_by_role("textbox", name="想说的话")).to_be_visible()
    await expect(page.get_by_role("button", name="添加照片、录音或文件")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("廉信")
    unnamed = await page.evaluate(
        "[...document.querySelectorAll('button,input:not([hidden]),textarea,img')].filter(node => "
        "!node.textContent.trim() && !node.getAttribute('aria-label') && !node.labels?.length "
        "&& !node.hasAttribute('alt')).length"
    )
    assert unnamed == 0


async def test_being_offline_is_said_and_ends_by_itself(chat: Chat) -> None:
    page = await chat.welcomed()
    await chat.context.set_offline(True)
    await expect(page.get_by_text("网络断开了")).to_be_visible()
    await say(page, "地下车库里写的")
    await expect(page.locator(".mine.sending")).to_be_visible()
    await chat.context.set_offline(False)
    await expect(page.locator(".mine.sent")).to_be_visible()
    await expect(page.get_by_text("网络断开了")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 360, 768, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_sticks_out_and_everything_can_be_touched(
    chat: Chat, browser: Browser, width: int, scheme: Any
) -> None:
    context = await browser.new_context(
        viewport={"width": width, "height": 640}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = await chat.open(context)
    await say(page, "很长" + "x" * 300)
    await expect(page.locator(".receipt")).to_be_visible()
    await chat.desk.push(chat.channel, chat.chat, Reply("网" * 400 + "https-" + "y" * 200, RECEIPT.choices))
    await expect(page.locator(".bot").last).to_contain_text("网网")
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.evaluate(
        "[...document.querySelectorAll('.bubble,.receipt,.digits')]"
        ".every(n => n.scrollWidth <= n.clientWidth)"
    )
    small = await page.evaluate(
        "[...document.querySelectorAll('button:enabled')].filter(n => n.offsetParent && "
        "(n.offsetHeight < 48 || n.offsetWidth < 48)).map(n => n.textContent)"
    )
    assert small == []
    tiny = await page.evaluate(
        "[...document.querySelectorAll('body *')].filter(n => n.offsetParent && n.textContent.trim() && "
        "parseFloat(getComputedStyle(n).fontSize) < 17).map(n => n.className)"
    )
    assert tiny == []
    await context.close()


async def test_a_browser_too_old_for_the_scripts_gets_the_page_without(chat: Chat) -> None:
    page = await chat.welcomed()
    script = files("bot.web").joinpath("static/old.js").read_text("utf-8")
    await page.evaluate(script)
    await page.wait_for_url("**/plain")
    await expect(page.get_by_role("button", name="用查询码看答复")).to_be_visible()


async def test_a_browser_without_scripts_gets_the_page_without(chat: Chat, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(chat.url)
    await page.wait_for_url("**/plain")
    await context.close()


async def test_escape_twice_leaves_and_once_does_not(chat: Chat) -> None:
    page = await chat.welcomed()
    await say(page, "收红包")
    await expect(page.locator(".receipt")).to_be_visible()
    await page.locator("#text").fill("还没写完")
    await page.keyboard.press("Escape")
    await expect(page.locator(".receipt")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.wait_for_url("**/tips")
    assert await page.evaluate("sessionStorage.length") == 0
    await page.go_back()
    for word in ("收红包", "还没写完", "4821"):
        assert word not in await page.content()


async def test_leaving_works_without_a_network_too(chat: Chat) -> None:
    page = await chat.welcomed()
    await say(page, "收红包")
    await expect(page.locator(".receipt")).to_be_visible()
    await chat.context.set_offline(True)
    await page.get_by_role("button", name="快速离开").click()
    await page.wait_for_url("about:blank")
    assert await page.title() == ""


async def test_a_voice_can_be_recorded_and_sent(chat: Chat, browser: Browser) -> None:
    await chat.context.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => {"
        " const context = new AudioContext(); const out = context.createMediaStreamDestination();"
        " context.createOscillator().connect(out); return out.stream; }"
    )
    page = await chat.welcomed()
    await page.get_by_role("button", name="录一段语音").click()
    await expect(page.get_by_text("正在录音")).to_be_visible()
    await page.get_by_role("button", name="录好了").click()
    await expect(page.locator("#chosen li")).to_contain_text("语音.")
    await page.locator("#send").click()
    await expect(page.locator(".mine.sent .sent-file")).to_be_visible()
    assert chat.desk.uploads[-1][0].name.startswith("语音.")


async def test_a_long_answer_is_read_from_its_beginning_also_where_buttons_above_shrink(chat: Chat) -> None:
    page = await chat.welcomed()
    await page.set_viewport_size({"width": 360, "height": 420})
    await say(page, "收红包")
    await expect(page.locator(".receipt")).to_be_visible()
    await expect(page.locator(".choices.old").first).to_be_visible()
    beginning = page.get_by_text("谢谢您告诉我们")
    await expect(beginning).to_be_in_viewport(ratio=1)
    top = await beginning.evaluate(
        "node => node.getBoundingClientRect().top -"
        " document.getElementById('scroll').getBoundingClientRect().top"
    )
    assert 0 <= top < 60
