"""Pictures, tables and Monday's message of coverage come to who may see them, once, and to nobody else."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.pictures.studio import PictureFailed
from scheduler.coverage import tell_of_week
from storage.duties.completing import complete
from storage.errands import MOST_TRIES, ErrandKind, ask_for, count_errands
from storage.errors import NoSuchCase
from storage.events import Event
from storage.members import Member, Role, add_member
from tests.bot.errands.test_worker import PNG, Studio, worker
from tests.bot.test_satisfaction_file import opened
from tests.duties import give_out, make_book, make_employee, owed
from tests.stage import Person, Stage

DAY = timedelta(days=1)
XLSX_START = b"PK"


@pytest.fixture
async def stage(tmp_path: Path) -> Any:
    async with Stage(tmp_path, duties=make_book({"title": "=专题学习"})) as stage:
        yield stage


@pytest.fixture
def studio() -> Studio:
    return Studio()


@pytest.fixture
async def head(stage: Stage) -> Person:
    """Two of 药剂科 owe something this week, one has done it; one of 设备科 owes it, too."""
    person = await stage.officer("药主任", "药剂科", Role.HEAD)

    def fill(session: Session) -> None:
        people = [
            make_employee(session, stage.house, name, office, joined=False, now=stage.clock())[0]
            for name, office in (("赵敏", "药剂科"), ("=钱进", "药剂科"), ("吴外", "设备科"))
        ]
        study = give_out(session, stage.house, people=people, due_in=2 * DAY, now=stage.clock())
        complete(session, owed(session, study, people[0]), by=people[0], now=stage.clock())

    await stage.database.run(fill)
    return person


def ask(stage: Stage, kind: ErrandKind, office: str = "药剂科", span: str = "2026-11") -> None:
    stage.database.run_now(
        lambda session: ask_for(session, kind, 1, now=stage.clock(), span=span, office=office, duty="")
    )


async def move(stage: Stage, person: Person, office: str, role: Role) -> None:
    """Another office or role, as joining once more with a new code gives them."""

    def put(session: Session) -> None:
        member = session.get(Member, 1)
        assert member is not None
        add_member(
            session, sender=member.sender, channel=member.channel, address=person.name, name="主任",
            office=office, role=role, vault=stage.house.vault, now=stage.clock(),
        )  # fmt: skip

    await stage.database.run(put)


async def test_what_was_asked_for_in_chat_comes_as_a_picture(
    stage: Stage, head: Person, studio: Studio
) -> None:
    [said] = await head.says("/覆盖率")
    assert "完成 50%（1/2）" in said.text
    assert await worker(stage, studio).do_one()
    [reply] = await head.looks()
    [file] = reply.files
    assert (file.name, file.media_type) == ("覆盖率-药剂科-2026-11.png", "image/png")
    assert (await stage.room.open_file(head.name, file.uid))[1] == PNG
    assert studio.sheets[0]["title"] == "药剂科 · 2026年11月"
    assert "赵敏" not in str(studio.sheets)
    assert not await worker(stage, studio).do_one()


async def test_the_table_names_people_of_the_heads_office_alone(
    stage: Stage, head: Person, studio: Studio
) -> None:
    """Also where the errand asks for the whole house: what may be seen is settled when it is done."""
    for office in ("药剂科", ""):
        ask(stage, ErrandKind.COVERAGE_TABLE, office)
        await worker(stage, studio).do_one()
        [reply] = await head.looks()
        content = (await stage.room.open_file(head.name, reply.files[0].uid))[1]
        sheets = opened(content)
        people = sheets["人员明细"][1:]
        assert [row[0] for row in people] == ["赵敏", "'=钱进"], "no formula"
        assert {row[2] for row in people} == {"药剂科"}
        assert people[0][6] == "完成"
        assert people[1][6] == "未完成"
        assert "吴外" not in str(sheets)
        assert "设备科" not in str(sheets)


async def test_nobody_else_opens_the_table(stage: Stage, head: Person, studio: Studio) -> None:
    ask(stage, ErrandKind.COVERAGE_TABLE)
    await worker(stage, studio).do_one()
    [reply] = await head.looks()
    other = await stage.officer("书记", "纪检办", Role.SUPERVISOR)
    for name in (other.name, "nobody"):
        with pytest.raises(NoSuchCase):
            await stage.room.open_file(name, reply.files[0].uid)


@pytest.mark.parametrize(("office", "role"), [("设备科", Role.HEAD), ("药剂科", Role.STAFF)])
async def test_who_moved_or_lost_the_right_does_not_open_the_table_any_more(
    stage: Stage, head: Person, studio: Studio, office: str, role: Role
) -> None:
    """The attack: names of an office that somebody headed last week are fetched again."""
    ask(stage, ErrandKind.COVERAGE_TABLE)
    await worker(stage, studio).do_one()
    [reply] = await head.looks()
    assert await stage.room.open_file(head.name, reply.files[0].uid)

    await move(stage, head, office, role)
    with pytest.raises(NoSuchCase):
        await stage.room.open_file(head.name, reply.files[0].uid)


async def test_the_table_of_the_house_is_for_who_oversees_it_still(stage: Stage, studio: Studio) -> None:
    boss = await stage.officer("纪主任", "纪检办", Role.HEAD)
    ask(stage, ErrandKind.COVERAGE_TABLE, "")
    await worker(stage, studio).do_one()
    [reply] = await boss.looks()
    assert await stage.room.open_file(boss.name, reply.files[0].uid)
    await move(stage, boss, "药剂科", Role.HEAD)
    with pytest.raises(NoSuchCase):
        await stage.room.open_file(boss.name, reply.files[0].uid)


@pytest.mark.parametrize(
    "kind", [ErrandKind.COVERAGE_PICTURE, ErrandKind.COVERAGE_TABLE, ErrandKind.COVERAGE_WEEK]
)
@pytest.mark.parametrize(("column", "value"), [("role", Role.STAFF), ("active", False), ("office", "设备科")])
async def test_who_lost_the_right_meanwhile_gets_nothing(
    stage: Stage, head: Person, studio: Studio, kind: ErrandKind, column: str, value: object
) -> None:
    """Also who moved: what was asked for was another office's."""
    ask(stage, kind, span="2026-W48" if kind is ErrandKind.COVERAGE_WEEK else "2026-11")
    await stage.database.run(lambda session: setattr(session.get(Member, 1), column, value))
    await worker(stage, studio).do_one()
    assert studio.sheets == []
    assert stage.database.run_now(count_errands) == 0
    await stage.database.run(lambda session: setattr(session.get(Member, 1), "active", True))
    assert await head.looks() == []


