"""From a tip to its answer, in a real browser against the real application."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Route, expect

from tests.e2e.place import Place, decided, photo, running
from tests.e2e.visitor import Visitor, open_page, visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

TIP = "我爸上周在骨科住院，张医生收了我两千块红包，不给就不安排手术"
QUESTION = "请问是哪一天、在什么地方给的？"
REPLY = "上周三下午，在医生办公室，用信封装的。"
DISPOSITION = "责令退还，医德考评扣分。"
ANSWER = "经查，情况属实，两千元已责令退还。"

Arrive = Callable[..., Awaitable[Visitor]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    folder: Path = tmp_path_factory.mktemp("story") / "var"
    async with running(decided(folder, "joined_days = 30", "joined_days = 0")) as place:
        yield place


@pytest_asyncio.fixture(loop_scope="session")
async def arrives(browser: Browser, place: Place) -> AsyncIterator[Arrive]:
    """Somebody opens the page; nobody's console may have complained in the end."""
    came: list[Visitor] = []

    async def arrive(**options: Any) -> Visitor:
        came.append(await visit(browser, place.url, **options))
        return came[-1]

    yield arrive
    complaints = [error for visitor in came for error in visitor.errors]
    await asyncio.gather(*(visitor.context.close() for visitor in came))
    assert complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def joins(arrives: Arrive, place: Place) -> Arrive:
    """A member of staff joins with a code."""

    async def join(name: str = "李敏", office: str = "纪检办") -> Visitor:
        officer = await arrives()
        await officer.says(f"/join {await place.invite(office, name)}")
        await officer.hears(f"您已加入{office}")
        return officer

    return join


async def opens_new_case(officer: Visitor) -> str:
    """The officer opens the newest card, which came without a reload; returns its number."""
    await officer.presses("打开")
    heading = officer.page.locator(".card .heading").last
    return (await heading.inner_text()).split()[1]


async def closes(officer: Visitor, outcome: str = "查实") -> None:
    await officer.presses("办结")
    await officer.presses(outcome)
    await officer.says(DISPOSITION)
    await officer.says(ANSWER)
    preview = await officer.hears("反映人将会读到")
    await expect(preview).to_contain_text(ANSWER)
    await officer.presses("确认发送")
    await expect(officer.page.locator(".card .news").last).to_contain_text(f"已办结（{outcome}）")


async def test_a_tip_becomes_a_case_is_asked_about_and_answered(arrives: Arrive, joins: Arrive) -> None:
    officer = await joins()
    patient = await arrives()
    await patient.says(TIP, ("IMG_2041.jpg", "image/jpeg", photo()))
    code = await patient.code()
    card = await officer.hears("红包礼金")
    await expect(card).not_to_contain_text("两千块")

    await opens_new_case(officer)
    await expect(officer.page.locator(".card blockquote").last).to_have_text(TIP)
    await officer.presses("受理")
    await expect(officer.page.locator(".card .news")).to_contain_text("已受理")
    await expect(officer.page.locator(".card .news")).to_be_in_viewport()
    await officer.presses("问反映人")
    await officer.says(QUESTION)
    await officer.hears("问题已经发出")

    again = await arrives()
    await again.says(f"我的码是 {code}")
    await expect(await again.hears("已经受理")).to_contain_text(QUESTION)
    await again.says(REPLY)
    await again.hears("已经补充进去")

    await officer.hears("反映人有新的补充")
    await officer.presses("打开")
    await officer.hears(REPLY)
    await officer.presses("附件 1")
    saved = await officer.saves("照片.jpg")
    assert Image.open(BytesIO(saved)).size == (640, 420)
    assert b"Secret Phone" not in saved
    await officer.presses("返回此件")
    await closes(officer)

    await again.presses("刷新进展")
    told = await again.hears("已经办结：情况属实")
    await expect(told).to_contain_text(ANSWER)
    await expect(again.page.locator("body")).not_to_contain_text(DISPOSITION)


async def test_an_answer_arrives_by_itself_where_the_reporter_agreed(arrives: Arrive, joins: Arrive) -> None:
    officer, patient, silent = await joins(), await arrives(), await arrives()
    await silent.says(TIP)
    await opens_new_case_of(officer, 1)
    await patient.says(TIP)
    await patient.presses("有答复就发到这里")
    await patient.hears("有答复会发到这里")
    await opens_new_case_of(officer, 2)
    await officer.presses("受理")
    await closes(officer, "查否")
    pushed = await patient.hears("您反映的问题有新进展")
    await expect(pushed).to_be_in_viewport()
    await patient.presses("查看并回复")
    await patient.hears("已经办结：没有发现您说的情况")
    await expect(silent.page.locator(".bot", has_text="新进展")).to_have_count(0)


