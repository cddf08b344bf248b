"""Files and shown messages are handed to those who may have them."""

import pytest
from sqlmodel import Session, col, select

from storage.cases import Case, Cause, LeftOutPerson
from storage.errors import NoSuchCase, NoSuchFile
from storage.events import Event, case_history
from storage.files import known_files
from storage.members import Member
from storage.messages import Upload
from storage.tallies import Tally
from tests.stage import Stage
from tests.storage.samples import picture


@pytest.fixture
async def uid(stage: Stage) -> str:
    """The file of a report at the discipline office."""
    await stage.person("p").says("医生收了我两千块", Upload("a.png", picture("PNG")))
    [uid] = await stage.database.run(known_files)
    return uid


async def test_an_officer_on_the_case_gets_the_file_and_the_trail_tells(stage: Stage, uid: str) -> None:
    officer = await stage.officer("王芳")
    stored, content = await stage.room.open_file(officer.name, uid)
    assert content.startswith(b"\x89PNG")
    assert stored.media_type == "image/png"
    history = await stage.database.run(lambda session: case_history(session, 1))
    assert history[-1].action == "file_read"


async def test_nobody_else_gets_it_and_all_refusals_read_alike(stage: Stage, uid: str) -> None:
    await stage.officer("周洁", "药剂科")
    refusals = set()
    for sender, wanted in (("officer 周洁", uid), ("p", uid), ("nobody", uid), ("officer 周洁", "0" * 32)):
        with pytest.raises((NoSuchCase, NoSuchFile)) as refused:
            await stage.room.open_file(sender, wanted)
        refusals.add((refused.type, str(refused.value)))
    assert len(refusals) == 1


async def test_who_read_it_before_the_case_moved_gets_it_no_more(stage: Stage, uid: str) -> None:
    reader = await stage.officer("周洁", "药剂科")
    refusal = "no such file"

    def lead(office: str) -> None:
        def change(session: Session) -> None:
            session.exec(select(Case)).one().lead_office = office

        stage.database.run_now(change)

    await stage.officer("王芳")
    lead("药剂科")
    assert (await stage.room.open_file(reader.name, uid))[1]
    lead("纪检办")
    with pytest.raises(NoSuchCase, match=refusal):
        await stage.room.open_file(reader.name, uid)


async def test_who_is_left_out_of_the_case_gets_no_file_of_it(stage: Stage, uid: str) -> None:
    officer = await stage.officer("王芳")
    assert (await stage.room.open_file(officer.name, uid))[1]

    def leave_out(session: Session) -> None:
        member, case = session.exec(select(Member)).one(), session.exec(select(Case)).one()
        session.add(LeftOutPerson(case_id=case.id or 0, member_id=member.id or 0, cause=Cause.RECUSED))

    await stage.database.run(leave_out)
    with pytest.raises(NoSuchCase, match="no such file"):
        await stage.room.open_file(officer.name, uid)


async def test_a_page_reads_on_from_where_it_was_and_never_another_chat(stage: Stage) -> None:
    first, second = stage.person("p"), stage.person("q")
    await first.says("医生收了我两千块")
    await second.says("你好")
    everything = await stage.room.read_after("p", 0)
    assert [sent.id for sent in everything] == sorted(sent.id for sent in everything)
    assert await stage.room.read_after("p", everything[-1].id) == []
    assert [sent.reply.text for sent in await stage.room.read_after("q", 0)] == [
        reply.text for reply in second.screen.values()
    ]


async def test_what_was_shown_is_forgotten_after_a_day(stage: Stage) -> None:
    await stage.person("p").says("你好")
    stage.clock.advance(days=1, minutes=1)
    await stage.tidy_up()
    assert await stage.room.read_after("p", 0) == []


async def test_refusals_of_members_stay_in_the_trail_and_strangers_are_counted(
    stage: Stage, uid: str
) -> None:
    """The page hears of an error, and the refusal is kept all the same."""
    await stage.officer("周洁", "药剂科")
    for sender, wanted in (("officer 周洁", uid), ("officer 周洁", "0" * 32), ("p", uid)):
        with pytest.raises(NoSuchCase):
            await stage.room.open_file(sender, wanted)

    def refusals(session: Session) -> list[tuple[str, int | None, str]]:
        found = session.exec(select(Event).where(Event.action == "refused").order_by(col(Event.id)))
        return [(event.actor, event.case_id, event.detail) for event in found]

    said = '{"what": "file"}'
    assert await stage.database.run(refusals) == [("member:1", 1, said), ("member:1", None, said)]
    assert (await stage.database.run(lambda session: session.get_one(Tally, "strangers"))).count == 1


async def test_refusal_of_a_case_is_kept_by_the_transaction_that_answers(stage: Stage) -> None:
    await stage.person("p").says("医生收了我两千块")
    await (await stage.officer("周洁", "药剂科")).says("1号")
    history = await stage.database.run(lambda session: case_history(session, 1))
    assert history[-1].action == "refused"


async def test_pushing_content_to_a_private_chat_is_told_once(stage: Stage) -> None:
    """A card that lies open in one officer's chat is drawn anew when another moves the case."""
    await stage.person("p").says("医生收了我两千块")
    reader, actor = await stage.officer("王芳"), await stage.officer("孙立")
    await stage.deliver()
    await reader.says("1号")
    await actor.says("1号")
    await actor.presses("受理")
    await stage.deliver()
    history = await stage.database.run(lambda session: case_history(session, 1))
    assert [(event.actor, event.detail) for event in history if event.action == "pushed"] == [
        ("system", '{"to": 1}')
    ]


async def test_wrong_codes_are_counted_and_not_told_one_by_one(stage: Stage) -> None:
    for number in range(4):
        await stage.person(f"p{number}").says(f"123456781234567{number}")
        await stage.person(f"q{number}").says("/join ABCDE-23456")
    counts = await stage.database.run(
        lambda session: {one.kind: one.count for one in session.exec(select(Tally))}
    )
    assert counts == {"wrong_codes": 4, "wrong_join_codes": 4}
    assert await stage.database.run(lambda session: session.exec(select(Event)).all()) == []