async def test_monday_brings_words_and_the_picture_once(stage: Stage, head: Person, studio: Studio) -> None:
    for _ in range(3):
        await stage.database.run(lambda session: tell_of_week(session, house=stage.house, now=stage.clock()))
    assert await worker(stage, studio).do_one()
    assert not await worker(stage, studio).do_one()
    [reply] = await head.looks()
    assert "每周任务 · 药剂科（11月23日）" in reply.text
    assert "本周到期 1 项，现在完成 50%（1/2）" in reply.text
    assert len(reply.files) == 1
    [shown] = await head.presses("本周谁没完成")
    assert "=钱进（还没加入）" in shown.text


async def test_monday_comes_without_a_picture_where_none_can_be_drawn(
    stage: Stage, head: Person, studio: Studio
) -> None:
    studio.failures = [PictureFailed("no")]
    ask(stage, ErrandKind.COVERAGE_WEEK, span="2026-W48")
    await worker(stage, studio).do_one()
    [reply] = await head.looks()
    assert "每周任务" in reply.text
    assert not reply.files


async def test_a_picture_that_cannot_be_drawn_is_told_kindly(
    stage: Stage, head: Person, studio: Studio
) -> None:
    ask(stage, ErrandKind.COVERAGE_PICTURE)
    studio.failures = [PictureFailed("no") for _ in range(MOST_TRIES)]
    for _ in range(MOST_TRIES):
        assert await worker(stage, studio).do_one()
        stage.clock.advance(minutes=1)
    [reply] = await head.looks()
    assert "没有做成" in reply.text


async def test_a_year_of_the_house_comes_with_its_figures_in_words(stage: Stage, studio: Studio) -> None:
    boss = await stage.officer("书记", "纪检办", Role.SUPERVISOR)

    def fill(session: Session) -> None:
        person, _ = make_employee(session, stage.house, joined=False, now=stage.clock())
        give_out(session, stage.house, people=[person], due_in=-60 * DAY, now=stage.clock())

    await stage.database.run(fill)
    [said] = await boss.says("覆盖率 今年")
    assert "要数一会儿" in said.text
    await worker(stage, studio).do_one()
    [reply] = await boss.looks()
    assert "全院 · 2026年任务覆盖率\n完成 0%（0/1）" in reply.text
    assert reply.files


async def test_the_trail_tells_what_was_made_for_whom(stage: Stage, head: Person, studio: Studio) -> None:
    ask(stage, ErrandKind.COVERAGE_TABLE)
    await worker(stage, studio).do_one()
    events = await stage.database.run(
        lambda session: [(one.action, one.detail) for one in session.exec(select(Event))]
    )
    assert events[-1] == ("coverage_exported", '{"to": 1, "what": "coverage_table"}')
