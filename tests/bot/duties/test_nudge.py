"""A head presses 提醒一下: who has not answered reads what is open, in private, and nobody else does."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import Session, select

from scheduler.duties import remind_people
from storage.duties.completing import complete
from storage.members import Member, Role
from storage.staff.employees import Employee, add_employee
from tests.duties import give_out, make_book, owed
from tests.stage import Person, Stage


async def joined(stage: Stage, name: str, office: str, role: Role = Role.STAFF) -> Person:
    """Somebody who joined with a code and stands on the roster."""
    person = await stage.officer(name, office, role)

    def put(session: Session) -> None:
        member = session.exec(select(Member)).all()[-1]
        if session.exec(select(Employee).where(Employee.member_id == member.id)).first() is None:
            add_employee(
                session, name, office, role=role, member_id=member.id, vault=stage.house.vault,
                now=stage.clock(),
            )  # fmt: skip

    await stage.database.run(put)
    return person


async def test_only_who_is_missing_hears_of_it(tmp_path: Path) -> None:
    async with Stage(tmp_path, duties=make_book({"title": "专题学习"})) as stage:
        head = await joined(stage, "药主任", "药剂科", Role.HEAD)
        done, late = await joined(stage, "赵敏", "药剂科"), await joined(stage, "钱进", "药剂科")
        other = await joined(stage, "吴外", "设备科")

        def fill(session: Session) -> None:
            people = session.exec(select(Employee).where(Employee.role == Role.STAFF)).all()
            study = give_out(session, stage.house, people=people, due_in=timedelta(days=2), now=stage.clock())
            complete(session, owed(session, study, people[0]), by=people[0], now=stage.clock())

        await stage.database.run(fill)
        for person in (done, late, other):
            await person.looks()
        await head.says("覆盖率")
        await head.presses("谁没完成")
        [said] = await head.presses("提醒一下")
        assert "已提醒 1 人" in said.text
        await stage.database.run(lambda session: remind_people(session, house=stage.house, now=stage.clock()))
        assert "专题学习" in "".join(reply.text for reply in await late.looks())
        for person in (done, other):
            assert await person.looks() == []
