"""Coming back: status, thread, answers to questions, withdrawal, and pushes only where they were wanted."""

import pytest

from storage.cases import Outcome
from storage.errors import DeliveryError
from storage.messages import Upload
from storage.subscriptions import subscribers
from tests.stage import Person, Stage
from tests.storage.samples import picture

TOLD = "医生收了我两千块"


async def handled(stage: Stage, patient: Person) -> Person:
    """A report, and an officer who has it open."""
    await patient.says(TOLD)
    officer = await stage.officer("王芳")
    await officer.says("1号")
    return officer


async def close(officer: Person, answer: str, outcome: str = "查实") -> None:
    await officer.presses("办结")
    await officer.presses(outcome)
    await officer.presses("跳过")
    await officer.says(answer)
    await officer.presses("确认发送")


async def test_the_reporter_reads_every_step_in_kind_words_and_answers_from_another_chat(
    stage: Stage,
) -> None:
    patient = stage.person("p")
    officer = await handled(stage, patient)
    await officer.presses("受理")
    await officer.presses("问反映人")
    await officer.says("请问是哪一天？")
    other = stage.person("elsewhere")
    shown = (await other.says(patient.code))[0].text
    assert "已经受理" in shown
    assert "（新）" in shown
    assert "想请您再说明一下：请问是哪一天？" in shown
    await other.says("上周三", Upload("a.png", picture("PNG")))
    assert await stage.told() == [TOLD, "上周三"]
    await officer.looks()
    assert "有新的补充" in officer.text
    await officer.says("1号")
    await close(officer, "钱已退还，当事人已处理。")
    [again] = await other.presses("刷新进展")
    assert "情况属实" in again.text
    assert "钱已退还" in again.text
    assert again.text.count("（新）") == 1


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["转办", "药剂科", "归他们管", "确认发送"], "转给了药剂科"),
        (["不予受理", "不归本院管", "确认发送"], "不能受理"),
        (["受理", "开始调查"], "已经开始调查"),
    ],
)
async def test_steps_read_kindly(stage: Stage, steps: list[str], words: str) -> None:
    patient = stage.person("p")
    officer = await handled(stage, patient)
    for step in steps:
        await (officer.presses(step) if step in officer.buttons else officer.says(step))
    assert words in (await patient.says(patient.code))[0].text


async def test_nothing_is_pushed_unless_the_reporter_asked_for_it(stage: Stage) -> None:
    patient = stage.person("p", "messenger")
    officer = await handled(stage, patient)
    await stage.deliver()
    before = len(stage.messenger.sent)
    await officer.presses("受理")
    await stage.deliver()
    assert len(stage.messenger.sent) == before


async def test_push_on_sends_the_answer_and_push_off_forgets_the_address(stage: Stage) -> None:
    patient = stage.person("p", "messenger")
    officer = await handled(stage, patient)
    await patient.presses("有答复就发到这里")
    await officer.presses("受理")
    await stage.deliver()
    pushed = stage.messenger.shown_in("p")[-1]
    assert "已经受理" in pushed.text
    await patient.chooses(pushed.choices[0][0].value)
    await patient.presses("不再发到这里")
    assert await addresses(stage) == []
    await officer.presses("开始调查")
    await stage.deliver()
    assert "开始调查" not in stage.messenger.shown_in("p")[-1].text


async def test_what_was_read_meanwhile_is_not_pushed_as_news(stage: Stage) -> None:
    patient = stage.person("p", "messenger")
    officer = await handled(stage, patient)
    await patient.presses("有答复就发到这里")
    await officer.presses("受理")
    await patient.says(patient.code)
    await stage.deliver()
    assert not any("新进展" in reply.text for reply in stage.messenger.shown_in("p"))


async def test_a_pushed_answer_opens_the_case_after_days_but_only_in_the_chat_that_asked(
    stage: Stage,
) -> None:
    patient = stage.person("p", "messenger")
    await handled(stage, patient)
    await patient.presses("有答复就发到这里")
    stage.clock.advance(days=5)
    assert TOLD in (await patient.chooses("mine:1"))[0].text
    assert "查询码" in (await stage.person("q", "messenger").chooses("mine:1"))[0].text


