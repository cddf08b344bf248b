"""What has had its time is forgotten, and nothing before."""

from sqlmodel import Session, select

from storage.letters import Letter, State
from tests.stage import Stage

TOLD = "医生收了我两千块"


async def test_each_kind_goes_when_its_time_is_over(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    await stage.person("q").says("1111 2222 3333 4444")
    none = dict.fromkeys(("dialogues", "letters", "events", "guesses", "tags", "blocks", "addresses"), 0)
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
