"""The slip that a giver keeps: a picture for them alone, drawn apart from the message."""

from io import BytesIO

import pytest
from PIL import Image
from sqlmodel import Session, select

from bot.errands.worker import Errands
from bot.hand_in_slip import draw_slip
from storage.errands import ErrandKind, ask_for
from storage.errors import NoSuchCase
from storage.hand_ins.rows import HandIn
from storage.hand_outs import HandOut
from storage.members import Member, Role
from tests.stage import Person, Stage


@pytest.fixture
async def giver(stage: Stage) -> Person:
    """A member of staff who gave up an envelope by name."""
    person = await stage.officer("赵敏", "药剂科", Role.STAFF)
    await tells(person, "实名上交")
    return person


async def tells(person: Person, way: str) -> None:
    await person.says("上交")
    await person.presses(way)
    await person.says("2000元")
    await person.presses("今天")
    await person.says("骨科一病区")
    await person.presses("跳过")
    await person.presses("我会送到纪检办")
    await person.presses("跳过")
    await person.presses("确认上交")


def worker(stage: Stage) -> Errands:
    return Errands(database=stage.database, house=stage.house, files=stage.files, clock=stage.clock)


async def slips(stage: Stage) -> list[HandOut]:
    return await stage.database.run(lambda session: list(session.exec(select(HandOut))))


async def test_the_slip_comes_to_its_giver_and_opens_for_nobody_else(stage: Stage, giver: Person) -> None:
    await giver.presses("要确认单")
    assert await worker(stage).do_one()
    await giver.looks()
    assert "上交确认单 SJ-" in giver.text
    (slip,) = await slips(stage)
    assert slip.name.startswith("上交确认单-SJ-")
    stored, content = await stage.room.open_file(giver.name, slip.uid)
    assert stored.media_type == "image/png"
    assert Image.open(BytesIO(content)).format == "PNG"
    for name, office, role in (
        ("王芳", "纪检办", Role.SUPERVISOR), ("钱进", "信息科", Role.ADMINISTRATOR),
        ("孙礼", "药剂科", Role.HEAD),
    ):  # fmt: skip
        other = await stage.officer(name, office, role)
        with pytest.raises(NoSuchCase):
            await stage.room.open_file(other.name, slip.uid)


async def test_the_number_stands_on_the_slip(
    stage: Stage, giver: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def draw(hospital: str, title: str, lines: list[str], foot: str) -> bytes:
        drawn.extend(lines)
        return draw_slip(hospital, title, lines, foot)

    monkeypatch.setattr("bot.hand_in_slip.draw_slip", draw)
    await giver.presses("要确认单")
    assert await worker(stage).do_one()
    assert drawn[0].startswith("编号：SJ-")


async def test_a_slip_of_somebody_elses_is_not_made(stage: Stage, giver: Person) -> None:
    """An errand written into the table for another member brings nothing."""
    await stage.officer("钱进", "药剂科", Role.STAFF)

    def forge(session: Session) -> None:
        row = session.exec(select(HandIn)).one()
        other = session.exec(select(Member)).all()[-1]
        ask_for(session, ErrandKind.HAND_IN_SLIP, other.id or 0, now=stage.clock(), hand_in=row.id)

    await stage.database.run(forge)
    await worker(stage).do_one()
    assert await slips(stage) == []


async def test_no_slip_of_an_anonymous_one(stage: Stage) -> None:
    """It would have to be asked for by somebody."""
    person = await stage.officer("赵敏", "药剂科", Role.STAFF)
    await tells(person, "匿名上交")
    await person.chooses("handin:slip:1")
    assert not await worker(stage).do_one()


async def test_a_page_that_loads_anew_shows_nothing_of_the_way_to_an_anonymous_one(stage: Stage) -> None:
    person = await stage.officer("赵敏", "药剂科", Role.STAFF)
    await tells(person, "匿名上交")
    again = Person(stage, person.name)
    await again.looks()
    assert "查询码" in again.text
    assert "骨科一病区" not in again.text
    assert "2,000" not in again.text


async def test_the_sweep_tells_the_office_and_its_group_without_content(stage: Stage, giver: Person) -> None:
    from scheduler.hand_ins import tell_of_hand_ins

    officer = await stage.officer("王芳")
    group = await stage.group("群", "纪检办")
    now = stage.clock
    await stage.database.run(lambda session: tell_of_hand_ins(session, house=stage.house, now=now()))
    await officer.looks()
    shown = "\n".join(reply.text for reply in stage.messenger.shown_in(group.name))
    assert "SJ-2026-0001" in shown
    assert "SJ-2026-0001" in officer.text
    assert "2,000" not in shown + officer.text
    assert "赵敏" not in shown + officer.text
    await officer.presses("打开")
    assert "2,000" in officer.text
    await officer.presses("已收到")
    await officer.presses("办结")
    await officer.presses("已退还患者")
    await officer.says("家属签收")
    await officer.presses("暂无凭证")
    await officer.presses("没有")
    await officer.presses("确认办结")
    await giver.looks()
    assert "办好了：已退还患者" in giver.text


def test_a_slip_holds_any_words() -> None:
    content = draw_slip(
        "医院" * 30, "上交确认单", ["物品" * 60, "", "🧧\u202e=cmd|'", "a" * 300], "以编号为准"
    )
    assert Image.open(BytesIO(content)).size[0] == 1240
