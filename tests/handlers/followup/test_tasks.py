"""A ward at its phone: tasks are pushed, taken, tried, done with a note, given away; groups read nothing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from storage.cases import Case
from storage.events import Event
from storage.followup.discharges import Discharge, Standing
from storage.followup.recovery import add_wish, open_task
from storage.followup.surveys import Survey
from storage.followup.task_steps import LONGEST_NOTE
from storage.followup.tasks import Task, TaskKind, TaskState, open_sealed
from storage.invites import invite
from storage.letters import Letter
from storage.members import Role
from storage.messages import Inbound, Upload
from storage.outbox import announce
from tests.stage import MONDAY, Stage, sample_hospital
from tests.storage.followup.stays import make_stay, surveys_of

CALLBACK, RECOVERY = TaskKind.CALLBACK, TaskKind.RECOVERY
FEVER, PHONE = "一直发烧，伤口流脓", "13912345678"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    names = {office.name for office in sample_hospital().offices} | {"护理部"}
    hospital = sample_hospital(
        followup={"care_office": "护理部"}, offices=[{"name": one} for one in sorted(names)]
    )
    async with Stage(tmp_path, hospital=hospital) as stage:
        yield stage


async def opened(stage: Stage, kind: TaskKind = CALLBACK, **values: Any) -> int:
    def make(session: Session) -> int:
        survey = surveys_of(session, make_stay(session, stage.house, MONDAY, ward="三病区", phone=""))["day3"]
        given: dict[str, Any] = {"words": FEVER, "phone": PHONE, "call_wanted": True}
        given = given if kind is CALLBACK else {}
        task = open_task(session, kind, survey, house=stage.house, now=stage.clock(), **(given | values))
        return task.id or 0

    return await stage.database.run(make)


async def task_now(stage: Stage, number: int = 1) -> Task:
    task = await stage.database.run(lambda session: session.get(Task, number))
    assert task is not None
    return task


async def note_of(stage: Stage, number: int = 1) -> str:
    return open_sealed(await task_now(stage, number), "note", vault=stage.house.vault)


async def trail(stage: Stage) -> list[tuple[str, str, str]]:
    """Who did what with tasks, and the details."""
    found = select(Event).where(col(Event.action).startswith("task_")).order_by(col(Event.id))
    events = await stage.database.run(lambda session: list(session.exec(found)))
    return [(event.actor, event.action, event.detail) for event in events]


async def test_a_nurse_takes_it_calls_and_writes_what_came_of_it(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    await opened(stage)
    await nurse.looks()
    assert "【急】请回电：出院病人说身体不舒服\n科室：骨科 三病区" in nurse.text
    assert "请在 09:30 前打电话（还剩 30 分钟）" in nurse.text
    assert FEVER not in nurse.text  # nobody's phone shows it before it is asked for
    await nurse.presses("我来处理")
    assert f"电话：{PHONE}" in nurse.text
    assert f"病人说：\n{FEVER}" in nurse.text
    assert "出院号：N" in nurse.text
    assert "您正在处理" in nurse.text
    await nurse.presses("已联系，办结")
    assert "请用一句话写下联系情况" in nurse.text
    await nurse.says("已通话，约好明天来换药")
    assert "已办结，辛苦了。" in nurse.text
    assert await note_of(stage) == "已通话，约好明天来换药"
    assert (await task_now(stage)).state is TaskState.DONE
    assert [action for _, action, _ in await trail(stage)] == ["task_taken", "task_read", "task_done"]
    assert PHONE not in str(await trail(stage))
    assert await stage.cases() == []


async def test_each_showing_of_the_number_stands_in_the_trail(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    await opened(stage)
    for _ in range(2):
        await nurse.chooses("task:open:1")
    seen = '{"number": true, "phone": true, "task": 1}'
    assert await trail(stage) == [("member:1", "task_read", seen)] * 2


async def test_of_two_who_press_one_wins_and_the_other_hears_who(stage: Stage) -> None:
    first, second = await stage.officer("孙敏", "骨科"), await stage.officer("李丽", "骨科")
    await opened(stage)
    await first.looks()
    await second.looks()
    await first.presses("我来处理")
    await second.presses("我来处理")
    assert "刚才有变化，您这一下没有执行" in second.text
    assert "孙敏正在处理" in second.text
    assert (await task_now(stage)).assignee_id == 1
    await first.looks()
    assert "正在处理。" not in first.text  # who took it is not told so
    await second.looks()
    assert "【急】回电（骨科 三病区）：孙敏正在处理。" in second.text
    await second.presses("我来接手")
    assert (await task_now(stage)).assignee_id == 2


async def test_a_group_reads_no_content_and_whoever_presses_gets_it_alone(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科", channel="messenger")
    await stage.group("骨科群", "骨科")
    await opened(stage)
    await stage.deliver()
    card = stage.messenger.shown_in("骨科群")[-1]
    assert card.text.startswith("【急】请回电：出院病人说身体不舒服\n科室：骨科 三病区\n请在 09:30 前打电话")
    value = card.choices[0][0].value
    pressed = Inbound("messenger", nurse.name, "骨科群", "press", choice=value, pressed="7", in_group=True)
    [reply] = [sent.reply for sent in (await stage.receive(pressed)).replies]
    assert reply.toast == "好的，交给您了。病人的情况已发到您与我的私聊。"
    assert reply.edits == "7"
    assert "孙敏正在处理" in reply.text
    await stage.deliver()
    private = stage.messenger.shown_in(nurse.name)[-1]
    assert PHONE in private.text
    shown = [one.text for one in stage.messenger.shown_in("骨科群")]
    assert not [text for text in shown if PHONE in text or FEVER in text]
    assert shown.count("【急】回电（骨科 三病区）：孙敏正在处理。") == 0  # the edited card says it


async def test_in_a_group_nobody_else_gets_anything(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科", channel="messenger")
    await stage.officer("内科", "内科", channel="messenger")
    await stage.group("骨科群", "骨科")
    await opened(stage)
    values = ("task:open:1", "task:take:1:0", "task:done:1:0", "task:done:1:0:bare", "task:list:0", "task:x")
    for number, (who, value) in enumerate((who, v) for who in ("路人", "officer 内科") for v in values):
        press = Inbound("messenger", who, "骨科群", f"p{number}", choice=value, pressed="7", in_group=True)
        for sent in (await stage.receive(press)).replies:
            assert (sent.reply.text, sent.reply.choices) == ("", ())
            assert sent.reply.toast
    late = Inbound("messenger", nurse.name, "骨科群", "p", choice="task:take:1:5", pressed="7", in_group=True)
    [sent] = (await stage.receive(late)).replies
    assert sent.reply.toast == "刚才有变化，您这一下没有执行。下面是最新情况。"
    assert (await task_now(stage)).version == 0


async def test_nobody_answers_the_phone(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    await opened(stage)
    await nurse.chooses("task:open:1")
    await nurse.presses("没打通")
    assert "记下了：没打通。10:00 再提醒您。" in nurse.text
    assert "打过 1 次，没有打通" in nurse.text


async def test_another_office_gets_it_and_here_it_is_gone(stage: Stage) -> None:
    nurse, colleague = await stage.officer("孙敏", "骨科"), await stage.officer("李丽", "骨科")
    care = await stage.officer("护理", "护理部")
    await opened(stage)
    await nurse.chooses("task:open:1")
    await nurse.presses("转给护理部")
    assert "已转给护理部，这里不用再处理。" in nurse.text
    await colleague.looks()
    assert "【急】回电（骨科 三病区）：已转给护理部，这里不用再处理。" in colleague.text
    await nurse.chooses("task:open:1")
    assert "没有查到这项任务，或者它不归您处理。" in nurse.text
    await care.looks()
    await care.presses("打开")
    assert FEVER in care.text


async def test_a_low_rating_without_a_wish_tells_nobody_who_it_was(stage: Stage) -> None:
    """A patient who wants no call must not be found by the ward they complained about."""
    head = await stage.officer("周主管", "骨科", Role.HEAD)
    await opened(stage, RECOVERY, score=1)
    await head.looks()
    await head.presses("我来处理")
    assert "评分：1 分（满分 5 分）" in head.text
    assert "病人没有留话，也没有要求回电，所以这里没有出院号和电话" in head.text
    assert "出院号：" not in head.text
    assert "没打通" not in head.buttons
    assert '"number": false, "phone": false' in (await trail(stage))[-1][2]
    await head.presses("已处理，办结")
    await head.presses("不写，直接办结")
    assert await note_of(stage) == ""
    assert (await task_now(stage)).state is TaskState.DONE


async def test_a_low_rating_with_a_wish_shows_whom_to_call(stage: Stage) -> None:
    head = await stage.officer("周主管", "骨科", Role.HEAD)
    await opened(stage, RECOVERY, score=2, words="等了三个小时", call_wanted=True, ask_again=True)
    await head.chooses("task:open:1")
    assert "等了三个小时" in head.text
    assert "电话：没有留，请按出院号查" in head.text
    assert "办结后，系统会再问病人一次。" in head.text
    await head.presses("已联系，办结")
    await head.says("跳过")
    assert "病人会再收到一次询问" in head.text
    found = select(Letter).where(Letter.notice == "survey.again")
    letters = await stage.database.run(lambda session: list(session.exec(found)))
    assert [one.audience for one in letters] == ["survey:1"]


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing.DECEASED, "注意：病人已经去世，请不要打这个电话。"),
        (Standing.READMITTED, "注意：病人又住院了"),
        (Standing.WRONG_PERSON, "注意：留的号码不是病人的"),
        (Standing.OPTED_OUT, ""),
    ],
)
async def test_who_calls_is_told_first_what_became_of_the_patient(
    stage: Stage, standing: Standing, said: str
) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    await opened(stage)

    def change(session: Session) -> None:
        discharge = session.get(Discharge, 1)
        assert discharge is not None
        discharge.standing = standing
        session.add(discharge)

    await stage.database.run(change)
    await nurse.chooses("task:open:1")
    assert said in nurse.text
    assert ("注意" in nurse.text) == bool(said)


async def test_what_the_patient_adds_comes_to_who_does_it(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    await opened(stage)
    await nurse.looks()
    await nurse.presses("我来处理")
    await nurse.presses("已联系，办结")

    def say_more(session: Session) -> None:
        task = session.get(Task, 1)
        assert task is not None
        add_wish(session, task, words="现在喘不上气", house=stage.house, now=stage.clock())

    await stage.database.run(say_more)
    await nurse.says("没事了")
    assert "刚才有变化，您这一下没有执行" in nurse.text
    assert "现在喘不上气" in nurse.text
    assert "您写的内容没有发出，需要时请复制：\n没事了" in nurse.text
    await nurse.looks()
    assert "病人又补充了情况" in nurse.text
    assert (await task_now(stage)).state is TaskState.TAKEN


async def test_a_note_about_danger_is_a_note_and_no_report(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    await opened(stage)
    await nurse.chooses("task:open:1")
    await nurse.presses("已联系，办结")
    await nurse.says("病人说不想活了，想自杀，已转心理科")
    assert await stage.database.run(lambda session: session.exec(select(Case)).all()) == []
    assert (await note_of(stage)).endswith("已转心理科")


async def test_a_note_that_is_no_note_is_asked_for_again(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    await opened(stage)
    await nurse.chooses("task:open:1")
    await nurse.presses("已联系，办结")
    for text, said in (("……", "请写几个字"), ("好" * 501, f"请不超过 {LONGEST_NOTE} 字")):
        await nurse.says(text)
        assert said in nurse.text
    await nurse.says("", Upload("x.txt", b"hello"))
    assert "这里只收文字" in nurse.text
    await nurse.says("取消")
    assert "还没有办结。" in nurse.text
    assert (await task_now(stage)).state is TaskState.OPEN
    await nurse.says("随便说一句")
    assert "骨科回访台" in nurse.text


async def test_another_button_leaves_the_note(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    await opened(stage)
    await nurse.chooses("task:done:1:0")
    await nurse.chooses("desk")
    await nurse.says("已通话")
    assert (await task_now(stage)).state is TaskState.OPEN


async def test_the_list_by_word_and_by_button(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    await nurse.says("回访")
    assert "回访任务：现在没有要处理的。" in nurse.text
    for _ in range(9):
        await opened(stage)
    for word in ("/回访", "回访", "/tasks", "回 访"):
        await nurse.says(word)
        assert nurse.buttons.count("【急】回电 · 骨科 三病区 · 还剩30分") >= 8, word
    await nurse.presses("下一页")
    await nurse.presses("菜单")
    assert "回访任务 9" in nurse.buttons


async def test_the_desk_of_a_ward_shows_what_is_there_for_it(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    assert nurse.buttons == ["我的任务", "职工服务", "回访任务", "下班休息"]
    assert "骨科回访台" in nurse.text
    assert "孙敏，您好！您已加入骨科（经办人）。" in nurse.text
    await stage.person("p").says("药房卖药收回扣，给医生提成五千")
    for word in ("我的", "本科室", "协办", "超期", "1号", "2026-00001", "统计", "交接"):
        await nurse.says(word)
        assert "00001" not in "".join(nurse.buttons)
    assert "回扣" not in nurse.text
    await nurse.says("帮助")
    assert "回访：看要处理的任务" in nurse.text
    officer = await stage.officer("赵敏", "投诉办")
    assert not [label for label in officer.buttons if label.startswith("回访")]


@pytest.mark.parametrize("value", [
    "task", "task:", "task:open", "task:open:x", "task:open:99999999999999999999", "task:take:1",
    "task:take:1:x", "task:take:1:-1", "task:take:1:7", "task:to9:1:0", "task:to:1:0", "task:tox:1:0",
    "task:done:1:5", "task:done:1:5:bare", "task:list", "task:list:x", "task:list:999", "task:fly:1:0",
    "task:miss:1:３", "task:open:¹",
])  # fmt: skip
async def test_a_forged_button_moves_nothing(stage: Stage, value: str) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    await opened(stage)
    await nurse.chooses(value)
    task = await task_now(stage)
    assert (task.state, task.version, task.office) == (TaskState.OPEN, 0, "骨科")


async def test_a_stranger_and_who_handles_nothing_learn_nothing(stage: Stage) -> None:
    await opened(stage)
    people = [
        stage.person("p"),
        await stage.officer("职工", "骨科", Role.STAFF),
        await stage.officer("管理", "纪检办", Role.ADMINISTRATOR),
        await stage.officer("内科", "内科", Role.HEAD),
    ]
    for person in people:
        for verb in ("open:1", "take:1:0", "done:1:0", "done:1:0:bare", "miss:1:0", "to0:1:0", "list:0"):
            await person.chooses(f"task:{verb}")
        assert FEVER not in person.text
        assert PHONE not in person.text
        assert "骨科 三病区" not in "".join(person.buttons)
    assert (await task_now(stage)).version == 0


async def test_a_corrected_rating_is_told_and_leaves_the_list(stage: Stage) -> None:
    head = await stage.officer("周主管", "骨科", Role.HEAD)
    await opened(stage, RECOVERY, score=1)

    def correct(session: Session) -> None:
        survey = session.get(Survey, 1)
        assert survey is not None
        open_task(session, RECOVERY, survey, score=5, house=stage.house, now=stage.clock())

    await head.looks()
    await stage.database.run(correct)
    await head.looks()
    assert "低分跟进（骨科 三病区）：病人改了评分，这里不用再处理。" in head.text
    await head.presses("我来处理")
    assert "病人改了评分，不用再处理" in head.text
    await head.says("回访")
    assert "现在没有要处理的" in head.text


async def test_who_left_the_ward_gets_nothing_that_was_on_its_way(stage: Stage) -> None:
    await stage.officer("孙敏", "骨科")
    nurse = await stage.officer("李丽", "骨科", channel="messenger")
    await opened(stage)
    await nurse.chooses("task:open:1")
    await stage.database.run(lambda session: _card_for(session, stage, 2))
    await nurse.says(f"/join {await _code(stage, '内科')}")
    before = len(stage.messenger.sent)
    await stage.deliver()
    later = [reply.text for _, _, reply in stage.messenger.sent[before:]]
    assert not [text for text in later if text.startswith("【急】请回电")]


def _card_for(session: Session, stage: Stage, member: int) -> None:
    announce(session, f"member:{member}", "task.card", now=stage.clock(), task=1)


async def _code(stage: Stage, office: str) -> str:
    return await stage.database.run(
        lambda session: invite(session, office, vault=stage.house.vault, now=stage.clock())
    )
