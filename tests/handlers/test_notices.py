"""Notices: who is told of a case and who may open it, never anybody it accuses; old cards follow the case."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.members import Role
from storage.outbox import announce
from storage.trail_heads import present_head
from tests.stage import Person, Stage, sample_hospital

PLAIN = "骨科李刚医生收了我两千块红包"
PHARMACY = "药剂科的人拿了药商回扣"
OFFICER = "药剂科王芳拿了药商的回扣"
DISCIPLINE = "纪检办的人收了钱，压着我的举报不办"
DISCIPLINE_OFFICER = "孙立收了我两千块红包"
LEADER = "赵建国院长收了设备商的回扣"
NOT_FOUND = "没有查到这一件"


@dataclass
class Cast:
    """Everybody who could hear of a case, by name."""

    stage: Stage
    people: dict[str, Person]
    groups: tuple[str, ...] = ("纪检群", "药剂群")

    async def told(self) -> set[str]:
        """Who has a card of the case in private chat or group."""
        await self.stage.deliver()
        for person in self.people.values():
            await person.looks()
        told = {name for name, person in self.people.items() if "编号 20" in person.text}
        return told | {chat for chat in self.groups if self.shown(chat)}

    def shown(self, chat: str) -> str:
        """The card that stands in a group now."""
        return "".join(reply.text for reply in self.stage.messenger.shown_in(chat) if "编号 20" in reply.text)

    async def openers(self) -> set[str]:
        """Who may open it, by button and by number: both must agree."""
        found = set()
        for name, person in self.people.items():
            pressed, typed = await person.chooses("open:1"), await person.says("1号")
            assert (NOT_FOUND in pressed[0].text) == (NOT_FOUND in typed[0].text)
            if NOT_FOUND not in pressed[0].text:
                found.add(name)
        return found


@pytest.fixture
async def cast(tmp_path: Path) -> AsyncIterator[Cast]:
    """Two pharmacists, two at discipline, the service desk and a supervisor; two groups."""
    hospital = sample_hospital(leaders=[{"name": "赵建国", "title": "院长"}])
    async with Stage(tmp_path, hospital=hospital) as stage:
        people = {
            "王芳": await stage.officer("王芳", "药剂科"),
            "周洁": await stage.officer("周洁", "药剂科"),
            "孙立": await stage.officer("孙立", "纪检办"),
            "吴敏": await stage.officer("吴敏", "纪检办"),
            "郑梅": await stage.officer("郑梅", "投诉办"),
            "何平": await stage.officer("何平", "审计科", Role.SUPERVISOR),
        }
        await stage.group("纪检群", "纪检办")
        await stage.group("药剂群", "药剂科")
        yield Cast(stage, people)


ALL_DISCIPLINE = {"孙立", "吴敏", "纪检群"}


@pytest.mark.parametrize(
    ("text", "told", "openers"),
    [
        (PLAIN, ALL_DISCIPLINE, {"孙立", "吴敏", "何平"}),
        (PHARMACY, ALL_DISCIPLINE, {"孙立", "吴敏", "何平"}),
        (OFFICER, ALL_DISCIPLINE, {"孙立", "吴敏", "何平"}),
        ("药剂科让我们到院外药店买药", ALL_DISCIPLINE, {"孙立", "吴敏", "何平"}),
        ("让我们自己到院外药店买药", {"王芳", "周洁", "药剂群"}, {"王芳", "周洁", "孙立", "吴敏", "何平"}),
        (DISCIPLINE, {"何平"}, {"何平"}),
        (DISCIPLINE_OFFICER, {"何平"}, {"何平"}),
        (LEADER, {"何平"}, {"何平"}),
    ],
)
async def test_nobody_accused_is_told_of_the_report_or_may_open_it(
    cast: Cast, text: str, told: set[str], openers: set[str]
) -> None:
    await cast.stage.person("p").says(text)
    assert await cast.told() == told
    assert await cast.openers() == openers


@pytest.mark.parametrize("text", [PHARMACY, OFFICER, DISCIPLINE, LEADER])
async def test_reminders_of_every_stage_pass_the_accused_by(cast: Cast, text: str) -> None:
    await cast.stage.person("p").says(text)
    accused = {PHARMACY: ["王芳", "周洁"], OFFICER: ["王芳"]}.get(text, ["孙立", "吴敏", "王芳"])
    for _ in range(10):
        cast.stage.clock.advance(days=1)
        await cast.stage.remind()
    assert not await cast.told() & {*accused, "药剂群"}
    assert "已到期" in cast.people["何平" if text in (DISCIPLINE, LEADER) else "孙立"].text


@pytest.mark.parametrize("listing", ["mine", "office", "supporting", "today", "overdue"])
async def test_no_list_shows_a_case_to_the_accused(cast: Cast, listing: str) -> None:
    for text in (PHARMACY, OFFICER, DISCIPLINE, LEADER):
        await cast.stage.person("p").says(text)
        cast.stage.clock.advance(minutes=31)
    for name in ("王芳", "周洁") if listing != "supporting" else ("王芳",):
        replies = await cast.people[name].chooses(f"list:{listing}:0")
        assert "2026-0000" not in "".join(c.label for row in replies[0].choices for c in row)


async def test_an_addition_that_names_the_lead_office_moves_the_case_and_empties_its_cards(
    cast: Cast,
) -> None:
    patient, chemist = cast.stage.person("p"), cast.people["王芳"]
    await patient.says("让我们自己到院外药店买药")
    assert await cast.told() == {"王芳", "周洁", "药剂群"}
    await chemist.chooses("open:1")
    await chemist.presses("受理")
    await patient.says("药剂科的人拿了那家药店的回扣")
    await cast.told()
    assert await cast.openers() == {"孙立", "吴敏", "何平"}
    assert "已不在这里办理" in cast.stage.messenger.shown_in("药剂群")[-1].text
    for name in ("王芳", "周洁"):
        assert "院外药店" not in cast.people[name].text
    assert "编号 20" in cast.shown("纪检群")


async def test_the_accused_officer_reads_no_such_case_at_every_old_button(cast: Cast) -> None:
    patient, chemist = cast.stage.person("p"), cast.people["王芳"]
    await patient.says("让我们自己到院外药店买药")
    await chemist.chooses("open:1")
    old = [choice.value for reply in chemist.screen.values() for row in reply.choices for choice in row]
    await patient.says("就是药剂科王芳拿了药店的回扣")
    buttons = [value for value in old if value.startswith(("do:", "thread", "history", "open", "text"))]
    assert len(buttons) >= 8
    for value in buttons:
        assert NOT_FOUND in (await chemist.chooses(value))[0].text, value
    await chemist.looks()
    assert "院外药店" not in "".join(reply.text for reply in chemist.screen.values())
    assert "王芳" not in await cast.openers()


async def test_an_addition_that_names_discipline_seals_the_case(cast: Cast) -> None:
    patient = cast.stage.person("p")
    await patient.says(PLAIN)
    assert await cast.told() == ALL_DISCIPLINE
    await patient.says("我找过纪检办，他们收了钱，压着不办")
    assert "何平" in await cast.told()
    assert await cast.openers() == {"何平"}
    card = cast.stage.messenger.shown_in("纪检群")[-1]
    assert ("已不在这里办理" in card.text, card.choices) == (True, ())


async def test_an_office_without_members_has_discipline_look_after_it(cast: Cast) -> None:
    await cast.stage.person("p").says("黄牛在门诊大厅倒卖专家号，一个号要五百")
    assert [case.lead_office for case in await cast.stage.cases()] == ["保卫科"]
    assert await cast.told() == ALL_DISCIPLINE
    assert await cast.openers() == {"孙立", "吴敏", "何平"}


async def test_an_urgent_case_reaches_office_head_and_discipline_at_once(cast: Cast) -> None:
    head = await cast.stage.officer("冯刚", "医务科", Role.HEAD)
    doctor = await cast.stage.officer("陈东", "医务科")
    await head.presses("下班休息")
    await cast.stage.person("p").says("医生误诊把我爸治坏了，正在大出血没人管，快要死了")
    [case] = await cast.stage.cases()
    assert (case.lead_office, case.urgent) == ("医务科", True)
    assert await cast.told() >= ALL_DISCIPLINE
    for person in (head, doctor):
        await person.looks()
        assert "【急】" in person.text


async def test_group_cards_follow_the_case_and_never_show_what_was_written(cast: Cast) -> None:
    patient, officer = cast.stage.person("p"), cast.people["孙立"]
    await patient.says(PLAIN)
    await cast.told()
    await officer.presses("打开")
    await officer.presses("受理")
    await cast.told()
    card = cast.stage.messenger.shown_in("纪检群")[-1]
    assert "已受理" in card.text
    assert card.edits is not None
    everything = "".join(reply.text for _, _, reply in cast.stage.messenger.sent)
    assert not any(word in everything for word in ("李刚", "骨科", "两千"))


async def test_a_card_that_was_on_its_way_while_the_case_moved_is_drawn_again(cast: Cast) -> None:
    await cast.stage.person("p").says(PLAIN)
    await cast.stage.delivery.deliver_once()  # finds the chats
    await cast.stage.delivery.deliver_once()  # draws and sends
    await cast.people["孙立"].chooses("open:1")
    await cast.people["孙立"].presses("受理")
    await cast.stage.delivery.landed()
    await cast.told()
    assert "已受理" in cast.stage.messenger.shown_in("纪检群")[-1].text


async def test_the_group_of_who_is_named_later_keeps_no_more_than_the_number(cast: Cast) -> None:
    patient = cast.stage.person("p")
    await patient.says("医生让我去外面的药店买药")
    assert {"药剂群", "王芳", "周洁"} <= await cast.told()
    await patient.says("王芳收了我两千块")
    await cast.told()
    last = cast.stage.messenger.shown_in("药剂群")[-1]
    assert last.edits is not None
    assert not last.choices
    assert "类别" not in last.text
    assert "周洁" in await cast.openers()


async def test_somebody_named_before_they_joined_finds_no_such_case(cast: Cast) -> None:
    await cast.stage.person("p").says("黄伟收了我两千块红包")
    await cast.told()
    cast.people["黄伟"] = await cast.stage.officer("黄伟", "审计科", Role.SUPERVISOR)
    assert "黄伟" not in await cast.openers()
    assert {"孙立", "吴敏", "何平"} <= await cast.openers()


async def test_the_head_in_chat_is_that_of_the_trail_whatever_stands_in_the_row(cast: Cast) -> None:
    stage = cast.stage
    supervisor = await stage.officer("郑清", "投诉办", Role.SUPERVISOR)
    forged = "12-AAAA-BBBB-CCCC-DDDD-EEEE"
    await stage.database.run(
        lambda session: announce(session, "supervisors", "trail.head", now=stage.clock(), head=forged)
    )
    await supervisor.looks()
    head = await stage.database.run(present_head)
    assert str(head) in supervisor.text
    assert forged not in supervisor.text