async def opens_new_case_of(officer: Visitor, count: int) -> None:
    """Waits until as many cards have come as reports were sent, then opens the newest."""
    await expect(officer.page.locator(".card")).to_have_count(count)
    await opens_new_case(officer)


async def test_a_report_is_withdrawn_and_restored(arrives: Arrive) -> None:
    patient = await arrives()
    await patient.says(TIP)
    code = await patient.code()
    await patient.presses("撤回")
    await patient.presses("确定撤回")
    await patient.hears("已经撤回")
    again = await arrives()
    await again.presses("查询进度")
    await again.says(code.replace(" ", ""))
    await again.hears("您已经撤回。")
    await again.presses("恢复反映")
    await again.hears("已经恢复")
    await patient.presses("返回")
    await patient.hears("回到开头")


async def test_a_question_after_the_code_leaves_the_buttons_of_the_code_in_use(arrives: Arrive) -> None:
    patient = await arrives()
    await patient.says("医生收了我两千块")
    await patient.hears("哪个科室")
    await expect(patient.button("有答复就发到这里")).to_be_enabled()
    await patient.presses("跳过")
    await patient.says("昨天上午")
    await expect(patient.button("有答复就发到这里")).to_be_enabled()
    await patient.presses("撤回")
    await patient.hears("您确定要撤回吗")


async def test_a_clue_in_a_rating_becomes_a_case_only_when_wished(arrives: Arrive, place: Place) -> None:
    before = await place.cases()
    patient = await arrives()
    await patient.presses("满意度评价")
    await patient.presses("2 不满意")
    await patient.says("护士暗示我送红包才给换药")
    await patient.hears("如果您愿意")
    assert await place.cases() == before
    await patient.presses("请医院查一查")
    await patient.code()
    assert await place.cases() == before + 1


async def test_a_question_is_answered_and_handed_to_a_person(arrives: Arrive, place: Place) -> None:
    before = await place.cases()
    patient = await arrives()
    await patient.presses("咨询")
    await patient.presses("怎么复印病历")
    await patient.hears("怎么复印病历")
    assert await place.cases() == before
    await patient.presses("转人工")
    await patient.code()
    assert await place.cases() == before + 1


async def test_a_long_report_is_read_page_by_page(arrives: Arrive, joins: Arrive) -> None:
    officer, patient = await joins("王芳"), await arrives()
    whole = (
        "药剂科主任收药代回扣，每盒三块。"
        + "我在停车场看见他们交接信封，一共看见过好几次。" * 300
        + "说完了。"
    )
    await patient.says(whole)
    await patient.code()
    await opens_new_case(officer)
    await expect(officer.page.locator(".card blockquote").last).to_contain_text("药剂科主任")
    await officer.presses("全文")
    await officer.hears("第 1 页")
    await expect(officer.page.locator(".card").last).to_be_in_viewport()
    await officer.presses("下一页")
    await officer.presses("下一页")
    await officer.hears("说完了。")
    await officer.presses("返回此件")
    await expect(officer.button("受理")).to_be_enabled()


async def test_lists_open_cases_and_stay_in_use(arrives: Arrive, joins: Arrive) -> None:
    officer, patient = await joins("陈静"), await arrives()
    await patient.says(TIP)
    number = await opens_new_case(officer)
    await officer.presses("受理")
    await officer.says("我的")
    listed = officer.page.get_by_role("button", name=number)
    await expect(listed).to_be_enabled()
    await officer.presses(number)
    await expect(officer.page.locator(".card .heading").last).to_contain_text(number)
    await expect(listed).to_be_enabled()
    await officer.says(number)
    await expect(officer.page.locator(".choice:enabled", has_text="办结")).to_have_count(1)
    for label in ("本科室", "协办", "今日到期", "超期"):
        await officer.says(label)
        await expect(officer.page.locator(".bot").last).not_to_contain_text("没有看明白")


