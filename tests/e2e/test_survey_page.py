"""A discharged patient in a real browser: opens the link, answers by buttons and words, and is thanked."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from sqlmodel import Session, select

from storage.followup.discharges import Discharge
from storage.followup.importing import DischargeRow, put_discharges
from storage.followup.joining import new_ticket
from storage.followup.surveys import Stage, Survey
from storage.ratings import RatingRow
from tests.e2e.place import Place, running
from tests.e2e.visitor import PHONE, Visitor, open_page, visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with running(tmp_path / "var") as place:
        yield place


async def ticket(place: Place, *, days_ago: int = 4, department: str = "骨科", number: str = "ZY001") -> str:
    """The code on the sheet of a patient who left so many days ago."""
    house = place.app.house

    def leave(session: Session) -> str:
        left = place.clock() - timedelta(days=days_ago)
        put_discharges(session, [DischargeRow(number, department, left)], house=house, now=place.clock())
        known = [one.id for one in session.exec(select(Discharge))]
        until = place.clock() + timedelta(days=60)
        return new_ticket(session, max(filter(None, known)), until=until, vault=house.vault)

    return await place.app.database.run(leave)


async def surveys(place: Place) -> dict[str, Survey]:
    found = await place.app.database.run(lambda session: list(session.exec(select(Survey))))
    return {one.plan: one for one in found}


def link(place: Place, code: str) -> str:
    return f"{place.url}f#{code}"


async def fits(visitor: Visitor) -> None:
    """Nothing is wider than the phone, and buttons that count are large enough for any thumb."""
    wide = "document.scrollingElement.scrollWidth"
    assert await visitor.page.evaluate(wide) <= PHONE["width"]
    for button in await visitor.page.locator(".choice:enabled").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= 48
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


async def test_a_link_leads_through_all_questions_to_the_thanks(browser: Browser, place: Place) -> None:
    code = await ticket(place)
    patient = await visit(browser, link(place, code))
    await patient.hears("第 1 题，共 4 题")
    await fits(patient)
    assert patient.page.url == f"{place.url}f"
    await patient.presses("4 ★★★★ 满意")
    await patient.hears("第 2 题，共 4 题")
    await fits(patient)
    await patient.presses("3 经常")
    await patient.hears("第 3 题，共 4 题")
    await patient.says("总是")
    await patient.hears("第 4 题，共 4 题")
    await patient.says("护士长很细心，就是停车太难了")
    await expect(patient.page.locator(".bot").last).to_contain_text("谢谢")
    day3 = (await surveys(place))["day3"]
    assert (day3.stage, day3.score, day3.chat) == (Stage.ANSWERED, 4, None)
    ratings = await place.app.database.run(lambda session: list(session.exec(select(RatingRow))))
    assert len(ratings) >= 1
    assert patient.errors == []
    await patient.context.close()


@pytest.mark.parametrize(("days_ago", "last"), [(4, "1 ★ 很不满意"), (31, "有")])
async def test_all_answers_are_in_view_on_a_small_phone(
    browser: Browser, place: Place, days_ago: int, last: str
) -> None:
    small = {"width": 360, "height": 640}
    code = await ticket(place, days_ago=days_ago, department="心血管内科")
    patient = await visit(browser, link(place, code), viewport=small)
    await patient.hears("第 1 题")
    box = await patient.button(last).bounding_box()
    foot = await patient.page.locator("#composer").bounding_box()
    assert box is not None
    assert foot is not None
    assert box["y"] + box["height"] <= foot["y"]
    await patient.context.close()


async def test_a_second_browser_hears_that_the_link_was_used(browser: Browser, place: Place) -> None:
    code = await ticket(place)
    first, second = await visit(browser, link(place, code)), await visit(browser, link(place, code))
    await first.hears("第 1 题")
    await second.hears("已经有人用过了")
    assert "骨科" not in await second.page.locator("#log").inner_text()
    assert second.errors == []


async def test_the_code_is_in_no_address_no_storage_and_no_history(browser: Browser, place: Place) -> None:
    code = await ticket(place)
    context = await browser.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    asked: list[str] = []
    context.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
    patient = await open_page(context, link(place, code))
    await patient.hears("第 1 题")
    kept = await patient.page.evaluate(
        "JSON.stringify([{...sessionStorage}, {...localStorage}, history.state])"
    )
    assert code not in kept + patient.page.url
    assert asked
    assert not [one for one in asked if code in one and "#" not in one.split(" ")[0]]
    await patient.page.reload()
    await patient.hears("第 1 题")
    await patient.presses("5 ★★★★★ 非常满意")
    await patient.hears("第 2 题")
    assert patient.errors == []


async def test_who_closed_the_page_goes_on_with_the_same_link(browser: Browser, place: Place) -> None:
    code = await ticket(place)
    patient = await visit(browser, link(place, code))
    await patient.presses("4 ★★★★ 满意")
    await patient.page.close()
    again = await open_page(patient.context, link(place, code))
    await again.hears("第 2 题，共 4 题")
    assert again.errors == []


async def test_a_report_and_a_survey_of_one_browser_are_two_sessions(browser: Browser, place: Place) -> None:
    code = await ticket(place)
    reporter = await visit(browser, place.url)
    await reporter.says("骨科的王医生上周收了我两千块红包")
    receipt = await reporter.code()
    patient = await open_page(reporter.context, link(place, code))
    await patient.hears("第 1 题")
    assert receipt not in await patient.page.locator("#log").inner_text()
    script = "JSON.parse(JSON.stringify({...sessionStorage, ...localStorage}))"
    theirs, mine = [await one.page.evaluate(script) for one in (reporter, patient)]
    assert theirs["session"] != mine["survey.session"]
    assert "session" not in mine
    await reporter.page.goto(link(place, code))  # the same tab, too
    both = json.loads(await reporter.page.evaluate(f"JSON.stringify({script})"))
    assert both["session"] != both["survey.session"]
    await reporter.page.goto(place.url)
    assert await reporter.code() == receipt


async def test_once_a_report_was_made_nothing_outlives_the_tab(browser: Browser, place: Place) -> None:
    patient = await visit(browser, link(place, await ticket(place)))
    await patient.hears("第 1 题")
    kept = "Object.keys(localStorage).join()"
    assert await patient.page.evaluate(kept) == "survey.session"
    await patient.says("骨科的王医生上周收了我两千块红包")
    await patient.presses("就这样交上去")
    await patient.code()
    assert await patient.page.evaluate(kept) == ""
    await patient.presses("4 ★★★★ 满意")
    await patient.hears("第 2 题")
    assert await patient.page.evaluate(kept) == ""
    assert patient.errors == []


async def test_leaving_quickly_forgets_the_survey_on_this_device(browser: Browser, place: Place) -> None:
    code = await ticket(place)
    patient = await visit(browser, link(place, code))
    await patient.hears("第 1 题")
    await patient.page.locator("#leave").click()
    await patient.page.wait_for_url("**/tips")
    assert await patient.page.evaluate("sessionStorage.length + localStorage.length") == 0


async def test_without_a_code_the_page_asks_for_the_digits(browser: Browser, place: Place) -> None:
    code = await ticket(place)
    patient = await visit(browser, f"{place.url}f")
    await patient.hears("输入纸上的 12 个数字")
    await patient.says(f"{code[:4]} {code[4:8]} {code[8:]}")
    await patient.hears("第 1 题")
    assert patient.errors == []


@pytest.mark.parametrize("rest", ["000000000000", "<img src=x onerror=alert(1)>", "%3Cscript%3E", "1234"])
async def test_a_hostile_link_does_nothing(browser: Browser, place: Place, rest: str) -> None:
    patient = await visit(browser, f"{place.url}f#{rest}")
    await patient.hears("12 个数字")
    assert patient.page.url == f"{place.url}f"
    assert patient.errors == []


async def test_before_the_day_the_paper_is_to_be_scanned_again(browser: Browser, place: Place) -> None:
    code = await ticket(place, days_ago=0, department="<img src=x onerror=alert(1)>科")
    patient = await visit(browser, link(place, code))
    said = await patient.hears("请再扫一次")
    await expect(said).to_contain_text("<img src=x onerror=alert(1)>科")
    await fits(patient)
    assert patient.errors == []


async def test_a_sheet_scanned_into_an_open_page_counts(browser: Browser, place: Place) -> None:
    code = await ticket(place)
    patient = await visit(browser, f"{place.url}f")
    await patient.page.evaluate(f"location.hash = '{code}'")
    await patient.hears("第 1 题")
    assert patient.page.url == f"{place.url}f"


async def test_without_scripts_the_digits_are_typed(browser: Browser, place: Place) -> None:
    code = await ticket(place)
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(link(place, code))
    assert page.url.startswith(f"{place.url}f")  # no jump: it says first where the digits are asked for
    await page.get_by_role("link", name="换成简单的页面").click()
    assert page.url == f"{place.url}plain#ticket-code"
    await page.get_by_label("随访码").fill(code)
    await page.get_by_role("button", name="开始回答").click()
    await expect(page.get_by_text("第 1 题，共 4 题")).to_be_visible()
    await page.get_by_role("button", name="4 ★★★★ 满意").click()
    await expect(page.get_by_text("第 2 题，共 4 题")).to_be_visible()
    assert code not in page.url
