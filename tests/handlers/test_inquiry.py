"""Questions: answered from the hospital's list, or handed to a person with a code for the answer."""

import pytest

from handlers.inquiry import find_faq
from nlp.taxonomy import Intent
from tests.stage import Stage, sample_hospital

FAQ = sample_hospital().faq


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("请问怎么复印病历", "怎么复印病历"),
        ("停车场在哪里", "停车"),
        ("要不要给医生送红包", "能不能送红包"),
        ("我想投诉，怎么投诉", "想投诉，怎么走"),
        ("食堂在哪", None),
        ("", None),
    ],
)
def test_finds_the_common_question(text: str, title: str | None) -> None:
    found = find_faq(FAQ, text)
    assert (found.title if found else None) == title


@pytest.mark.parametrize("start", [None, "咨询"])
async def test_a_common_question_is_answered_with_or_without_the_button(
    stage: Stage, start: str | None
) -> None:
    patient = stage.person("p")
    if start:
        await patient.says(start)
    [reply] = await patient.says("请问怎么复印病历")
    assert "带身份证" in reply.text
    assert [choice.label for row in reply.choices for choice in row] == ["转人工", "我要反映问题", "返回"]
    assert not await stage.cases()


async def test_every_button_of_a_common_question_is_answered(stage: Stage) -> None:
    patient = stage.person("p")
    for faq in FAQ[:8]:
        await patient.says("咨询")
        assert faq.title in (await patient.presses(faq.title))[0].text


async def test_a_question_nobody_foresaw_goes_to_the_service_desk_with_a_code_for_the_answer(
    stage: Stage,
) -> None:
    patient, clerk = stage.person("p"), await stage.officer("赵敏", "投诉办")
    await patient.says("食堂在哪")
    [case] = await stage.cases()
    assert (case.lead_office, case.intent, case.categories) == ("投诉办", Intent.INQUIRY, "")
    await clerk.looks()
    await clerk.presses("打开")
    await clerk.presses("受理")
    await clerk.presses("办结")
    await clerk.presses("查否")
    await clerk.presses("跳过")
    await clerk.says("食堂在二号楼。")
    await clerk.presses("确认发送")
    assert "二号楼" in (await stage.person("q").says(patient.code))[0].text


async def test_a_person_can_be_asked_for_before_and_after_an_answer(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("停车费怎么算")
    await patient.presses("转人工")
    assert await stage.told() == ["停车费怎么算"]
    other = stage.person("q")
    assert "写下您的问题" in (await other.says("转人工"))[0].text
    await other.says("说来话长")
    third = stage.person("r")
    await third.says("今天天气不太好")
    await third.presses("这是我的问题")
    assert await stage.told(2) == ["说来话长"]
    assert await stage.told(3) == ["今天天气不太好"]
    assert [case.lead_office for case in await stage.cases()] == ["投诉办"] * 3


async def test_a_report_among_the_questions_is_taken_as_a_report(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("咨询")
    await patient.says("医生收了我两千块")
    assert [case.lead_office for case in await stage.cases()] == ["纪检办"]


@pytest.mark.parametrize(("text", "answer"), [("谢谢", "不客气"), ("你好", "您有什么事")])
async def test_thanks_and_greetings_are_answered_kindly(stage: Stage, text: str, answer: str) -> None:
    patient = stage.person("p")
    await patient.says("停车费怎么算")
    assert answer in (await patient.says(text))[0].text


@pytest.mark.parametrize("then", ["就是那个李医生收了我两千块", "请问这件事该找谁"])
async def test_words_nobody_understood_go_into_the_case_of_those_that_follow(stage: Stage, then: str) -> None:
    patient = stage.person("p")
    await patient.says("今天天气不太好")
    await patient.says(then)
    assert await stage.told() == [f"今天天气不太好\n{then}"]


@pytest.mark.parametrize("start", [None, "咨询"])
async def test_somebody_in_danger_reads_the_emergency_number_and_is_seen_by_a_person(
    stage: Stage, start: str | None
) -> None:
    patient = stage.person("p")
    if start:
        await patient.says(start)
    assert "120" in (await patient.says("我想死"))[0].text
    [case] = await stage.cases()
    assert (case.lead_office, case.urgent, case.unsure) == ("投诉办", True, True)


async def test_praise_with_a_barb_is_read_by_a_person(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("医生人很好，就是要钱")
    assert patient.code
    assert (await stage.cases())[0].lead_office != "人事科"


async def test_who_is_not_understood_twice_is_read_by_a_person(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("今天有点冷")
    assert not await stage.cases()
    await patient.says("今天有点冷啊")
    assert [case.lead_office for case in await stage.cases()] == [stage.house.hospital.service_desk]
    assert patient.code
