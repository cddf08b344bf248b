"""Praise is recorded for the office of the ethics file and can be turned into a report."""

from nlp.taxonomy import Intent
from storage.cases import Outcome
from storage.clocks import Limit, running_clocks
from tests.stage import Stage

PRAISE = "骨科李护士特别好，照顾我妈很用心，表扬她"


async def test_praise_goes_to_the_ethics_file_and_gives_no_code(stage: Stage) -> None:
    patient, clerk = stage.person("p"), await stage.officer("钱红", "人事科")
    [reply] = await patient.says(PRAISE)
    assert "谢谢您的肯定" in reply.text
    assert "查询码" not in reply.text
    [case] = await stage.cases()
    assert (case.lead_office, case.intent, case.categories) == ("人事科", Intent.PRAISE, "")
    clocks = await stage.database.run(lambda session: running_clocks(session, 1))
    assert [clock.kind for clock in clocks] == [Limit.FIRST_LOOK]
    await clerk.looks()
    assert "表扬" in clerk.text


async def test_praise_that_was_none_becomes_a_report_and_pressing_twice_opens_one(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(PRAISE)
    await patient.presses("不是表扬")
    await patient.chooses("praise.report")
    praise, report = await stage.cases()
    assert praise.outcome is Outcome.WITHDRAWN
    assert (report.intent, report.unsure) == (Intent.REPORT, True)
    assert patient.code
    assert await stage.told(2) == [PRAISE]


async def test_praise_can_be_taken_back_and_speaks_of_no_code_it_never_gave(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(PRAISE)
    assert "查询码" not in (await patient.says("返回"))[0].text
    await patient.says(PRAISE)
    await patient.says("撤回")
    await patient.presses("确定撤回")
    assert [case.outcome for case in await stage.cases()] == [None, Outcome.WITHDRAWN]
