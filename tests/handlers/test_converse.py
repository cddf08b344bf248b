"""Which conversation hears a message: words, commands, buttons, groups."""

import pytest

from storage.members import Role
from tests.stage import Stage

TOLD = "医生收了我两千块"


@pytest.mark.parametrize("text", ["/start", "/START", "/start@lianxin_bot", "/start abc"])
async def test_start_is_understood_as_messengers_send_it(stage: Stage, text: str) -> None:
    assert "您好" in (await stage.person("p").says(text))[0].text


@pytest.mark.parametrize("text", ["😀😀😀", "。。。", "…", "/unknown", "1", "ａ"])
async def test_what_says_nothing_is_answered_and_opens_nothing(stage: Stage, text: str) -> None:
    assert (await stage.person("p").says(text))[0].text
    assert not await stage.cases()


@pytest.mark.parametrize("text", [TOLD, "你好", "撤回", "1234 5678 9012 3456", "/start", "帮助"])
async def test_what_colleagues_say_in_a_group_is_nobodys_business(stage: Stage, text: str) -> None:
    assert await stage.person("group", "messenger").says(text, in_group=True) == []
    assert not await stage.cases()


async def test_a_patients_button_pressed_in_a_group_does_nothing(stage: Stage) -> None:
    assert await stage.person("g", "messenger")._send((), choice="withdraw.yes", in_group=True) == []


async def test_an_officers_stray_words_are_no_report_but_the_report_button_is_heard(stage: Stage) -> None:
    officer = await stage.officer("王芳")
    await officer.says("今天食堂吃什么")
    assert not await stage.cases()
    await officer.says("我要反映问题")
    await officer.says("药剂科的人拿了药商回扣")
    assert await stage.told() == ["药剂科的人拿了药商回扣"]


async def test_a_group_is_bound_by_a_code_and_gets_cards_without_content(stage: Stage) -> None:
    await stage.group("g", "纪检办")
    await stage.person("p").says(TOLD)
    await stage.deliver()
    [card] = stage.messenger.shown_in("g")[-1:]
    assert "编号" in card.text
    assert "红包" in card.text
    assert "两千" not in card.text


@pytest.mark.parametrize("words", ["请假3天", "覆盖率", "知晓率 去年", "专项", "任务", "上交", "我的档案"])
async def test_a_reason_that_reads_like_a_command_of_staff_is_a_reason(stage: Stage, words: str) -> None:
    head = await stage.officer("王芳", role=Role.HEAD)
    await stage.person("p").says(TOLD)
    await head.says("1号")
    await head.presses("转办")
    await head.presses("药剂科")
    await head.says(words)
    assert (await stage.cases())[0].lead_office == "药剂科"


async def test_a_command_with_a_slash_is_heard_in_the_middle_of_a_form(stage: Stage) -> None:
    head = await stage.officer("王芳", role=Role.HEAD)
    await stage.person("p").says(TOLD)
    await head.says("1号")
    await head.presses("转办")
    await head.presses("药剂科")
    assert "您不在" in (await head.says("/请假 3天"))[0].text
    assert (await stage.cases())[0].lead_office == "纪检办"
