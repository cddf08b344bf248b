"""Reminders of tasks: each half hour for a health trouble, by working days for a low rating, further up."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from scheduler.tasks import remind_of_tasks
from storage.followup.recovery import open_task
from storage.followup.tasks import Task, TaskKind, TaskState
from storage.letters import Letter
from storage.members import Member, Role
from tests.stage import MONDAY, Stage, sample_hospital
from tests.storage.followup.stays import make_stay, surveys_of

CALLBACK, RECOVERY = TaskKind.CALLBACK, TaskKind.RECOVERY
ZONE = timedelta(hours=8)
_FOLLOWUP = {"care_office": "护理部", "recovery_office": "医务科"}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    sample = sample_hospital()
    offices = [*({"name": one.name} for one in sample.offices)]
    offices += [{"name": one} for one in ("护理部",) if one not in {office["name"] for office in offices}]
    hospital = sample_hospital(followup=_FOLLOWUP, offices=offices)
    async with Stage(tmp_path, hospital=hospital) as stage:
        yield stage


async def opened(stage: Stage, kind: TaskKind, **values: Any) -> int:
    def make(session: Session) -> int:
        survey = surveys_of(session, make_stay(session, stage.house, MONDAY, ward="三病区"))["day3"]
        task = open_task(session, kind, survey, house=stage.house, now=stage.clock(), **values)
        return task.id or 0

    return await stage.database.run(make)


async def sweep(stage: Stage, **passed: float) -> int:
    stage.clock.advance(**passed)
    return await stage.database.run(
        lambda session: remind_of_tasks(session, house=stage.house, now=stage.clock())
    )


async def reminders(stage: Stage) -> list[tuple[str, int]]:
    """Audience and percentage of what was left so far."""
    found = select(Letter).where(Letter.notice == "task.reminder", col(Letter.chat).is_(None))
    letters = await stage.database.run(lambda session: list(session.exec(found.order_by(col(Letter.id)))))
    return [(one.audience or "", json.loads(one.arguments)["percent"]) for one in letters]


async def task_now(stage: Stage, number: int) -> Task:
    task = await stage.database.run(lambda session: session.get(Task, number))
    assert task is not None
    return task


async def test_an_overdue_call_back_comes_up_each_half_hour_day_and_night(stage: Stage) -> None:
    await stage.officer("孙敏", "骨科")
    number = await opened(stage, CALLBACK)
    assert await sweep(stage, minutes=29) == 0
    assert await sweep(stage, minutes=1) == 1
    assert await reminders(stage) == [(f"tasks:{number}", 100), (f"taskheads:{number}", 100)]
    assert await sweep(stage, minutes=29) == 0
    told = [await sweep(stage, minutes=30) for _ in range(30)]  # until the small hours
    assert told == [1] * 30


async def test_what_fell_due_during_a_stop_is_one_reminder(stage: Stage) -> None:
    await stage.officer("孙敏", "骨科")
    await opened(stage, CALLBACK)
    assert await sweep(stage, hours=9) == 1
    assert await sweep(stage) == 0


async def test_an_overdue_call_back_reaches_who_stands_in(stage: Stage) -> None:
    nurse = await stage.officer("孙敏", "骨科")
    care = await stage.officer("护理", "护理部", channel="messenger")
    await opened(stage, CALLBACK, words="发烧")
    await stage.deliver()
    assert "回电" not in str(stage.messenger.shown_in(care.name)[-1])
    await sweep(stage, minutes=31)
    await nurse.looks()
    await stage.deliver()
    shown = stage.messenger.shown_in(care.name)[-1]
    assert shown.text.startswith("【急】骨科 三病区：还没有给出院病人回电，已超 1 分钟")
    assert "发烧" not in shown.text
    assert shown.text in nurse.text


async def test_a_low_rating_is_called_to_mind_by_working_days(stage: Stage) -> None:
    await stage.officer("周主管", "骨科", Role.HEAD)
    await stage.officer("医务", "医务科")
    number = await opened(stage, RECOVERY, score=1)
    due = (await task_now(stage, number)).due_at
    assert due == datetime(2026, 11, 26, 9, tzinfo=UTC)  # Thursday 17:00 in Shanghai
    found = [f"{stage.clock.now + ZONE:%a %H}" for _ in range(24 * 8) if await sweep(stage, hours=1)]
    assert found == ["Wed 13", "Thu 17", "Fri 09", "Mon 09", "Tue 09"]
    told = await reminders(stage)
    assert told[:3] == [(f"tasks:{number}", 50), (f"tasks:{number}", 100), (f"taskheads:{number}", 100)]
    assert {percent for _, percent in told[1:]} == {100}


async def test_a_done_task_is_never_called_to_mind(stage: Stage) -> None:
    await stage.officer("孙敏", "骨科")
    number = await opened(stage, CALLBACK)

    def end(session: Session) -> None:
        task = session.get(Task, number)
        assert task is not None
        task.state = TaskState.DONE
        session.add(task)

    await stage.database.run(end)
    await sweep(stage, hours=1)
    await stage.deliver()
    assert await sweep(stage, hours=1) == 0


async def test_where_the_last_one_left_somebody_else_gets_it_at_once(stage: Stage) -> None:
    await stage.officer("孙敏", "骨科")
    care = await stage.officer("护理", "护理部")
    number = await opened(stage, CALLBACK, words="发烧", phone="13800001234")

    def leave(session: Session) -> None:
        for member in session.exec(select(Member).where(Member.office == "骨科")):
            member.active = False
            session.add(member)

    await stage.database.run(leave)
    assert await sweep(stage, minutes=1) == 1
    task = await task_now(stage, number)
    assert (task.office, task.reminders) == ("护理部", 0)
    assert await sweep(stage) == 0
    await care.looks()
    await care.presses("我来处理")
    assert "发烧" in care.text
    assert "13800001234" in care.text


async def test_what_somebody_took_who_left_waits_for_a_colleague(stage: Stage) -> None:
    gone, colleague = await stage.officer("孙敏", "骨科"), await stage.officer("李丽", "骨科")
    number = await opened(stage, CALLBACK)
    await gone.looks()
    await gone.presses("我来处理")
    assert await sweep(stage) == 0

    def leave(session: Session) -> None:
        member = session.get(Member, 1)
        assert member is not None
        member.active = False
        session.add(member)

    await stage.database.run(leave)
    assert await sweep(stage) == 1
    task = await task_now(stage, number)
    assert (str(task.state), task.assignee_id) == ("open", None)
    assert await sweep(stage) == 0
    await colleague.looks()
    await colleague.presses("我来处理")
    assert (await task_now(stage, number)).assignee_id == 2


async def test_what_a_supervisor_took_stays_theirs(stage: Stage) -> None:
    await stage.officer("孙敏", "骨科")
    supervisor = await stage.officer("监督", "纪检办", Role.SUPERVISOR)
    number = await opened(stage, CALLBACK)
    await supervisor.chooses(f"task:take:{number}:0")
    assert await sweep(stage) == 0
    assert (await task_now(stage, number)).assignee_id == 2


async def test_nobody_at_all_stops_no_sweep(stage: Stage) -> None:
    number = await opened(stage, CALLBACK)
    assert (await task_now(stage, number)).office == ""
    assert await sweep(stage, minutes=31) == 1
    await stage.deliver()
    supervisor = await stage.officer("监督", "纪检办", Role.SUPERVISOR)
    assert await sweep(stage, minutes=30) == 2  # rehomed, and called to mind
    await supervisor.looks()
    assert "骨科 三病区" in supervisor.text
