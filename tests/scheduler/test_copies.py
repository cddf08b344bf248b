"""The sweep that tells reporters of copies what was decided."""

from datetime import timedelta

from storage.cases import Status
from tests.stage import Stage

STORY = "骨科每次手术前都要病人家属给红包，不给就拖着不排手术，我们病房好几家都给了两千块，请查一查。"


async def test_it_works_until_nothing_waits_and_then_does_nothing(stage: Stage) -> None:
    officer = await stage.officer("王芳")
    for number in range(30):
        await stage.person(f"p{number}").says(STORY)
    await officer.says("1号")
    await officer.presses("受理")
    assert await stage.tell_copies() >= 9
    assert {case.status for case in await stage.cases()} == {Status.ACCEPTED}
    assert await stage.tell_copies() == 0


async def test_no_limit_of_a_copy_is_spoken_of_and_none_lapses_unheard(stage: Stage) -> None:
    """The first's limits came earlier and hold for all; taken out, the copy's own are over and said."""
    officer = await stage.officer("王芳")
    for number in range(3):
        await stage.person(f"p{number}").says(STORY)
    stage.clock.advance(days=10)
    await stage.remind()
    await officer.looks()
    assert "2026-00001" in officer.text
    assert "2026-00002" not in officer.text
    await officer.says("2号")
    await officer.presses("分开处理")
    stage.clock.now += timedelta(minutes=1)
    await stage.remind()
    await officer.looks()
    assert "2026-00002：受理或转办已到期" in officer.text
