"""Whoever is named later, or steps back, loses what they were shown before: pages, repeats, files."""

import pytest

from bot.channels.base import Sent
from storage.access import may_see
from storage.cases import Case
from storage.invites import invite
from storage.members import Member, Role
from storage.messages import Inbound, Upload
from tests.stage import Person, Stage
from tests.storage.samples import picture

STORY = "骨科医生上周收了两千块红包"
NO_SUCH = "没有查到这一件，或者它不归您办理。"


async def opened(stage: Stage) -> tuple[Person, Person, Person]:
    """A reporter whose case two officers have read."""
    anna, bert = await stage.officer("王芳"), await stage.officer("李强")
    await stage.officer("何平", "人事科", Role.SUPERVISOR)
    reporter = stage.person("patient")
    await reporter.says(STORY, Upload("a.jpg", picture("JPEG")))
    for one in (anna, bert):
        await one.chooses("list:office:0")
        await one.chooses("open:1")
        await one.chooses("files:1")
    return reporter, anna, bert


async def page_of(stage: Stage, person: Person) -> str:
    """What the page of somebody shows when it loads again."""
    await stage.deliver()
    found: list[Sent] = list(await stage.room.read_after(person.name, 0))
    return "\n".join(f"{sent.reply.text} {sent.reply.choices} {sent.reply.files}" for sent in found)


@pytest.mark.parametrize("how", ["named", "recused"])
async def test_a_page_that_loads_again_shows_nothing_of_the_case(stage: Stage, how: str) -> None:
    reporter, anna, bert = await opened(stage)
    assert STORY in await page_of(stage, anna)
    if how == "named":
        await reporter.says("收钱的还有你们纪检办的王芳")
    else:
        await anna.chooses("open:1")
        await anna.presses("更多…")
        await anna.presses("申请回避")
        await anna.presses("跳过")
        await anna.presses("确认回避")
    shown = await page_of(stage, anna)
    assert STORY not in shown
    assert "照片" not in shown
    assert "红包" not in shown
    if how == "recused":
        assert STORY in await page_of(stage, bert)


async def test_a_repeated_event_gets_no_old_answer(stage: Stage) -> None:
    reporter, anna, _ = await opened(stage)
    event = Inbound("web", anna.name, anna.name, "the same event", choice="text:1:1")
    first = await stage.receive(event)
    assert STORY in first.replies[0].reply.text
    await reporter.says("收钱的还有你们纪检办的王芳")
    again = await stage.receive(event)
    assert not [sent for sent in again.replies if STORY in sent.reply.text]


async def test_a_case_that_leaves_the_office_leaves_its_pages(stage: Stage) -> None:
    """Nobody of the office is accused, but what went elsewhere is not theirs to read again either."""
    _, anna, bert = await opened(stage)
    await stage.officer("周洁", "药剂科")
    await bert.chooses("open:1")
    await bert.presses("转办")
    await bert.presses("药剂科")
    await bert.says("请药剂科办理")
    assert [case.lead_office for case in await stage.cases()] == ["药剂科"]
    assert STORY not in await page_of(stage, anna)
    assert "照片" not in await page_of(stage, anna)


async def test_old_buttons_and_reminders_of_who_is_named_are_of_no_use(stage: Stage) -> None:
    reporter, anna, _ = await opened(stage)
    await anna.chooses("do:accept:1:0")
    await reporter.says("收钱的还有你们纪检办的王芳")
    anna.screen.clear()
    anna.seen = 10**9
    stage.clock.advance(days=90)
    await stage.remind()
    await stage.deliver()
    assert "2026-00001" not in anna.text
    for value in ("open:1", "files:1", "do:close:1:1", "category:1:1:all", "block:1", "copies:1"):
        assert (await anna.chooses(value))[-1].text == NO_SUCH

    def sees(session: object) -> bool:
        case, member = session.get(Case, 1), session.get(Member, 1)  # type: ignore[attr-defined]
        return may_see(session, case, member, stage.house.hospital)  # type: ignore[arg-type]

    assert not await stage.database.run(sees)


async def test_who_moves_finds_no_lists_of_the_former_office(stage: Stage) -> None:
    _, anna, _ = await opened(stage)
    assert "-00001" in await page_of(stage, anna)
    code = await stage.database.run(
        lambda session: invite(
            session, "药剂科", vault=stage.house.vault, now=stage.clock(), role=Role.OFFICER, name=""
        )
    )
    await anna.says(f"/join {code}")
    shown = await page_of(stage, anna)
    assert "-00001" not in shown.replace("-00001：已不在这里办理", "")
    assert "现在属于药剂科" in shown
