"""From a card in a group to 已通过: with material, a restart in the middle, the web page, and a picture."""

from pathlib import Path

from sqlmodel import Session, select

from bot.materials import FOLDER, Shelf
from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.book import DutyBook
from storage.members import Member
from storage.messages import Inbound
from storage.staff.employees import Employee
from storage.training.sittings import Sitting
from tests.duties import give_out, make_book
from tests.stage import Person, Stage
from tests.storage.documents import pdf

BOOK = make_book({
    "key": "nine", "title": "九项准则", "done": "quiz", "file": "准则.pdf",
    "quiz": {"questions": 10, "pass_mark": 80},
})  # fmt: skip


def opened(folder: Path, book: DutyBook = BOOK) -> Stage:
    return Stage(folder, duties=book)


async def gives_out(stage: Stage) -> int:
    """The quiz is owed by everybody on the roster."""

    def give(session: Session) -> int:
        people = list(session.exec(select(Employee)))
        return give_out(session, stage.house, "nine", people=people, now=stage.clock()).id or 0

    return await stage.database.run(give)


async def answers_right(stage: Stage, person: Person) -> None:
    """Presses what is right for the question on the screen."""

    def good(session: Session) -> tuple[str, list[int], bool]:
        sitting = session.exec(select(Sitting).order_by(Sitting.id.desc())).first()  # type: ignore[union-attr]
        assert sitting is not None
        key, order = sitting.questions[sitting.position]
        question = stage.house.questions.find(key)
        assert question is not None
        places = sorted(order.index(str(place)) for place in question.answers)
        return f"{sitting.id}:{sitting.position}", places, len(places) > 1

    where, places, several = await stage.database.run(good)
    for place in places:
        await person.chooses(f"quiz:pick:{where}:{place}")
    if several:
        await person.chooses(f"quiz:sure:{where}")


async def test_a_quiz_begun_in_a_group_goes_on_after_a_restart_and_completes(tmp_path: Path) -> None:
    async with opened(tmp_path) as stage:
        await stage.group("药剂群", "药剂科")
        officer = await stage.officer("钱伟", "药剂科", channel="messenger")
        number = await gives_out(stage)
        press = Inbound(
            "messenger", officer.name, "药剂群", "e9", choice=f"quiz:begin:{number}", in_group=True
        )
        await stage.receive(press)
        await stage.deliver()
        [invitation] = [one for one in stage.messenger.shown_in(officer.name) if "10 题" in one.text]
        assert "80 分通过" in invitation.text
        assert not [one for one in stage.messenger.shown_in("药剂群") if "题" in one.text]
        await officer.chooses(f"quiz:begin:{number}")
        for _ in range(4):
            await answers_right(stage, officer)
            await officer.chooses(f"quiz:next:1:{_}")
        asked = await stage.database.run(lambda session: session.exec(select(Sitting)).one().drawn)
    async with opened(tmp_path) as stage:
        officer = Person(stage, officer.name, "messenger")
        officer._events = 100
        await officer.says("答题")
        sitting = await stage.database.run(lambda session: session.exec(select(Sitting)).one())
        assert (sitting.drawn, sitting.position) == (asked, 4)
        for place in range(4, 10):
            await answers_right(stage, officer)
            await officer.chooses(f"quiz:next:1:{place}")
        await stage.deliver()
        assert "100 分" in stage.messenger.shown_in(officer.name)[-1].text
        done = await stage.database.run(lambda session: session.exec(select(Assignment)).one())
        assert (done.state, done.score, done.tries) == (AssignmentState.DONE, 100, 1)


async def test_material_is_shown_with_the_way_on_and_can_be_fetched(tmp_path: Path) -> None:
    async with opened(tmp_path) as stage:
        clerk = await stage.officer("钱伟", "药剂科")
        number = await gives_out(stage)
        await clerk.chooses(f"quiz:material:{number}")
        assert "正在准备" in clerk.text
        (tmp_path / FOLDER).mkdir()
        (tmp_path / FOLDER / "准则.pdf").write_bytes(pdf())
        shelf = Shelf(
            tmp_path, database=stage.database, house=stage.house, files=stage.files, clock=stage.clock
        )
        await shelf.put_out()
        [shown] = await clerk.chooses(f"quiz:material:{number}")
        assert [choice.label for row in shown.choices for choice in row] == ["开始答题"]
        [file] = shown.files
        assert (await stage.room.open_file(clerk.name, file.uid))[1].startswith(b"%PDF")
        reading = make_book({"key": "nine", "link": "https://example.org/nine"})
    async with opened(tmp_path, reading) as stage:
        number = await gives_out(stage)
        clerk = Person(stage, clerk.name)
        clerk._events = 100
        [shown] = await clerk.chooses(f"quiz:material:{number}")
        assert "https://example.org/nine" in shown.text
        assert [choice.value for row in shown.choices for choice in row] == [f"due:read:{number}"]


async def test_who_left_gets_no_question_and_no_material(tmp_path: Path) -> None:
    async with opened(tmp_path) as stage:
        clerk = await stage.officer("钱伟", "药剂科")
        number = await gives_out(stage)
        await clerk.chooses(f"quiz:begin:{number}")

        def leave(session: Session) -> None:
            session.exec(select(Member)).one().active = False

        await stage.database.run(leave)
        before = await stage.database.run(lambda session: session.exec(select(Sitting)).one().marks)
        for value in (f"quiz:begin:{number}", "quiz:pick:1:0:0", f"quiz:material:{number}"):
            [reply] = await clerk.chooses(value)
            assert "本院职工" in reply.text
        after = await stage.database.run(lambda session: session.exec(select(Sitting)).one().marks)
        assert before == after == ""
