"""A whole drive, from its first morning to the draft of its summary, with the clock as an argument."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from bot.errands.worker import Errands
from scheduler.drives import sweep_drives
from storage.drives.duties import book_with_drives
from storage.drives.plan import Drive
from storage.duties.book import DutyBook
from storage.duties.planning import plan_occurrences
from storage.errors import NoSuchCase
from storage.events import Event
from storage.hand_outs import HandOut
from storage.invites import invite
from storage.members import Role
from tests.drives import make_drive
from tests.stage import Person, Stage

START = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)
"""08:30 in Shanghai on a Monday."""
DRIVE = make_drive(start="2026-11-30")
PNG = b"\x89PNG\r\n\x1a\n-drawn"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    drives: tuple[Drive, ...] = (DRIVE,)
    stage = Stage(tmp_path, duties=book_with_drives(DutyBook(), drives), drives=drives)
    stage.clock.now = START - timedelta(days=3)
    async with stage:
        yield stage


async def morning(stage: Stage, now: datetime) -> None:
    """All that the ticker does on one morning."""
    stage.clock.now = now

    def plan(session: Session) -> int:
        return plan_occurrences(session, house=stage.house, now=now)

    while await stage.database.run(plan):
        pass
    await stage.sweep_duties()
    await stage.database.run(lambda session: sweep_drives(session, house=stage.house, now=now))
    await stage.deliver()


async def mornings(stage: Stage, first: datetime, count: int) -> None:
    for day in range(count):
        await morning(stage, first + timedelta(days=day))


async def errand(stage: Stage) -> list[dict[str, Any]]:
    """Does what was asked for; the sheets that were drawn."""
    sheets: list[dict[str, Any]] = []

    async def draw(sheet: dict[str, Any]) -> bytes:
        sheets.append(sheet)
        return PNG

    worker = Errands(
        database=stage.database, house=stage.house, files=stage.files, clock=stage.clock, draw=draw
    )
    while await worker.do_one():
        pass
    return sheets


async def made_for(stage: Stage, person: Person) -> bytes:
    """The file that came last."""
    await person.looks()
    (file,) = [reply for reply in person.screen.values() if reply.files][-1].files
    _, content = await stage.room.open_file(person.name, file.uid)
    return content


async def test_a_drive_from_its_first_morning_to_its_summary(stage: Stage) -> None:
    judge = await stage.officer("王芳", "纪检办")
    head = await stage.officer("何主任", "药剂科", Role.HEAD)
    clerk = await stage.officer("李强", "药剂科", Role.STAFF)
    await stage.officer("孙科长", "设备科", Role.HEAD)
    group = await stage.group("药剂群", "药剂科")

    await mornings(stage, START - timedelta(days=1), 2)
    phases = [reply.text for reply in stage.messenger.shown_in("药剂群") if "进入第 1 段" in reply.text]
    assert len(phases) == 1
    assert "自查报告（12月11日前，每个科室一份）" in phases[0]
    await head.looks()
    assert head.text.count("进入第 1 段：自查自纠") == 1

    await clerk.says("专项")
    await clerk.presses("登记问题")
    await clerk.says("8 月高值耗材账物不符")
    await clerk.says("逐件盘点")
    await clerk.says("李强")
    await clerk.presses("7 天")
    assert "期限：12月7日" in clerk.text

    await mornings(stage, START + timedelta(days=1), 9)  # to Wednesday, 9 December: overdue since Tuesday
    await head.looks()
    assert "药剂科台账有 1 条超期" in head.text
    assert "耗材" not in head.text
    assert "耗材" not in "".join(reply.text for reply in stage.messenger.shown_in("药剂群"))

    await head.says("专项")
    await head.presses("本科台账")
    await head.presses("1. 8 月高值耗材账物不符")
    await head.presses("已改好")
    await head.says("已补账，账物相符")
    await judge.looks()
    assert "第 1 条（药剂科）已报改好" in judge.text
    await judge.presses("打开")
    await judge.presses("销号")
    assert "第 1 条已销号" in judge.text

    await mornings(stage, START + timedelta(days=10), 5)  # past the first phase, into the second
    await judge.looks()
    assert "自查自纠已结束" in judge.text
    assert "自查报告：药剂科、设备科" in judge.text.replace("纪检办、", "").replace("、纪检办", "")
    assert sum("进入第 2 段" in reply.text for reply in stage.messenger.shown_in("药剂群")) == 1
    assert group.name == "药剂群"

    for label in ("进度图", "导出台账", "总结稿"):
        await judge.says("专项")
        await judge.presses(label)
    (sheet,) = await errand(stage)
    assert [chart["kind"] for chart in sheet["charts"]] == ["phases", "stack", "grid"]
    document = Document(BytesIO(await made_for(stage, judge)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "共登记问题 1 条，已销号 1 条，销号率 100%" in text
    assert "【请填写】" in text
    assert document.core_properties.author == "Lianxin"
    events = list(await stage.database.run(lambda s: list(s.exec(select(Event.action)))))
    for name in ("drive_phase", "drive_phase_over", "item_added", "item_struck", "drive_exported"):
        assert name in events, name


async def test_a_ledger_is_for_the_lead_office_and_for_nobody_who_left_it(stage: Stage) -> None:
    judge = await stage.officer("王芳", "纪检办")
    clerk = await stage.officer("李强", "药剂科", Role.STAFF)
    await morning(stage, START)
    await clerk.says("专项")
    await clerk.presses("登记问题")
    await clerk.says("=HYPERLINK(1)")
    await judge.says("专项")
    await judge.presses("导出台账")
    await errand(stage)
    book = CalamineWorkbook.from_filelike(BytesIO(await made_for(stage, judge)))
    header, row, *_ = book.get_sheet_by_index(0).to_python()
    assert header[:3] == ["编号", "科室", "问题"]
    assert row[:3] == [1.0, "药剂科", "'=HYPERLINK(1)"]
    (uid,) = await stage.database.run(lambda session: list(session.exec(select(HandOut.uid))))
    for stranger in (clerk.name, "nobody"):
        with pytest.raises(NoSuchCase):
            await stage.room.open_file(stranger, uid)
    await joins(stage, judge, "药剂科", Role.HEAD)
    with pytest.raises(NoSuchCase):
        await stage.room.open_file(judge.name, uid)


async def joins(stage: Stage, person: Person, office: str, role: Role) -> None:
    """The same person goes to another office, with a code."""
    house, now = stage.house, stage.clock()
    code = await stage.database.run(
        lambda session: invite(session, office, vault=house.vault, now=now, role=role, name="王芳")
    )
    await person.says(f"/join {code}")


async def test_after_a_stop_nobody_is_told_twice(stage: Stage) -> None:
    await stage.officer("何主任", "药剂科", Role.HEAD)
    await stage.group("药剂群", "药剂科")
    await morning(stage, START)
    before = len(stage.messenger.shown_in("药剂群"))
    await morning(stage, START)
    assert len(stage.messenger.shown_in("药剂群")) == before
