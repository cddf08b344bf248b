"""Help comes first in every conversation, and whoever can act is told at once."""

import pytest

from bot import dispatcher
from handlers.turn import Turn
from storage.cases import Outcome, Part, Status, offices_of
from storage.events import case_history
from storage.members import Role
from storage.messages import Reply, Upload
from tests.stage import Person, Stage, sample_hospital
from tests.storage.samples import picture

CRY = "我不想活了"


async def _starts_report(person: Person) -> None:
    await person.says("我要反映问题")


async def _tells(person: Person) -> None:
    await person.says("骨科王医生上周三收了我两千块红包")


async def _comes_back(person: Person) -> None:
    await _tells(person)
    await person.says(person.code)


async def _rates(person: Person) -> None:
    await person.says("满意度评价")


async def _has_rated(person: Person) -> None:
    await person.says("满意度评价")
    await person.chooses("score:2")


async def _asks(person: Person) -> None:
    await person.says("咨询")


async def _asks_a_person(person: Person) -> None:
    await person.says("转人工")


async def _looks_for_the_code(person: Person) -> None:
    await person.says("查询进度")


async def _praises(person: Person) -> None:
    await person.says("感谢骨科的王医生，态度特别好")


async def _withdraws(person: Person) -> None:
    await _tells(person)
    await person.chooses("withdraw:1")


async def _waits_for_a_join_code(person: Person) -> None:
    await person.says("/join")


async def _is_nowhere(person: Person) -> None:
    pass


async def _was_not_understood(person: Person) -> None:
    await person.says("😀😀😀")


