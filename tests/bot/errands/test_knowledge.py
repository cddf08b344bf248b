"""The picture of knowledge comes to who may still see it when it is drawn, and to nobody else."""

import json
from dataclasses import replace

import pytest
from sqlmodel import Session, col, select

from bot.errands.knowledge import shown_to
from bot.errands.worker import Errands
from storage.errands import Errand, ErrandKind, ask_for, count_errands
from storage.files import known_files
from storage.members import Member, Role
from storage.training.knowledge import KnowledgeTally
from tests.bot.errands.test_worker import Studio
from tests.duties import give_out, make_book
from tests.stage import Person, Stage


@pytest.fixture
def studio() -> Studio:
    return Studio()


def worker(stage: Stage, studio: Studio) -> Errands:
    return Errands(
        database=stage.database, house=stage.house, files=stage.files, clock=stage.clock, draw=studio.draw
    )


async def asks(stage: Stage, office: str = "药剂科", role: Role = Role.HEAD) -> Person:
    """Somebody asks for the figures of a quiz that nine people of two offices sat."""
    house = replace(stage.house, duties=make_book())

    def fill(session: Session) -> None:
        occurrence = give_out(session, house, now=stage.clock())
        for place in ("药剂科", "医务科"):
            for rule in range(1, 10):
                session.add(
                    KnowledgeTally(
                        occurrence_id=occurrence.id or 0,
                        office=place,
                        rule=rule,
                        people=9,
                        asked=9,
                        right=rule,
                    )
                )

    await stage.database.run(fill)
    person = await stage.officer("周洁", office, role)
    await person.says("/知晓率")
    return person


async def test_the_picture_follows_the_figures(stage: Stage, studio: Studio) -> None:
    head = await asks(stage)
    assert "图马上发给您" in head.text
    assert await worker(stage, studio).do_one()
    [shown] = [reply for reply in await head.looks() if reply.files]
    assert (shown.files[0].name, shown.text) == ("知晓率-药剂科-2026.png", "九项准则知晓率：药剂科，2026年")
    assert (await stage.room.open_file(head.name, shown.files[0].uid))[1]
    [sheet] = studio.sheets
    assert len(sheet["charts"][0]["rows"]) == 9
    assert "医务科" not in json.dumps(sheet, ensure_ascii=False)


@pytest.mark.parametrize("change", ["gone", "staff", "moved"])
async def test_who_may_see_it_no_more_gets_nothing(stage: Stage, studio: Studio, change: str) -> None:
    head = await asks(stage)

    def change_member(session: Session) -> None:
        member = session.exec(select(Member)).one()
        member.active = change != "gone"
        member.role = Role.STAFF if change == "staff" else Role.HEAD
        member.office = "医务科" if change == "moved" else member.office
        session.add(member)

    await stage.database.run(change_member)
    assert await worker(stage, studio).do_one()
    assert not [reply for reply in await head.looks() if reply.files]
    assert studio.sheets == []
    assert await stage.database.run(known_files) == set()
    assert await stage.database.run(count_errands) == 0


async def test_a_head_cannot_have_the_house_drawn(stage: Stage, studio: Studio) -> None:
    await asks(stage)

    def forge(session: Session) -> list[frozenset[str]]:
        member = session.exec(select(Member)).one()
        for office in ("", "医务科", "没有"):
            ask_for(
                session, ErrandKind.KNOWLEDGE_PICTURE, member.id or 0, now=stage.clock(), span="2026",
                office=office,
            )  # fmt: skip
        waiting = session.exec(select(Errand).order_by(col(Errand.id)))
        return [shown_to(session, one, stage.house) for one in waiting]

    seen = await stage.database.run(forge)
    assert seen == [frozenset({"药剂科"}), frozenset(), frozenset(), frozenset()]


async def test_the_house_is_drawn_for_who_oversees_it(stage: Stage, studio: Studio) -> None:
    await asks(stage, "纪检办", Role.SUPERVISOR)
    await worker(stage, studio).do_one()
    [sheet] = studio.sheets
    assert {row["label"] for row in sheet["charts"][1]["rows"]} == {"医务科", "药剂科"}
