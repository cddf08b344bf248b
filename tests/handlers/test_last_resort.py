"""A conversation that fails in an unforeseen way still keeps what was written."""

import pytest
from structlog.testing import capture_logs

from storage.members import Role
from storage.messages import Upload
from tests.stage import Stage
from tests.storage.samples import picture

TOLD = "医生收了我两千块"


@pytest.fixture
def broken(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Every conversation raises, after it has begun to write."""

    def fail(*_: object) -> None:
        raise RuntimeError(TOLD)

    monkeypatch.setattr("handlers.opening.find_office", fail)
    monkeypatch.setattr("handlers.menu.main_rows", fail)
    return stage


async def test_a_report_that_nobody_could_read_is_a_sealed_case_with_a_code(broken: Stage) -> None:
    patient = broken.person("p")
    await patient.says(TOLD, Upload("a.png", picture("PNG")))
    [case] = await broken.cases()
    assert (case.sealed, case.unsure) == (True, True)
    assert await broken.told() == [TOLD]
    assert TOLD in (await patient.says(patient.code))[0].text


async def test_only_supervisors_are_told_of_it(broken: Stage) -> None:
    officer = await broken.officer("王芳")
    supervisor = await broken.officer("何平", "审计科", Role.SUPERVISOR)
    await broken.person("p").says(TOLD)
    for person, told in ((officer, False), (supervisor, True)):
        await person.looks()
        assert ("【密】" in person.text) is told


async def test_the_same_failing_message_twice_is_one_case(broken: Stage) -> None:
    patient = broken.person("p")
    for _ in range(3):
        patient._events = 0
        await patient.says(TOLD)
    assert len(await broken.cases()) == 1


async def test_a_button_or_a_command_that_fails_carries_nothing_to_keep(broken: Stage) -> None:
    patient = broken.person("p")
    assert "再发一次" in (await patient.chooses("unknown"))[0].text
    assert not await broken.cases()


async def test_the_log_tells_the_kind_of_error_and_nothing_of_the_words(
    broken: Stage,
) -> None:
    with capture_logs() as lines:
        await broken.person("p").says(TOLD)
    assert any(line.get("error") == "RuntimeError" for line in lines)
    assert "两千" not in str(lines)
