"""When a sealed value does not open, people read one honest sentence, and nothing else stops for it."""

from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from storage.invites import invite
from storage.members import Role
from storage.messages import Upload
from tests.stage import Person, Stage
from tests.storage.samples import picture

FIRST, SECOND = "骨科王医生昨天收了我两千块红包", "药剂科的人昨天拿了药商的回扣五千块"


async def run(stage: Stage, *statements: str, **values: Any) -> None:
    """Somebody who may write to the database, and has no key."""

    def work(session: Any) -> None:
        for statement in statements:
            session.execute(text(statement), values)

    await stage.database.run(work)


SWAP = (
    "CREATE TEMP TABLE was AS SELECT case_id, body FROM entries WHERE kind = 'report'",
    """
    UPDATE entries SET body = (SELECT body FROM was WHERE was.case_id = 3 - entries.case_id)
    WHERE kind = 'report'
    """,
    "DROP TABLE was",
)
"""The reports of cases 1 and 2 change places."""


@pytest.fixture
async def reporters(stage: Stage) -> tuple[Person, Person]:
    """Two people with a case each."""
    people = stage.person("p"), stage.person("q")
    await people[0].says(FIRST, Upload("a.png", picture("PNG")))
    await people[1].says(SECOND, Upload("a.png", picture("PNG")))
    assert len(await stage.cases()) == 2
    return people


async def test_officer_reads_that_words_do_not_open_and_the_rest_of_the_case(
    stage: Stage, reporters: tuple[Person, Person]
) -> None:
    officer = await stage.officer("何平", role=Role.SUPERVISOR)
    await reporters[0].says("补充一点：当时旁边还有护士小刘。")
    await run(stage, *SWAP)
    seen = "\n".join(reply.text for reply in await officer.says("1号"))
    assert "打不开" in seen
    assert "护士小刘" in seen
    assert FIRST not in seen
    assert SECOND not in seen


async def test_lists_do_not_stop_for_a_case_that_does_not_open(
    stage: Stage, reporters: tuple[Person, Person]
) -> None:
    officer = await stage.officer("何平", role=Role.SUPERVISOR)
    await run(stage, "UPDATE entries SET body = x'00' WHERE case_id = 1")
    assert "打不开" in (await officer.says("1号"))[0].text
    assert SECOND in (await officer.says("2号"))[0].text
    assert stage.house.vault.unopened > 0


async def test_reporter_whose_words_were_exchanged_reads_nobodys(
    stage: Stage, reporters: tuple[Person, Person]
) -> None:
    await run(stage, *SWAP)
    told = (await reporters[0].says(reporters[0].code))[0].text
    assert "打不开" in told
    assert SECOND not in told
    assert len(await stage.cases()) == 2, "a code is nothing to keep"


async def test_own_code_on_anothers_case_shows_nothing_of_it(
    stage: Stage, reporters: tuple[Person, Person]
) -> None:
    """The attack of somebody who may write to the database: the hash of their code moves to a case."""
    mine = reporters[1].code
    await run(
        stage,
        "UPDATE cases SET receipt = receipt || 'x' WHERE id = 2",
        "UPDATE cases SET receipt = (SELECT rtrim(receipt, 'x') FROM cases WHERE id = 2) WHERE id = 1",
    )
    with capture_logs() as lines:
        said = await stage.person("thief").says(mine)
    assert "打不开" in said[0].text
    assert FIRST not in said[0].text
    assert any(line.get("error") == "SealError" for line in lines)


async def test_officer_who_was_lifted_in_the_database_is_nobody(
    stage: Stage, reporters: tuple[Person, Person]
) -> None:
    officer = await stage.officer("周洁", "门诊部")
    await run(stage, "UPDATE members SET role = 'supervisor', office = '纪检办'")
    said = "\n".join(reply.text for reply in await officer.says("1号"))
    assert "打不开" in said
    assert FIRST not in said
    await stage.deliver()
    assert FIRST not in "\n".join(reply.text for reply in await officer.looks())


async def test_one_member_who_does_not_open_keeps_nobody_else_from_anything(
    stage: Stage, reporters: tuple[Person, Person]
) -> None:
    await stage.officer("周洁")
    colleague = await stage.officer("王芳")
    await run(stage, "UPDATE members SET role = 'supervisor' WHERE id = 1")
    before = len(await stage.cases())
    await stage.person("r").says("心内科李医生今天收了我三千块红包")
    await colleague.looks()
    cases = await stage.cases()
    assert len(cases) == before + 1
    assert not cases[-1].sealed, "the report was read as always"
    assert cases[-1].number in colleague.text


async def test_subscription_moved_to_another_case_opens_nothing_there(
    stage: Stage, reporters: tuple[Person, Person]
) -> None:
    thief = reporters[1]
    await thief.presses("有答复就发到这里")
    await run(stage, "UPDATE subscriptions SET case_id = 1 WHERE case_id = 2")
    said = "\n".join(reply.text for reply in await thief.chooses("mine:1"))
    assert FIRST not in said


async def test_reply_moved_to_another_chat_reads_as_broken_and_hides_no_other(
    stage: Stage, reporters: tuple[Person, Person]
) -> None:
    """Else the receipt code in it would be read."""
    thief = reporters[1]
    code = reporters[0].code
    await run(stage, "UPDATE outbox SET chat = (SELECT chat FROM outbox ORDER BY id DESC LIMIT 1)")
    thief.seen = 0
    shown = "\n".join(reply.text for reply in await thief.looks())
    assert code not in shown
    assert "打不开" in shown
    assert thief.code in shown


async def test_file_moved_to_another_case_is_not_handed_out(
    stage: Stage, reporters: tuple[Person, Person]
) -> None:
    officer = await stage.officer("何平", role=Role.SUPERVISOR)
    await run(stage, "UPDATE files SET case_id = 1")
    await officer.says("1号")
    replies = await officer.presses("附件")
    assert "1 个附件打不开" in replies[0].text
    assert len(replies[0].files) == 1


async def test_member_who_was_changed_is_sent_off_and_may_join_anew(stage: Stage) -> None:
    officer = await stage.officer("周洁", "门诊部")
    await run(stage, "UPDATE members SET role = 'supervisor'")
    assert "打不开" in (await officer.says("你好"))[0].text
    await run(stage, "UPDATE members SET active = 0")
    vault, now = stage.house.vault, stage.clock()
    code = await stage.database.run(
        lambda session: invite(session, "门诊部", vault=vault, now=now, name="周洁")
    )
    assert "周洁" in (await officer.says(f"/join {code}"))[0].text
    assert "打不开" not in (await officer.says("你好"))[0].text