async def test_of_two_officers_one_wins_and_the_other_is_told(arrives: Arrive, joins: Arrive) -> None:
    first, second, patient = await joins("赵一"), await joins("钱二"), await arrives()
    await patient.says(TIP)
    for officer in (first, second):
        await opens_new_case(officer)
    pressed, won = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        pressed.set()
        await won.wait()
        await route.continue_()

    await second.page.route("**/api/chat/messages", hold, times=1)
    late = asyncio.create_task(second.presses("受理"))
    await pressed.wait()
    await first.presses("受理")
    await first.hears("已受理，反映人会知道")
    won.set()
    await late
    await expect(await second.hears("没有执行")).to_contain_text("赵一")


async def test_a_notice_takes_nothing_from_a_form_in_hand(arrives: Arrive, joins: Arrive) -> None:
    officer, patient, other = await joins("孙三"), await arrives(), await arrives()
    await patient.says(TIP)
    await opens_new_case(officer)
    await officer.presses("不予受理")
    await officer.says("不在医院的职责范围。")
    await expect(officer.button("确认发送")).to_be_enabled()
    await other.says("设备科采购收回扣，五万")
    await expect(officer.page.locator(".card")).to_have_count(2)
    await officer.presses("确认发送")
    await officer.hears("已不予受理")


async def test_a_press_that_changes_a_card_leaves_no_trail_of_bubbles(arrives: Arrive, joins: Arrive) -> None:
    officer, patient = await joins("周四"), await arrives()
    await patient.says(TIP)
    await opens_new_case(officer)
    await officer.presses("经过")
    await officer.hears("办理经过")
    await officer.presses("返回此件")
    await officer.presses("受理")
    await expect(officer.page.locator(".mine:visible")).to_have_count(1)
    await officer.page.reload()
    await expect(officer.page.locator(".card .heading").last).to_be_visible()
    await expect(officer.page.locator(".mine:visible")).to_have_count(1)


async def test_an_officer_finds_everything_in_a_new_tab(arrives: Arrive, joins: Arrive, place: Place) -> None:
    officer, patient = await joins("吴五"), await arrives()
    await patient.says(TIP)
    await officer.hears("红包礼金")
    await officer.page.close()
    again = await open_page(officer.context, place.url)
    await expect(again.page.get_by_text("已在这台设备上保持登录")).to_be_visible()
    await expect(again.button("打开")).to_be_in_viewport()
    await opens_new_case(again)
    await again.presses("受理")
    await again.hears("已受理")


async def test_a_patients_words_are_gone_with_the_tab(arrives: Arrive, place: Place) -> None:
    patient = await arrives()
    await patient.says(TIP)
    await patient.code()
    await patient.page.close()
    again = await open_page(patient.context, place.url)
    await again.hears("廉洁与服务信箱")
    await expect(again.page.locator("body")).not_to_contain_text("骨科")


async def test_a_keyboard_is_enough_for_both(arrives: Arrive, joins: Arrive) -> None:
    officer, patient = await joins("郑六"), await arrives()
    await patient.page.keyboard.press("Tab")
    await patient.page.keyboard.press("Enter")
    await patient.page.keyboard.type(TIP)
    await patient.page.keyboard.press("Enter")
    await expect(patient.page.locator(".receipt")).to_be_visible()
    await officer.button("打开").press("Enter")
    accept = officer.button("受理")
    await expect(accept).to_be_focused()
    await accept.press("Enter")
    await officer.hears("已受理，反映人会知道")
    await expect(officer.button("开始调查")).to_be_focused()


@pytest.mark.parametrize("width", [320, 360, 1200])
async def test_a_case_fits_every_screen(arrives: Arrive, joins: Arrive, width: int) -> None:
    officer, patient = await joins("冯七"), await arrives()
    await patient.says(TIP, ("IMG_2041.jpg", "image/jpeg", photo()))
    await officer.page.set_viewport_size({"width": width, "height": 740})
    await opens_new_case(officer)
    page = officer.page
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    cut = "[...document.querySelectorAll('.bubble,.choice')].filter(n => n.scrollWidth > n.clientWidth + 1)"
    assert await page.evaluate(f"{cut}.length") == 0
    unnamed = "[...document.querySelectorAll('button:enabled')].filter(n => !n.textContent.trim() && "
    assert await page.evaluate(unnamed + "!n.getAttribute('aria-label') && n.offsetParent).length") == 0
    rows = await page.locator(".choices:not(.old)").last.locator(".choices-row").count()
    tops = "node => new Set([...node.querySelectorAll('.choice')].map(n => n.offsetTop)).size"
    assert await page.locator(".choices:not(.old)").last.evaluate(tops) == rows