@pytest.mark.parametrize(
    "before",
    [
        _is_nowhere, _waits_for_a_join_code,
        _starts_report, _tells, _comes_back, _rates, _has_rated, _asks, _asks_a_person,
        _looks_for_the_code, _praises, _withdraws, _was_not_understood,
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", [CRY, "谢谢您，我不想活了", "请问门诊几点开门，我不想活了", "想 自 殺"])
async def test_help_is_first_and_the_words_are_in_one_urgent_case(
    stage: Stage, before: object, text: str
) -> None:
    patient = stage.person("p")
    await before(patient)  # type: ignore[operator]
    replies = await patient.says(text)
    assert "\n12356\n" in replies[0].text
    assert "\n120\n" in replies[0].text
    assert len(replies) > 1, "the conversation goes on"
    kept = [case for case in await stage.cases() if text in "\n".join(await stage.told(case.id or 0))]
    [case] = kept
    assert case.urgent
    assert patient.code


@pytest.mark.parametrize("before", [_tells, _comes_back, _praises])
async def test_words_in_an_open_case_open_no_other(stage: Stage, before: object) -> None:
    patient = stage.person("p")
    await before(patient)  # type: ignore[operator]
    many = len(await stage.cases())
    await patient.says(CRY)
    cases = await stage.cases()
    assert len(cases) - many <= (1 if before is _praises else 0)
    assert [case.urgent for case in cases][-1]


async def test_beside_a_receipt_code_the_words_are_kept_and_the_code_is_not(stage: Stage) -> None:
    patient = stage.person("p")
    await _tells(patient)
    code = patient.code
    back = stage.person("again")
    replies = await back.says(f"{code} 想死")
    assert "12356" in replies[0].text
    assert await stage.told(1) == ["骨科王医生上周三收了我两千块红包", "想死"]
    [case] = await stage.cases()
    assert case.urgent


async def test_beside_a_wrong_code_the_words_still_open_a_case_without_it(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("查询进度")
    replies = await patient.says("1234567812345678 想死")
    assert "12356" in replies[0].text
    [case] = await stage.cases()
    assert case.urgent


async def test_the_second_cry_is_answered_in_fewer_words_and_kept(stage: Stage) -> None:
    patient = stage.person("p")
    first = await patient.says(CRY)
    second = await patient.says("真的活不下去了")
    assert "12356" in second[0].text
    assert len(second[0].text) < len(first[0].text) / 2
    assert await stage.told(1) == [CRY, "真的活不下去了"]


async def test_nobody_in_danger_is_asked_for_the_department(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("医生收了我两千块")
    replies = await patient.says(CRY)
    assert not any("跳过" in choice.label for reply in replies for row in reply.choices for choice in row)
    assert not any("哪个科室" in reply.text for reply in replies)


@pytest.mark.parametrize(
    ("text", "numbers", "words"),
    [
        ("我妈说不想活了", ["120", "12356"], "陪在身边"),
        ("我要砍死那个医生", ["110", "12356", "120"], "停一停"),
        ("主任说要弄死我", ["110", "120"], "保护自己"),
        ("护工打我妈妈", ["110", "120"], "保护自己"),
        ("上个月护工打了我妈", ["120", "110"], "不是您的错"),
        ("我要砍死那个医生，然后从楼上跳下去", ["12356", "120", "110"], "一个人扛着"),
    ],
)
async def test_each_danger_has_its_own_numbers_each_on_a_line(
    stage: Stage, text: str, numbers: list[str], words: str
) -> None:
    replies = await stage.person("p").says(text)
    lines = replies[0].text.splitlines()
    assert all(number in lines for number in numbers)
    assert words in replies[0].text


@pytest.mark.parametrize("text", ["我老公打我", "我被保安打了", "去年住院时护工打了我妈"])
async def test_who_was_hit_has_an_urgent_case_that_is_seen(stage: Stage, text: str) -> None:
    replies = await stage.person("p").says(text)
    (case,) = await stage.cases()
    assert case.urgent
    assert not any("没有看明白" in reply.text for reply in replies)


async def test_what_is_over_frightens_nobody_and_what_begins_again_is_an_alarm(stage: Stage) -> None:
    patient = stage.person("p")
    (calm, *_) = await patient.says("上个月护工打了我妈")
    assert "锁上" not in calm.text
    (alarm, *_) = await patient.says("他又在打我妈了")
    assert "锁上" in alarm.text


async def test_the_numbers_are_those_of_the_hospital(tmp_path: object, stage: Stage) -> None:
    stage.desk.house.hospital.__dict__.update(crisis_line="0571-85029595", emergency_line="999")
    replies = await stage.person("p").says(CRY)
    assert {"0571-85029595", "999"} <= set(replies[0].text.splitlines())


async def test_office_head_discipline_and_security_are_told_of_a_threat_at_once(stage: Stage) -> None:
    people = {
        "desk": await stage.officer("李", "投诉办"),
        "head": await stage.officer("赵", "投诉办", Role.HEAD),
        "discipline": await stage.officer("王", "纪检办"),
        "security": await stage.officer("孙", "保卫科"),
        "other": await stage.officer("周", "医保科"),
    }
    await stage.person("p").says("我要拿刀砍死那个护士")
    [case] = await stage.cases()
    await stage.deliver()
    told = {
        name for name, person in people.items() if any(case.number in r.text for r in await person.looks())
    }
    assert told >= {"discipline", "security"}
    assert "other" not in told


async def test_an_addition_pushes_even_where_the_case_was_urgent_before_but_not_every_minute(
    stage: Stage,
) -> None:
    officer = await stage.officer("王", "纪检办")
    patient = stage.person("p")
    await patient.says("明天手术，主刀今天开口要五千红包")
    await officer.looks()
    await patient.says(CRY)
    assert any("生命危险" in reply.text for reply in await officer.looks())
    stage.clock.advance(minutes=5)
    await patient.says("真的不想活了")
    assert not any("生命危险" in reply.text for reply in await officer.looks())
    stage.clock.advance(minutes=11)
    await patient.says("我现在在楼顶，想死")
    assert any("生命危险" in reply.text for reply in await officer.looks())


@pytest.mark.parametrize("text", ["保安把我按在地上打，往死里打", "保卫科的人说要弄死我"])
async def test_accused_security_is_not_told(stage: Stage, text: str) -> None:
    security = await stage.officer("孙", "保卫科")
    await stage.person("p").says(text)
    assert not any("2026-" in reply.text for reply in await security.looks())
    supporting = await stage.database.run(lambda session: offices_of(session, 1, Part.SUPPORTING))
    assert "保卫科" not in supporting


async def test_a_group_learns_no_word_of_it(stage: Stage) -> None:
    await stage.officer("王", "纪检办")
    await stage.group("纪检群", "纪检办")
    patient = stage.person("p")
    await patient.says("骨科王医生上周三收了我两千块红包")
    await patient.says("我不想活了，从楼上跳下去算了")
    await stage.deliver()
    seen = "\n".join(reply.text for reply in stage.messenger.shown_in("纪检群"))
    assert "生命危险" in seen
    assert "跳" not in seen
    assert "不想活" not in seen


async def test_the_card_of_a_new_case_says_why_it_is_urgent(stage: Stage) -> None:
    officer = await stage.officer("王", "纪检办")
    await stage.person("p").says(CRY)
    [card, *_] = await officer.looks()
    assert "生命危险" in card.text
    assert CRY not in card.text


async def test_the_trail_tells_of_it_without_a_word_of_content(stage: Stage) -> None:
    await stage.person("p").says(CRY)
    history = await stage.database.run(lambda session: case_history(session, 1))
    [event] = [event for event in history if event.action == "crisis"]
    assert event.detail == '{"violent": false}'


async def test_what_colleagues_say_in_their_group_stays_theirs(stage: Stage) -> None:
    await stage.officer("王", "纪检办")
    group = await stage.group("纪检群", "纪检办")
    assert await group.says("排班排得我想死", in_group=True) == []
    assert await stage.cases() == []


async def test_an_officer_in_need_gets_help_like_anybody(stage: Stage) -> None:
    officer = await stage.officer("王", "纪检办")
    replies = await officer.says("我真的不想活了")
    assert "12356" in replies[0].text
    [case] = await stage.cases()
    assert case.urgent


async def test_words_of_an_officer_for_a_form_are_about_somebody_else(stage: Stage) -> None:
    officer = await stage.officer("王", "纪检办")
    await stage.person("p").says("骨科王医生上周三收了我两千块红包")
    await officer.chooses("open:1")
    await officer.presses("内部备注")
    replies = await officer.says("反映人来电说想跳楼，已联系家属")
    assert not any("12356" in reply.text for reply in replies)
    assert len(await stage.cases()) == 1


async def test_a_caption_of_a_picture_counts(stage: Stage) -> None:
    replies = await stage.person("p").says(CRY, Upload("a.jpg", picture("jpeg")))
    assert "12356" in replies[0].text
    [case] = await stage.cases()
    assert case.urgent


async def test_a_closed_case_is_pushed_as_well(stage: Stage) -> None:
    officer = await stage.officer("王", "纪检办")
    patient = stage.person("p")
    await _tells(patient)
    await patient.chooses("withdraw:1")
    await patient.says("是")
    [case] = await stage.cases()
    assert (case.status, case.outcome) == (Status.CLOSED, Outcome.WITHDRAWN)
    await officer.looks()
    await patient.says(CRY)
    assert any("生命危险" in reply.text for reply in await officer.looks())


async def test_help_is_given_even_where_the_conversation_fails(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(turn: Turn) -> list[Reply]:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(dispatcher, "converse", broken)
    replies = await stage.person("p").says(CRY)
    assert "12356" in replies[0].text
    [case] = await stage.cases()
    assert case.urgent
    assert case.sealed


async def test_an_idiom_brings_no_number(stage: Stage) -> None:
    replies = await stage.person("p").says("气死我了，排队排了三个小时")
    assert not any("12356" in reply.text for reply in replies)
    assert sample_hospital().crisis_line == "12356"


@pytest.mark.parametrize("before", [_is_nowhere, _starts_report, _tells, _comes_back])
async def test_nobody_who_spoke_of_dying_hears_that_they_may_go(stage: Stage, before: object) -> None:
    patient = stage.person("p")
    await before(patient)  # type: ignore[operator]
    said = [*await patient.says(CRY), *await patient.says("没有人管我"), *await patient.says("真的想死")]
    assert not any("走" in reply.text for reply in said)
    assert any("接着说" in reply.text or "负责的人会看到" in reply.text for reply in said)
