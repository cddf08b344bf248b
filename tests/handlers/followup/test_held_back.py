"""A patient whose messages are not taken for a time may press and stop, and tells nothing new."""

from sqlmodel import select

from storage.followup.surveys import Survey
from storage.followup.tasks import Task, TaskKind
from storage.ratings import RatingRow
from tests.handlers.followup.at_home import at_home
from tests.handlers.test_blocked import held
from tests.stage import Stage


async def test_words_are_kept_nowhere_and_buttons_still_count(stage: Stage) -> None:
    patient, _ = await held(stage)
    await at_home(stage, patient.name, channel="web")
    await patient.chooses("back")
    await patient.says("骗子医院，护士态度差，饭菜难吃得要命")
    await patient.says("医生收了我两千块红包")
    await patient.chooses("survey:1:-clue:yes")
    await patient.chooses("survey:1:-name:no")
    await patient.chooses("survey:1:overall:4")
    assert len(await stage.cases()) == 1
    assert not await stage.database.run(lambda session: session.exec(select(RatingRow)).all())
    assert await stage.database.run(lambda session: session.exec(select(Survey)).one().score) == 4


async def test_stopping_works_all_the_same(stage: Stage) -> None:
    patient, _ = await held(stage)
    await at_home(stage, patient.name, channel="web")
    await patient.chooses("back")
    assert "不再给您发了" in (await patient.says("TD"))[0].text


async def test_who_is_ill_is_called_back(stage: Stage) -> None:
    patient, _ = await held(stage)
    await at_home(stage, patient.name, channel="web")
    await patient.chooses("back")
    assert "120" in (await patient.says("伤口红肿流脓，还发烧"))[0].text
    [task] = await stage.database.run(lambda session: session.exec(select(Task)).all())
    assert task.kind is TaskKind.CALLBACK
