"""Cards of duties in groups: one message a morning, edited as answers come in, posted anew at a lead."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage.duties.cards import DutyCard
from storage.duties.occurrences import Occurrence, OccurrenceStage, touch
from storage.errors import DeliveryError
from storage.groups import EVERYONE, Group
from storage.invites import invite
from storage.letters import Letter
from storage.members import Role
from storage.messages import Inbound, Reply
from tests.duties import make_book
from tests.scheduler.test_duties import answers, at, joins, morning, plan, told
from tests.stage import Stage

ROOM = "药剂科群"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    second = {"key": "quiz", "title": "准则测试", "done": "quiz"}
    async with Stage(tmp_path, duties=make_book({}, second)) as stage:
        await stage.group(ROOM, "药剂科")
        for name in ("赵敏", "钱多"):
            await joins(stage, name, "药剂科")
        await joins(stage, "孙立", "医务科")
        yield stage


def cards(stage: Stage, room: str = ROOM) -> list[tuple[str, Reply]]:
    """What was sent to the group about duties: reference and message, edits among them."""
    sent = [(reference, reply) for chat, reference, reply in stage.messenger.sent if chat == room]
    return [(reference, reply) for reference, reply in sent if "📌" in reply.text]


async def test_a_card_shows_what_by_when_for_whom_and_how_far_and_no_name(stage: Stage) -> None:
    number = await plan(stage)
    await at(stage, morning(25, 11))
    ((_, card),) = cards(stage)
    assert card.text == (
        "📌 专题学习\n学习九项准则。\n截止：12月4日（周五）17:00\n对象：全体职工\n○○○○○○○○○○ 0/2"
    )
    values = [choice.value for row in card.choices for choice in row]
    assert values == [f"due:read:{number}", f"due:later:{number}"]
    assert "赵敏" not in card.text


async def test_several_duties_of_a_morning_are_one_card_with_a_button_each(stage: Stage) -> None:
    first = await plan(stage)
    second = await plan(stage, "quiz")
    await at(stage, morning(25, 11))
    ((_, card),) = cards(stage)
    assert card.text.startswith(
        "📌 今天提醒 2 件事：\n1. 专题学习\n　　12月4日（周五）17:00 前 · ○○○○○○○○○○ 0/2"
    )
    labels = [(choice.label, choice.value) for row in card.choices for choice in row]
    assert labels == [("1. 已阅", f"due:read:{first}"), ("2. 开始答题", f"quiz:begin:{second}")]


async def test_a_group_reads_which_of_several_duties_are_overdue(stage: Stage) -> None:
    await plan(stage)
    await plan(stage, "quiz")
    await at(stage, morning(25, 11))
    await at(stage, morning(7, 12))
    *_, (_, card) = cards(stage)
    assert "1. 专题学习\n　　12月4日（周五）17:00 截止，已超期 · ○○○○○○○○○○ 0/2" in card.text


async def test_a_card_is_edited_as_answers_come_in_and_shows_when_all_have(stage: Stage) -> None:
    number = await plan(stage)
    await at(stage, morning(25, 11))
    await answers(stage, number, "医务科")
    await at(stage, morning(25, 11, minutes=1))
    assert len(cards(stage)) == 1, "what another office does is not seen here"
    await answers(stage, number, "药剂科")
    await at(stage, morning(25, 11, minutes=2))
    (posted, _), (edited, card) = cards(stage)
    assert (edited, card.edits) == (posted, posted)
    assert "●●●●●●●●●● 2/2" in card.text
    assert "已全部完成" in card.text
    assert card.choices == ()


async def test_ten_thousand_answers_are_an_edit_every_twenty_seconds(stage: Stage) -> None:
    number = await plan(stage)
    await at(stage, morning(25, 11))
    for second in range(60):
        moment = morning(25, 11, minutes=1, seconds=second)
        share = second % 2 == 0
        stage.clock.now = moment
        await answers(stage, number, "药剂科", undo=share)
        await at(stage, moment)
    await at(stage, morning(25, 11, minutes=3))
    assert 1 <= len(cards(stage)) - 1 <= 4
    assert "2/2" in cards(stage)[-1][1].text


async def test_while_a_drawing_is_under_way_no_other_is_asked_for(stage: Stage) -> None:
    number = await plan(stage)
    await at(stage, morning(25, 11))
    for minute in range(1, 6):
        stage.clock.now = morning(25, 11, minutes=minute)
        await answers(stage, number, "药剂科", undo=minute % 2 == 0)
        await stage.sweep_duties()  # the messenger takes nothing meanwhile
    waiting = select(Letter).where(Letter.notice == "due.card", Letter.state == "pending")
    letters = await stage.database.run(lambda session: list(session.exec(waiting)))
    assert len(letters) == 1


async def test_at_a_new_lead_the_card_is_posted_anew_and_the_old_one_says_so(stage: Stage) -> None:
    await plan(stage)
    await at(stage, morning(25, 11))
    await at(stage, morning(1))
    (first, _), (edited, old), (second, new) = cards(stage)
    assert edited == first
    assert old.edits == first
    assert "已在下面重新提醒" in old.text
    assert old.choices == ()
    assert second != first
    assert new.choices


async def test_a_digest_card_keeps_what_was_not_announced_anew(stage: Stage) -> None:
    await plan(stage)
    await plan(stage, "quiz", due=morning(7, hours=8))  # its leads are a working day later
    await at(stage, morning(26, 11))
    await at(stage, morning(1))
    (_, digest), (_, old), (_, new) = cards(stage)
    assert "2 件事" in digest.text
    assert "1. 专题学习\n　　↓ 已在下面重新提醒" in old.text
    assert [choice.label for row in old.choices for choice in row] == ["2. 开始答题"]
    assert new.text.startswith("📌 专题学习")


async def test_an_office_that_is_done_is_not_reminded_in_its_group(stage: Stage) -> None:
    number = await plan(stage)
    await at(stage, morning(25, 11))
    await answers(stage, number, "药剂科")
    await at(stage, morning(25, 11, minutes=5))
    shown = len(cards(stage))
    await at(stage, morning(1))
    await at(stage, morning(3))
    assert len(cards(stage)) == shown


async def test_at_the_end_the_card_says_so_and_is_looked_at_no_more(stage: Stage) -> None:
    number = await plan(stage)
    day = morning(25, 11)
    while day <= morning(21):
        await at(stage, day)
        day += timedelta(days=1)
    await at(stage, morning(21, minutes=5))
    assert "已结束" in cards(stage)[-1][1].text
    live = select(DutyCard).where(DutyCard.live)
    assert await stage.database.run(lambda session: list(session.exec(live))) == []
    occurrence = await stage.database.run(lambda session: session.get_one(Occurrence, number))
    assert occurrence.stage is OccurrenceStage.CLOSED


async def test_a_group_of_the_whole_house_sees_how_far_all_are(stage: Stage) -> None:
    hall = await stage.group("全院群", EVERYONE)
    await stage.deliver()
    assert "全院职工的通知群" in stage.messenger.shown_in(hall.name)[-1].text
    number = await plan(stage)
    await at(stage, morning(25, 11))
    await answers(stage, number, "医务科")
    await at(stage, morning(25, 11, minutes=1))
    (_, posted), (_, edited) = cards(stage, hall.name)
    assert posted.text.startswith("📌 全院 · 专题学习")
    assert "0/3" in posted.text
    assert "●●●○○○○○○○ 1/3" in edited.text


async def test_a_deleted_group_gets_nothing_more_and_private_letters_go_on(stage: Stage) -> None:
    person = await joins(stage, "李四", "药剂科", Role.STAFF, "messenger")
    number = await plan(stage)
    stage.clock.now = morning(25, 11)
    await stage.sweep_duties()
    stage.messenger.failures.append(DeliveryError("group is gone", permanent=True))
    await stage.deliver()
    assert cards(stage) == []
    await answers(stage, number, "医务科")
    await at(stage, morning(1))
    assert cards(stage) == []
    assert "专题学习" in told(stage, person)[-1]
    assert await stage.database.run(lambda session: list(session.exec(select(DutyCard)))) == []


async def test_a_group_that_became_another_chat_keeps_its_card(stage: Stage) -> None:
    number = await plan(stage)
    await at(stage, morning(25, 11))
    await answers(stage, number, "药剂科")
    stage.clock.now = morning(25, 11, minutes=1)
    await stage.sweep_duties()
    stage.messenger.failures.append(DeliveryError("moved", moved_to="新群"))
    await stage.deliver()
    ((_, edited),) = cards(stage, "新群")
    assert "2/2" in edited.text

    def bound(session: Session) -> tuple[int, int]:
        card = session.exec(select(DutyCard)).one()
        group = session.exec(select(Group).where(Group.active)).one()
        return card.group_id, group.id or 0

    mine, here = await stage.database.run(bound)
    assert mine == here


async def test_a_group_given_to_another_office_shows_nothing_of_the_former(stage: Stage) -> None:
    number = await plan(stage)
    await at(stage, morning(25, 11))
    await stage.group(ROOM + "!", "医务科")  # another group, for comparison
    code = await stage.database.run(
        lambda session: invite(session, "医务科", vault=stage.house.vault, now=stage.clock(), for_group=True)
    )
    room = stage.person(ROOM, "messenger")
    room._events = 50
    await room.says(f"/bind {code}", in_group=True)
    shown = len(cards(stage))
    await answers(stage, number)
    await at(stage, morning(25, 11, minutes=5))
    assert len(cards(stage)) == shown


async def test_a_change_while_nothing_differs_draws_nothing(stage: Stage) -> None:
    number = await plan(stage)
    await at(stage, morning(25, 11))
    stage.clock.now = morning(25, 11, minutes=5)
    await stage.database.run(lambda session: touch(session, number, now=stage.clock()))
    await at(stage, morning(25, 11, minutes=6))
    assert len(cards(stage)) == 1


async def test_the_same_duty_in_a_group_and_on_the_page(stage: Stage) -> None:
    person = await joins(stage, "李四", "药剂科")
    number = await plan(stage)
    await at(stage, morning(25, 11))
    shown = await person.looks()
    assert "0/3" in shown[-1].text
    assert "0/3" in cards(stage)[-1][1].text
    await answers(stage, number)
    await at(stage, morning(25, 11, minutes=1))
    assert "3/3" in cards(stage)[-1][1].text
    assert await person.looks() == []


async def test_an_answer_that_was_written_after_the_drawing_began_is_drawn_too(stage: Stage) -> None:
    number = await plan(stage)
    await at(stage, morning(25, 11))
    await at(stage, morning(25, 11, minutes=2))
    stage.clock.now = morning(25, 11, minutes=1, seconds=59)  # its message waited for the one writer
    await answers(stage, number, "药剂科")
    await at(stage, morning(25, 11, minutes=2, seconds=30))
    assert "2/2" in cards(stage)[-1][1].text


async def test_a_press_in_a_group_answers_for_who_pressed_and_for_nobody_else(stage: Stage) -> None:
    number = await plan(stage)
    await at(stage, morning(25, 11))
    ((reference, _),) = cards(stage)

    async def press(who: str, event: str) -> str:
        inbound = Inbound(
            "messenger", who, ROOM, event, choice=f"due:read:{number}", in_group=True, pressed=reference
        )
        answer = await stage.receive(inbound)
        return "".join(sent.reply.toast or sent.reply.text for sent in answer.replies)

    member = await joins(stage, "李四", "药剂科", Role.STAFF, "messenger")
    assert "本院职工" in await press("路人", "1")
    await at(stage, morning(25, 11, minutes=1))
    assert "0/3" in cards(stage)[-1][1].text  # who came later was given it as they joined
    assert await press(member.name, "2")
    await at(stage, morning(25, 11, minutes=2))
    assert "1/3" in cards(stage)[-1][1].text
    assert "李四" not in cards(stage)[-1][1].text