async def test_the_address_is_gone_ninety_days_after_closing_and_stays_while_it_is_open(stage: Stage) -> None:
    patient = stage.person("p", "messenger")
    officer = await handled(stage, patient)
    await patient.presses("有答复就发到这里")
    stage.clock.advance(days=200)
    await stage.tidy_up()
    assert await addresses(stage) == [("messenger", "p")]
    await officer.says("1号")
    await officer.presses("受理")
    await close(officer, "查过了。", "查否")
    stage.clock.advance(days=89)
    await stage.tidy_up()
    assert await addresses(stage) == [("messenger", "p")]
    stage.clock.advance(days=2)
    await stage.tidy_up()
    assert await addresses(stage) == []


async def test_an_old_push_button_keeps_no_address_of_a_closed_case(stage: Stage) -> None:
    patient = stage.person("p")
    officer = await handled(stage, patient)
    await officer.presses("受理")
    await close(officer, "查过了。", "查否")
    await patient.presses("有答复就发到这里")
    assert await addresses(stage) == []
    assert "办结" in patient.text


async def test_a_reporter_who_blocked_the_bot_is_pushed_nothing_more(stage: Stage) -> None:
    patient = stage.person("p", "messenger")
    officer = await handled(stage, patient)
    await patient.presses("有答复就发到这里")
    await stage.deliver()
    stage.messenger.failures.append(DeliveryError("blocked", permanent=True))
    await officer.presses("受理")
    await stage.deliver()
    assert await addresses(stage) == []


async def test_withdrawing_by_code_asks_twice_and_tells_the_office_without_reasons(stage: Stage) -> None:
    patient = stage.person("p")
    officer = await handled(stage, patient)
    other = stage.person("elsewhere")
    assert "查询码" in (await other.says("撤回"))[0].text
    await other.says(patient.code)
    await other.presses("撤回")
    await other.presses("确定撤回")
    assert [case.outcome for case in await stage.cases()] == [Outcome.WITHDRAWN]
    await officer.looks()
    assert "反映人撤回" in officer.text
    assert "没有" in (await officer.presses("受理"))[0].text
    await other.presses("恢复反映")
    assert [case.outcome for case in await stage.cases()] == [None]


async def test_a_reopened_case_is_told_and_keeps_its_address(stage: Stage) -> None:
    patient = stage.person("p", "messenger")
    officer = await handled(stage, patient)
    await patient.presses("有答复就发到这里")
    await officer.presses("受理")
    await close(officer, "查过了。", "查否")
    await officer.presses("重新打开")
    await officer.says("有新线索")
    await officer.presses("确认发送") if "确认发送" in officer.buttons else None
    await stage.deliver()
    assert "再查一次" in stage.messenger.shown_in("p")[-1].text
    stage.clock.advance(days=91)
    await stage.tidy_up()
    assert await addresses(stage) == [("messenger", "p")]


async def test_thanks_are_answered_and_not_filed_unless_a_question_waits(stage: Stage) -> None:
    patient = stage.person("p")
    officer = await handled(stage, patient)
    await patient.says(patient.code)
    assert "不客气" in (await patient.says("谢谢"))[0].text
    assert await stage.told() == [TOLD]
    await officer.presses("问反映人")
    await officer.says("可以给您打电话吗？")
    assert "补充" in (await patient.says("可以"))[0].text
    assert await stage.told() == [TOLD, "可以"]


@pytest.mark.parametrize("yes", ["确定", "是的", "确定撤回", "好的"])
async def test_a_withdrawal_is_confirmed_in_words_too(stage: Stage, yes: str) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    await patient.says("我不想举报了")
    assert "已经撤回" in (await patient.says(yes))[0].text
    assert (await stage.cases())[0].outcome is Outcome.WITHDRAWN
    assert await stage.told() == [TOLD]


@pytest.mark.parametrize("between", ["不撤回", "不要", "是护士长", "帮助"])
async def test_a_yes_after_something_else_withdraws_nothing(stage: Stage, between: str) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    await patient.says("撤回")
    await patient.says(between)
    await patient.says("好的")
    assert (await stage.cases())[0].outcome is None


async def test_a_yes_after_another_button_withdraws_nothing(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    await patient.says(patient.code)
    await patient.says("撤回")
    await patient.presses("不撤回")
    await patient.says("确定")
    assert (await stage.cases())[0].outcome is None


async def addresses(stage: Stage) -> list[tuple[str, str]]:
    return await stage.database.run(lambda session: subscribers(session, 1, vault=stage.house.vault))
