"""A roster comes in, people join with codes from paper, go on leave, move, leave: with a whole bot."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import Session, select

from bot.staff.importing import Intake, find_missing
from bot.staff.reading import read_roster
from storage.duties.assignments import AssignmentState, Excuse, find_assignment
from storage.duties.progress import Progress, progress_of
from storage.members import Member
from storage.staff.codes import make_slips, not_joined
from storage.staff.employees import Employee, find_employee
from tests.bot.staff.tables import csv_of, row_with
from tests.duties import give_out, make_book
from tests.stage import Person, Stage

TABLE = [
    row_with(工号="1", 姓名="孙莉", 岗位="主任"),
    row_with(工号="2", 姓名="赵敏"),
    row_with(工号="3", 姓名="张伟"),
    row_with(工号="4", 姓名="张伟"),
    row_with(工号="5", 姓名="周洁", 科室="医务科"),
]


async def take_in(stage: Stage, *rows: list[str], whole: bool = False) -> dict[str, int]:
    now = stage.clock()
    reading = read_roster(csv_of(*rows), house=stage.house, now=now)
    assert reading.problems == []

    def put() -> dict[str, int]:
        intake = Intake(reading, database=stage.database, house=stage.house, clock=stage.clock)
        missing = find_missing(reading, database=stage.database, house=stage.house).ids if whole else ()
        return dict(intake.put(missing, moved_on=lambda _: None).counts)

    import asyncio

    return await asyncio.to_thread(put)


async def codes(stage: Stage) -> dict[str, str]:
    """Join code by staff number."""

    def make(session: Session) -> dict[str, str]:
        slips = make_slips(session, not_joined(session), house=stage.house, now=stage.clock())
        return {slip.number: slip.code for slip in slips}

    return await stage.database.run(make)


async def test_from_the_roster_to_the_last_day(tmp_path: Path) -> None:
    async with Stage(tmp_path, duties=make_book()) as stage:
        assert (await take_in(stage, *TABLE))["added"] == 5
        given = await stage.database.run(
            lambda session: give_out(
                session, stage.house, people=session.exec(select(Employee)).all(), due_in=timedelta(days=2),
                now=stage.clock(),
            ).id
        )  # fmt: skip
        assert given is not None

        async def progress() -> Progress:
            return await stage.database.run(lambda session: progress_of(session, given))

        async def state(number: str) -> tuple[AssignmentState, Excuse | None]:
            def read(session: Session) -> tuple[AssignmentState, Excuse | None]:
                from storage.duties.occurrences import Occurrence

                employee = find_employee(session, number, vault=stage.house.vault)
                assert employee is not None
                owed = find_assignment(session, session.get_one(Occurrence, given), employee)
                assert owed is not None
                return owed.state, owed.excuse

            return await stage.database.run(read)

        paper = await codes(stage)
        people: dict[str, Person] = {}
        for number, code in paper.items():
            people[number] = stage.person(f"staff {number}")
            await people[number].says(f"/join {code}" if number != "2" else code)
        assert "赵敏，您好" in people["2"].text
        assert "我的任务" in people["2"].buttons

        await people["2"].says("请假 3天")
        assert (await progress()).excused == 1
        told = await people["1"].looks()
        assert "赵敏（药剂科）请假" in "".join(reply.text for reply in told)
        await people["1"].presses("结束请假")
        assert await state("2") == (AssignmentState.OPEN, None)
        assert "销假" in "".join(reply.text for reply in await people["2"].looks())

        left = [TABLE[0], TABLE[1], row_with(工号="3", 姓名="张伟", 科室="医务科"), TABLE[4]]
        counts = await take_in(stage, *left, whole=True)
        assert (counts["changed"], counts["left"]) == (1, 1)
        assert await state("4") == (AssignmentState.EXCUSED, Excuse.LEFT)
        assert await state("3") == (AssignmentState.OPEN, None)
        assert (await progress()).expected == 4
        gone = stage.person("somebody else")
        await gone.says(f"/join {paper['4']}")
        assert "用不了" in gone.text
        await people["4"].says("我的任务")
        active = await stage.database.run(
            lambda session: len(session.exec(select(Member).where(Member.active == True)).all())  # noqa: E712 (SQL)
        )
        assert active == 4
