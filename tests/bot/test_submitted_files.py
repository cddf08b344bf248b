"""What staff hand in, with real files: over the web and a messenger, fetched by who may, by nobody else."""

from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import Session, select

from storage.duties.occurrences import Occurrence
from storage.duties.submissions import Submission
from storage.errors import NoSuchCase
from storage.files import known_files, unknown_files
from storage.members import Role
from storage.messages import Upload
from storage.outbox import announce
from storage.staff.employees import Employee
from tests.duties import give_out, make_book
from tests.handlers.staff.people import ESSAY, FIGURE, PLEDGE, PROMISE, REPORT
from tests.stage import Person, Stage

BOOK = make_book(ESSAY, FIGURE, REPORT, PROMISE, {}, forms=[PLEDGE])


@pytest.fixture
async def staffed(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(tmp_path, duties=BOOK) as stage:
        yield stage


def picture() -> Upload:
    content = BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "JPEG")
    return Upload("签到表.jpg", content.getvalue())


async def owed_by_all(stage: Stage, key: str, offices: Sequence[str] = ()) -> int:
    def give(session: Session) -> int:
        people = list(session.exec(select(Employee)))
        found: Occurrence = give_out(
            session, stage.house, key, people=people, offices=offices, now=stage.clock()
        )
        assert found.id is not None
        return found.id

    return await stage.database.run(give)


@pytest.mark.parametrize("channel", ["web", "messenger"])
async def test_a_file_travels_from_who_hands_in_to_who_receives(staffed: Stage, channel: str) -> None:
    anna = await staffed.officer("安娜", "药剂科", Role.STAFF, channel=channel)
    clerk = await staffed.officer("医务", "医务科", channel=channel)
    stranger = await staffed.officer("外人", "设备科", Role.HEAD)
    number = await owed_by_all(staffed, "report", ["药剂科"])
    await anna.chooses(f"due:submit:{number}")
    await anna.says("", picture())
    await anna.presses("完成")
    await staffed.deliver()
    if channel == "web":
        await clerk.looks()
        shown = await clerk.presses("看材料")
    else:
        [told] = [one for one in staffed.messenger.shown_in(clerk.name) if "交来了" in one.text]
        assert "签到表" not in told.text
        shown = await clerk.chooses(told.choices[0][0].value)
    [file] = shown[0].files
    assert file.media_type == "image/jpeg"
    assert (await staffed.room.read_file(file.uid)).startswith(b"\xff\xd8")
    if channel == "web":
        assert (await staffed.room.open_file(clerk.name, file.uid))[0] == file
        assert (await staffed.room.open_file(anna.name, file.uid))[0] == file
    for who in (stranger.name, "nobody"):
        with pytest.raises(NoSuchCase):
            await staffed.room.open_file(who, file.uid)
    kept = await staffed.database.run(lambda session: unknown_files(session, [file.uid]))
    assert kept == []


async def test_the_files_of_a_draft_are_known_and_its_owners_alone(staffed: Stage) -> None:
    anna = await staffed.officer("安娜", "药剂科", Role.STAFF)
    chief = await staffed.officer("主任", "纪检办", Role.HEAD)
    number = await owed_by_all(staffed, "report", ["药剂科"])
    await anna.chooses(f"due:submit:{number}")
    await anna.says("", picture())
    [uid] = await staffed.database.run(known_files)
    await staffed.room.open_file(anna.name, uid)
    with pytest.raises(NoSuchCase):
        await staffed.room.open_file(chief.name, uid)


async def test_a_file_that_cannot_be_cleaned_is_told_and_nothing_is_kept(staffed: Stage) -> None:
    anna = await staffed.officer("安娜", "药剂科", Role.STAFF)
    number = await owed_by_all(staffed, "report", ["药剂科"])
    await anna.chooses(f"due:submit:{number}")
    await anna.says("", Upload("x.exe", b"MZ" + b"\0" * 100))
    assert await staffed.database.run(known_files) == set()
    await anna.says("完成")
    assert "没有收到文件" in anna.text


async def test_an_unfinished_form_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with Stage(tmp_path, duties=BOOK) as stage:
        anna = await stage.officer("安娜", "药剂科", Role.STAFF)
        number = await owed_by_all(stage, "promise")
        await anna.chooses(f"fill:begin:{number}")
        await anna.presses("看完了，继续")
        await anna.presses("是")
    async with Stage(tmp_path, duties=BOOK) as again:
        again.clock.advance(hours=3)
        later = Person(again, anna.name, anna.channel, _events=100)
        await later.chooses(f"fill:begin:{number}")
        assert "接着来" in later.text
        assert "收过红包没有退" in later.text


async def test_the_same_press_twice_hands_in_once(staffed: Stage) -> None:
    anna = await staffed.officer("安娜", "药剂科", Role.STAFF)
    number = await owed_by_all(staffed, "essay")
    await anna.chooses(f"due:submit:{number}")
    await anna.says("心得")
    for _ in range(2):
        await anna.chooses(f"due:finish:{number}")
    count = await staffed.database.run(lambda session: len(session.exec(select(Submission)).all()))
    assert count == 1


async def test_a_bare_answer_on_the_page_answers_the_digest(staffed: Stage) -> None:
    """A notice that was shown on the page keeps its name, so that the answer to it is known."""
    anna = await staffed.officer("安娜", "药剂科", Role.STAFF)
    number = await owed_by_all(staffed, "study")
    await anna.chooses(f"due:open:{number}")
    await anna.says("收到")
    assert "已记下" not in anna.text

    await staffed.database.run(
        lambda session: announce(session, "member:1", "due.open", now=staffed.clock(), occurrence=number)
    )
    await anna.looks()
    await anna.says("收到")
    assert "已记下" in anna.text
