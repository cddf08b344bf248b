"""Reminders at 50, 80 and 100 percent, then each working day: to whom, and when no more."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from storage.clocks import Clock, Limit, running_clocks
from storage.letters import Letter
from storage.members import Role
from tests.stage import Person, Stage, sample_hospital

TOLD = "医生收了我两千块"
COMPLAINT = "护士态度很差，骂人"
HOUR = timedelta(hours=1)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A hospital that answers every complaint within five working days: until the Monday after."""
    hospital = sample_hospital(clocks={"complaint_answer_several": 5})
    async with Stage(tmp_path, hospital=hospital) as stage:
        yield stage


async def reminders(stage: Stage) -> list[tuple[str, str, int]]:
    """Audience, limit and percentage of every reminder left so far."""
    found = select(Letter).where(Letter.notice == "case.reminder", col(Letter.chat).is_(None))
    letters = await stage.database.run(lambda session: list(session.exec(found.order_by(col(Letter.id)))))
    facts = [(letter.audience or "", json.loads(letter.arguments)) for letter in letters]
    return [(audience, fact["kind"], fact["percent"]) for audience, fact in facts]


async def pass_days(stage: Stage, days: float, step: timedelta = HOUR) -> None:
    end = stage.clock.now + timedelta(days=days)
    while stage.clock.now < end:
        stage.clock.now += step
        await stage.remind()


async def only(stage: Stage, kind: Limit) -> None:
    """Leaves one clock of the first case running."""

    def stop(session: Session) -> None:
        for clock in running_clocks(session, 1):
            clock.done_at = None if clock.kind is kind else stage.clock()

    await stage.database.run(stop)


async def accepted(stage: Stage, office: str, text: str) -> Person:
    officer = await stage.officer("赵敏", office)
    await stage.person("p").says(text)
    await officer.says("1号")
    await officer.presses("受理")
    return officer


async def test_each_stage_goes_further_up_and_then_every_working_day(stage: Stage) -> None:
    await accepted(stage, "投诉办", COMPLAINT)
    await pass_days(stage, 9)
    member, heads, discipline = "member:1", "every_head:投诉办", "office:纪检办"
    assert await reminders(stage) == [
        (member, "answer", 50),
        (member, "answer", 80), (heads, "answer", 80),
        (member, "answer", 100), (heads, "answer", 100), (discipline, "answer", 100),
        (member, "answer", 100), (heads, "answer", 100), (discipline, "answer", 100),
        (member, "answer", 100), (heads, "answer", 100), (discipline, "answer", 100),
    ]  # fmt: skip


async def test_a_case_nobody_took_reminds_the_office(stage: Stage) -> None:
    await stage.person("p").says(TOLD)
    await only(stage, Limit.FIRST_LOOK)
    await pass_days(stage, 1.5)
    assert await reminders(stage) == [
        ("office:纪检办", "first_look", 50),
        ("office:纪检办", "first_look", 80), ("heads:纪检办", "first_look", 80),
        ("office:纪检办", "first_look", 100), ("heads:纪检办", "first_look", 100),
    ]  # fmt: skip


async def test_a_sealed_case_speaks_to_supervisors_alone(stage: Stage) -> None:
    await stage.person("p").says("纪检办的人收了钱，压着我的举报不办")
    await pass_days(stage, 20, timedelta(hours=6))
    assert {audience for audience, _, _ in await reminders(stage)} == {"supervisors"}


async def test_nothing_is_said_after_closing_or_withdrawing_or_the_step_itself(stage: Stage) -> None:
    patient = stage.person("p")
    officer = await stage.officer("赵敏")
    await patient.says(TOLD)
    await officer.says("1号")
    await pass_days(stage, 2.5)
    assert {kind for _, kind, _ in await reminders(stage)} == {"decide"}
    await officer.presses("受理")
    before = await reminders(stage)
    await patient.says(patient.code)
    await patient.presses("撤回")
    await patient.presses("确定撤回")
    await pass_days(stage, 120, timedelta(days=1))
    assert await reminders(stage) == before


async def test_what_fell_due_while_the_machine_was_down_is_one_reminder(stage: Stage) -> None:
    await accepted(stage, "投诉办", COMPLAINT)
    stage.clock.advance(days=12)
    for _ in range(5):
        await stage.remind()
    assert await reminders(stage) == [
        (audience, "answer", 100) for audience in ("member:1", "every_head:投诉办", "office:纪检办")
    ]


@pytest.mark.parametrize("jumps", [(1, -1), (-1, 1), (1, -2, 1), (-1, -1, 2)])
async def test_a_clock_an_hour_off_reminds_neither_twice_nor_too_seldom(
    stage: Stage, jumps: tuple[int, ...]
) -> None:
    await accepted(stage, "投诉办", COMPLAINT)
    for jump in jumps:
        await pass_days(stage, 1)
        stage.clock.advance(hours=jump)
        await stage.remind()
    evening = datetime(2026, 11, 30, 12, tzinfo=UTC)
    await pass_days(stage, (evening - stage.clock.now) / timedelta(days=1))
    told = [percent for audience, _, percent in await reminders(stage) if audience == "member:1"]
    assert told == [50, 80, 100]


async def test_each_reminder_reaches_its_people_in_words_without_content(stage: Stage) -> None:
    officer = await accepted(stage, "投诉办", COMPLAINT)
    head = await stage.officer("冯刚", "投诉办", Role.HEAD)
    await head.presses("下班休息")
    discipline = await stage.officer("孙立")
    await pass_days(stage, 7.5)
    for person, times in ((officer, 3), (head, 2), (discipline, 1)):
        await person.looks()
        lines = [text for text in person.text.split("\n") if text.startswith("2026-00001")]
        assert len(lines) == times
        assert "骂人" not in "".join(lines)
    assert "答复反映人的时限已经过了 50%" in officer.text
    assert "已到期" in discipline.text


async def test_a_reopened_case_runs_under_a_new_limit(stage: Stage) -> None:
    officer = await accepted(stage, "投诉办", COMPLAINT)
    for word in ("办结", "查否", "跳过"):
        await officer.presses(word)
    await officer.says("查过了。")
    await officer.presses("确认发送")
    stage.clock.advance(days=30)
    await officer.presses("重新打开")
    await officer.says("有新线索")
    clocks = await stage.database.run(lambda session: running_clocks(session, 1))
    assert [(clock.kind, clock.started_at) for clock in clocks] == [(Limit.ANSWER, stage.clock())]


async def test_no_clock_is_left_running_under_a_closed_case(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    await patient.presses("撤回")
    await patient.presses("确定撤回")
    running = select(Clock).where(col(Clock.done_at).is_(None))
    assert await stage.database.run(lambda session: list(session.exec(running))) == []
