"""What has had its time is forgotten, and nothing before."""

from sqlmodel import Session, select

from storage.invites import Invite, invite
from storage.letters import Letter, State
from storage.members import Member
from tests.stage import Stage

TOLD = "医生收了我两千块"
KINDS = (
    "dialogues", "letters", "events", "guesses", "tags", "blocks", "addresses", "invites", "leavers",
    "tickets", "choices", "hand-outs", "tasks", "practice", "people", "leaves", "hand-ins", "drafts",
    "unsigned",
)  # fmt: skip


async def test_each_kind_goes_when_its_time_is_over(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    await stage.person("q").says("1111 2222 3333 4444")
    none = dict.fromkeys(KINDS, 0)
    assert await stage.tidy_up() == none
    stage.clock.advance(minutes=31)
    assert await stage.tidy_up() == none | {"dialogues": 2, "guesses": 1}
    stage.clock.advance(days=1)
    assert (await stage.tidy_up())["letters"] >= 3
    stage.clock.advance(days=7)
    assert await stage.tidy_up() == none | {"events": 2, "tags": 1}
    assert await stage.told() == [TOLD]


async def test_what_still_waits_or_was_given_up_stays(stage: Stage) -> None:
    await stage.person("p", "messenger").says(TOLD)

    def bury_one(session: Session) -> None:
        session.exec(select(Letter).where(Letter.channel == "messenger").limit(1)).one().state = State.DEAD

    await stage.database.run(bury_one)
    stage.clock.advance(days=365)
    assert (await stage.tidy_up())["letters"] == 0


async def test_what_was_given_up_goes_after_the_days_of_the_hospital(stage: Stage) -> None:
    await stage.person("p", "messenger").says(TOLD)

    def bury_all(session: Session) -> None:
        for letter in session.exec(select(Letter)):
            letter.state, letter.settled_at = State.DEAD, stage.clock()

    await stage.database.run(bury_all)
    stage.clock.advance(days=stage.house.hospital.retention.undelivered)
    assert (await stage.tidy_up())["letters"] == 0
    stage.clock.advance(minutes=1)
    assert (await stage.tidy_up())["letters"] >= 1


async def test_used_and_expired_codes_go_with_the_names_in_them(stage: Stage) -> None:
    await stage.officer("赵明")

    def never_used(session: Session) -> None:
        invite(session, "纪检办", vault=stage.house.vault, now=stage.clock(), name="钱亮")

    await stage.database.run(never_used)
    stage.clock.advance(days=7, minutes=1)
    assert (await stage.tidy_up())["invites"] == 1
    [left] = await stage.database.run(lambda session: list(session.exec(select(Invite.used_at))))
    assert left is None
    stage.clock.advance(days=7)
    assert (await stage.tidy_up())["invites"] == 1


async def test_who_left_long_ago_is_forgotten(stage: Stage) -> None:
    await stage.officer("赵明")

    def leaves(session: Session) -> None:
        member = session.exec(select(Member)).one()
        member.active, member.changed_at = False, stage.clock()

    await stage.database.run(leaves)
    stage.clock.advance(days=365)
    assert (await stage.tidy_up())["leavers"] == 0
    stage.clock.advance(minutes=1)
    assert (await stage.tidy_up())["leavers"] == 1
