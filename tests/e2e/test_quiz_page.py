"""A member of staff in a real browser on a phone: material, ten questions, a reload in the middle, 已通过."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from sqlmodel import Session, select

from bot.hospital_file import write_samples
from storage.duties.assignments import Assignment, AssignmentState
from storage.staff.employees import Employee
from storage.training.questions import LETTERS, Kind
from storage.training.sittings import Sitting
from tests.duties import give_out
from tests.e2e.place import Place, running
from tests.e2e.visitor import PHONE, Visitor, visit
from tests.storage.documents import pdf

pytestmark = pytest.mark.asyncio(loop_scope="session")

DUTIES = """
[[duties]]
key = "nine"
title = "九项准则"
owed_by = { everyone = true }
when = { on_request = true }
done = "quiz"
file = "准则.pdf"
"""


@pytest_asyncio.fixture(loop_scope="session")
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    folder = tmp_path / "var"
    folder.mkdir()
    write_samples(folder)
    (folder / "duties.toml").write_text(DUTIES, "utf-8")
    (folder / "materials").mkdir()
    (folder / "materials" / "准则.pdf").write_bytes(pdf())
    async with running(folder) as place:
        yield place


async def gives_out(place: Place) -> int:
    def give(session: Session) -> int:
        people = list(session.exec(select(Employee)))
        return give_out(session, place.app.house, "nine", people=people, now=place.clock()).id or 0

    return await place.app.database.run(give)


async def fits(visitor: Visitor) -> None:
    """Nothing is wider than the phone; what can be pressed is large, and no label is cut off."""
    assert await visitor.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    for button in await visitor.page.locator(".choice:enabled").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= 48
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert await button.evaluate("node => node.scrollWidth <= node.clientWidth")


async def right_labels(place: Place) -> tuple[list[str], bool]:
    """Beginnings of the buttons to press for the question on the screen; whether there are several."""

    def read(session: Session) -> tuple[list[str], bool]:
        sitting = session.exec(select(Sitting)).one()
        key, order = sitting.questions[sitting.position]
        question = place.app.house.questions.find(key)
        assert question is not None
        if question.kind is Kind.JUDGE:
            return ["对" if question.answers == {0} else "错"], False
        several = question.kind is Kind.MULTIPLE
        letters = sorted(LETTERS[order.index(str(place))] for place in question.answers)
        return [f"☐ {letter}" if several else letter for letter in letters], several

    return await place.app.database.run(read)


async def test_ten_questions_on_a_phone_with_a_reload_in_the_middle(browser: Browser, place: Place) -> None:
    clerk = await visit(browser, place.url)
    await clerk.says(f"/join {await place.invite('药剂科', '赵敏')}")
    await gives_out(place)
    await clerk.says("答题")
    await clerk.hears("共 10 题，80 分通过")
    for number in range(1, 11):
        await clerk.hears(f"第 {number}/10 题")
        await fits(clerk)
        if number == 5:
            await clerk.page.reload()
            await clerk.hears("第 5/10 题")
        labels, several = await right_labels(place)
        for label in labels:
            await clerk.presses(label)
        if several:
            await expect(clerk.button("☑").last).to_be_visible()
            await fits(clerk)
            await clerk.presses("确定")
        await clerk.hears("✓ 答对了")
        await fits(clerk)
        await clerk.presses("看成绩" if number == 10 else "下一题")
    await clerk.hears("100 分")
    await clerk.hears("已通过")
    done = await place.app.database.run(lambda session: session.exec(select(Assignment)).one())
    assert (done.state, done.score) == (AssignmentState.DONE, 100)
    assert clerk.errors == []
    await clerk.context.close()
