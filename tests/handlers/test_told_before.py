"""The same words once more: one case for one person, and no word to anybody that others sent them."""

import re

from storage.entries import thread
from storage.messages import Reply
from tests.stage import Stage

STORY = "骨科每次手术前都要病人家属给红包，不给就拖着不排手术，我们病房好几家都给了两千块，请查一查。"


async def test_a_double_tap_opens_one_case_and_says_so_kindly(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(STORY)
    again = await patient.says(STORY)
    assert "已经收到了" in again[0].text
    assert len(await stage.cases()) == 1
    assert await stage.told() == [STORY]


async def test_the_same_text_from_the_menu_finds_its_case_again(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(STORY)
    await patient.says("返回")
    await patient.presses("我要反映问题")
    assert "已经收到了" in (await patient.says(f"  {STORY}！！"))[0].text
    await patient.says("上周三在病房给的")
    assert await stage.told() == [STORY, "上周三在病房给的"]
    await patient.says("返回")
    assert "已经收到了" in (await patient.says(STORY))[0].text
    assert len(await stage.cases()) == 1


async def test_after_half_an_hour_nobody_knows_any_more_who_it_was(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(STORY)
    stage.clock.advance(minutes=31)
    assert "查询码" in (await patient.says(STORY))[0].text
    assert [case.same_as for case in await stage.cases()] == [None, 1]


async def test_another_story_is_another_case(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(STORY)
    await patient.says("返回")
    await patient.says(STORY.replace("骨科", "眼科"))
    assert [case.same_as for case in await stage.cases()] == [None, None]


async def test_what_was_taken_back_or_answered_may_be_sent_anew(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(STORY)
    await patient.says("撤回")
    await patient.presses("确定撤回")
    await patient.says("返回")
    assert "查询码" in (await patient.says(STORY))[0].text
    assert len(await stage.cases()) == 2


async def test_who_is_in_danger_is_helped_however_often_they_say_it(stage: Stage) -> None:
    cry = "我在你们医院被逼得活不下去了，我不想活了，今天晚上我就从住院楼顶上跳下去，你们等着看吧。"
    patient = stage.person("p")
    first, again = await patient.says(cry), await patient.says(cry)
    assert "12356" in first[0].text
    assert "12356" in again[0].text


def _bare(text: str) -> str:
    return re.sub(r"\d{4} \d{4} \d{4} \d{4}|2026-\d{5}", "", text)


def _as_read(replies: list[Reply]) -> list[tuple[str, list[str]]]:
    return [(_bare(one.text), [choice.label for row in one.choices for choice in row]) for one in replies]


async def test_who_sends_somebody_elses_words_reads_the_same_as_everybody(stage: Stage) -> None:
    """An accused with a leaked report: the answers must not tell whether it was sent before."""
    await stage.officer("王芳")
    reporter, accused, control = stage.person("r"), stage.person("a"), stage.person("c")
    await reporter.says(STORY)
    copied = await accused.says(STORY)
    fresh = await control.says(STORY.replace("骨科", "眼科"))
    assert [case.same_as for case in await stage.cases()] == [None, 1, None]
    assert _as_read(copied) == _as_read(fresh)
    assert accused.code != reporter.code
    mine, theirs = await accused.says(accused.code), await control.says(control.code)
    assert _bare(mine[0].text) == _bare(theirs[0].text).replace("眼科", "骨科")
    await reporter.says("我的床号是十二床，不要告诉别人")
    assert "十二床" not in (await accused.says(accused.code))[0].text


async def test_an_accused_who_withdraws_his_copy_closes_nobody_elses(stage: Stage) -> None:
    officer = await stage.officer("王芳")
    accused, reporter = stage.person("a"), stage.person("r")
    await accused.says(STORY)
    await reporter.says(STORY)
    await accused.says("撤回")
    await accused.presses("确定撤回")
    await officer.looks()
    assert "编号 2026-00002" in officer.text
    assert "2026-00002" in (await officer.says("本科室"))[0].choices[0][0].label
    assert [str(case.status) for case in await stage.cases()] == ["closed", "received"]


async def test_officers_get_one_card_for_a_flood_and_every_sender_the_answer(stage: Stage) -> None:
    officer = await stage.officer("王芳")
    senders = [stage.person(f"s{number}") for number in range(40)]
    for sender in senders:
        await sender.says(STORY)
    await officer.looks()
    assert officer.text.count("编号 2026-") == 1
    assert (await officer.says("本科室"))[0].choices[0][0].label.endswith("另有39份")
    await officer.says("1号")
    await officer.presses("不予受理")
    await officer.says("这件事不归医院管。")
    await officer.presses("连同另外 39 份")
    await officer.presses("确认发送")
    await stage.tell_copies()
    for sender in senders:
        assert "这件事不归医院管。" in (await sender.says(sender.code))[0].text
    entries = await stage.database.run(lambda session: thread(session, 40, vault=stage.house.vault))
    assert [str(entry.kind) for entry in entries] == ["report", "step"]
