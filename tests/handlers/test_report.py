"""Telling a report: understood without a button, kept at once, completed by what follows, never lost."""

from pathlib import Path

import pytest

from handlers import reading, report
from handlers.turn import Turn
from nlp.reading import Verdict
from storage.cases import Status
from storage.messages import Upload
from tests.stage import Stage, sample_hospital
from tests.storage.samples import picture

TOLD = "医生收了我两千块"


async def test_words_without_a_button_open_a_case_and_give_the_code_in_the_same_reply(stage: Stage) -> None:
    patient = stage.person("p")
    first, *_ = await patient.says(TOLD)
    assert "查询码" in first.text
    assert patient.code in first.text
    [case] = await stage.cases()
    assert (case.lead_office, case.status) == ("纪检办", Status.RECEIVED)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (TOLD, ["哪个科室", "什么时候", "是谁"]),
        ("骨科的王医生上周收了我红包", ["是谁"]),
        ("骨科王医生上周三收了我两千块红包", []),
        ("骨科的医生收了我红包", ["什么时候", "是谁"]),
        ("昨天护士态度很差，骂人", ["哪个科室"]),
    ],
)
async def test_asks_at_most_three_questions_and_only_for_what_was_not_said(
    stage: Stage, text: str, asked: list[str]
) -> None:
    patient = stage.person("p")
    replies = await patient.says(text)
    questions = [reply.text for reply in replies[1:]]
    for _ in asked:
        questions += [reply.text for reply in await patient.presses("跳过")]
    end = ["记下了"] if asked else []
    assert len(asked) <= 3
    assert all(word in question for word, question in zip([*asked, *end], questions, strict=True))


async def test_an_answer_that_says_more_spares_the_questions_it_answers(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    [reply] = await patient.says("骨科，上周三下午")
    assert "是谁" in reply.text
    assert "什么时候" not in reply.text
    [reply] = await patient.says("不清楚")
    assert "记下了" in reply.text
    assert await stage.told() == [TOLD, "骨科，上周三下午"]


@pytest.mark.parametrize("with_code", [False, True])
async def test_danger_told_later_is_answered_with_the_emergency_number(stage: Stage, with_code: bool) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    if with_code:
        await patient.says(patient.code)
    assert "120" in (await patient.says("我不想活了"))[0].text
    assert (await stage.cases())[0].urgent
    assert "120" not in (await patient.says("就在骨科"))[0].text


async def test_a_common_question_among_the_answers_is_answered_and_kept(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("骨科王医生上周三收了我两千块红包")
    first, second = await patient.says("请问怎么复印病历")
    assert "带身份证" in first.text
    assert "记下了" in second.text
    assert len(await stage.told()) == 2


async def test_two_taps_on_one_skip_button_skip_one_question(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    await patient.chooses("skip:department")
    [reply] = await patient.chooses("skip:department")
    assert "什么时候" in reply.text


async def test_what_follows_within_half_an_hour_belongs_to_the_case_and_later_words_do_not(
    stage: Stage,
) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    stage.clock.advance(minutes=29)
    await patient.says("他叫李刚，是骨科的")
    stage.clock.advance(minutes=31)
    await patient.says("药剂科的人拿了药商回扣")
    assert len(await stage.cases()) == 2
    assert await stage.told(1) == [TOLD, "他叫李刚，是骨科的"]


async def test_walking_away_after_any_step_loses_nothing(stage: Stage) -> None:
    patient = stage.person("p")
    for text in (TOLD, "骨科", "上周三"):
        await patient.says(text)
    stage.clock.advance(days=3)
    other = stage.person("elsewhere", "messenger")
    await other.says(patient.code)
    await stage.deliver()
    shown = stage.messenger.shown_in("elsewhere")[-1].text
    assert all(text in shown for text in (TOLD, "骨科", "上周三"))


@pytest.mark.parametrize(
    ("text", "answer", "cases"),
    [
        ("你好", "您有什么事", 0),
        ("谢谢", "不客气", 0),
        ("好的，谢谢！", "不客气", 0),
        ("停车费怎么算", "停车", 0),
        ("食堂在哪", "转给工作人员", 1),
        ("😀😀😀", "没有看明白", 0),
        ("加微信领红包优惠券 http://a.b", "没有看明白", 0),
    ],
)
async def test_what_is_no_report_opens_no_misconduct_case(
    stage: Stage, text: str, answer: str, cases: int
) -> None:
    patient = stage.person("p")
    await patient.says(text)
    assert answer in patient.text
    found = await stage.cases()
    assert len(found) == cases
    assert all(not case.categories and case.lead_office == "投诉办" for case in found)


async def test_thanks_in_the_middle_repeat_the_question_and_write_nothing_down(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    for text in ("谢谢", "你好"):
        replies = await patient.says(text)
        assert [reply.choices[0][0].label for reply in replies if reply.choices] == ["跳过"]
    assert await stage.told() == [TOLD]


async def test_a_photo_without_words_is_kept_and_asked_about_then_goes_where_its_story_belongs(
    stage: Stage,
) -> None:
    patient = stage.person("p")
    await patient.says("", Upload("a.png", picture("PNG")))
    assert patient.code
    assert "一句话" in patient.text
    await patient.says("骨科医生上周收了我两千块红包")
    [case] = await stage.cases()
    assert (case.lead_office, case.categories) == ("纪检办", "red_envelope")


async def test_worse_things_told_later_move_an_undecided_case_to_their_office(stage: Stage) -> None:
    patient, clerk = stage.person("p"), await stage.officer("赵敏", "投诉办")
    await patient.says("护士态度很差，骂人")
    await clerk.looks()
    await clerk.presses("打开")
    await patient.says("他们主任还收了我两千块红包")
    [case] = await stage.cases()
    assert case.lead_office == "纪检办"
    assert set(case.categories.split(",")) == {"red_envelope", "service_attitude"}


async def test_an_office_that_has_taken_the_case_keeps_it_when_more_is_told(stage: Stage) -> None:
    patient, clerk = stage.person("p"), await stage.officer("赵敏", "投诉办")
    await patient.says("护士态度很差，骂人")
    await clerk.looks()
    await clerk.presses("打开")
    await clerk.presses("受理")
    await patient.says("他们主任还收了我两千块红包")
    assert [case.lead_office for case in await stage.cases()] == ["投诉办"]


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (Upload("a.jpg", b""), "空的"),
        (Upload("a.jpg", b"MZ\x90\x00 this is a program"), "种类"),
        (Upload("a.jpg", picture("PNG") + b"\0" * (21 << 20)), "太大"),
    ],
)
async def test_a_refused_file_is_answered_kindly_and_the_words_with_it_are_kept(
    stage: Stage, upload: Upload, said: str
) -> None:
    patient = stage.person("p")
    await patient.says(TOLD, upload)
    assert said in patient.text
    assert patient.code
    await patient.says("他叫李刚", upload)
    assert await stage.told() == [TOLD, "他叫李刚"]
    greeted = stage.person("q")
    assert said in "".join(reply.text for reply in await greeted.says("你好", upload))
    assert said in (await greeted.says("", upload))[0].text


async def test_words_beside_one_photo_too_many_are_kept(tmp_path: Path) -> None:
    photo = Upload("a.png", picture("PNG"))
    async with Stage(tmp_path, hospital=sample_hospital(files={"max_per_case": 1})) as stage:
        patient = stage.person("p")
        await patient.says(TOLD, photo)
        [reply] = await patient.says("他叫李刚", photo)
        assert "最多放 1 个" in reply.text
        assert await stage.told() == [TOLD, "他叫李刚"]


async def test_whoever_is_in_danger_reads_first_whom_to_call(stage: Stage) -> None:
    [reply, *_] = await stage.person("p").says("医生误诊把我爸治坏了，正在大出血没人管，快要死了")
    assert reply.text.index("120") < reply.text.index("查询码")


async def test_insisting_takes_the_words_before_as_a_report_and_pressing_twice_opens_one_case(
    stage: Stage,
) -> None:
    patient = stage.person("p")
    await patient.says("今天有点冷")
    await patient.presses("这就是我要反映的问题")
    await patient.chooses("report.this")
    assert await stage.told() == ["今天有点冷"]
    assert len(await stage.cases()) == 1


async def test_words_after_the_office_closed_the_case_still_reach_it(stage: Stage) -> None:
    patient, officer = stage.person("p"), await stage.officer("王芳")
    await patient.says(TOLD)
    await officer.looks()
    await officer.presses("打开")
    await officer.presses("不予受理")
    await officer.says("不在本院职责范围")
    await officer.presses("确认发送")
    [reply] = await patient.says("可是就在你们骨科啊")
    assert "办结" in reply.text
    assert await stage.told() == [TOLD, "可是就在你们骨科啊"]
    assert len(await stage.cases()) == 1


@pytest.mark.parametrize(
    "flow", ["", "我要反映问题", "查询进度", "满意度评价", "咨询", "我是说事的：" + TOLD]
)
@pytest.mark.parametrize(("word", "answer"), [("帮助", "您可以这样做"), ("返回", "开头"), ("撤回", "撤回")])
async def test_help_back_and_withdraw_work_from_every_conversation(
    stage: Stage, flow: str, word: str, answer: str
) -> None:
    patient = stage.person("p")
    await patient.says("/start")
    await (patient.says(flow) if TOLD in flow else patient.presses(flow) if flow else patient.says("你好"))
    [reply] = await patient.says(word)
    assert answer in reply.text


async def test_a_withdrawal_is_confirmed_and_can_be_taken_back(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says(TOLD)
    await patient.says("撤回")
    await patient.presses("不撤回")
    assert [case.status for case in await stage.cases()] == [Status.RECEIVED]
    await patient.presses("撤回")
    await patient.presses("确定撤回")
    assert [case.status for case in await stage.cases()] == [Status.CLOSED]
    await patient.says("我又想起来一些事情")
    assert "已经撤回" in patient.text
    await patient.presses("恢复反映")
    assert [case.status for case in await stage.cases()] == [Status.RECEIVED]


async def test_an_old_button_never_withdraws_another_case(stage: Stage) -> None:
    patient, other = stage.person("p"), stage.person("q")
    await other.says("药剂科的人拿了药商回扣")
    await patient.says(TOLD)
    await patient.presses("撤回")
    await patient.says(other.code)
    await patient.chooses("withdraw.yes:2")
    assert "过时" in patient.text
    assert [case.status for case in await stage.cases()] == [Status.RECEIVED] * 2


BUTTONS = [
    "", "x", "skip", "skip:", "score:9", "score:5", "faq:99999999999999999999", "faq:²", "mine:1",
    "mine:99999999999999999999", "mine:-1", "restore", "withdraw.yes", "push.on", "push.off", "report.this",
    "praise.report", "case.refresh", "rating.report", "do:accept:1:0", "open:1", "form:send:x", "list:mine:0",
    "\0", "a" * 5000,
]  # fmt: skip


async def test_unknown_and_outdated_buttons_get_a_clear_answer_and_change_nothing(stage: Stage) -> None:
    stranger, patient = stage.person("q"), stage.person("p")
    await patient.says(TOLD)
    for value in BUTTONS:
        replies = await stranger.chooses(value)
        assert replies, value
        assert all("小毛病" not in reply.text for reply in replies), value
    assert [case.version for case in await stage.cases()] == [0]
    assert await stage.told() == [TOLD]


async def test_a_long_thread_is_not_read_anew_with_every_addition(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []

    def counted(turn: Turn, text: str, **how: bool) -> Verdict:
        lengths.append(len(text))
        return reading.read(turn, text, **how)

    monkeypatch.setattr(report, "read", counted)
    patient, more = stage.person("p"), "他后来又收了一次红包。" * 1_000
    await patient.says(TOLD)
    for time in range(5):
        await patient.says(f"第{time}遍：{more}")
    assert max(lengths) <= 20_000 + len(more) + 5
    assert len(await stage.told()) == 6


async def test_a_flood_of_words_ends_kindly_and_keeps_what_was_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.report._MOST_BYTES", 2_000)
    patient = stage.person("p")
    await patient.says("医生收了我两千块")
    await patient.says("很长的经过" * 100)
    assert "放不下了" in (await patient.says("还有"))[0].text
    assert "很长的经过" in "".join(await stage.told(1))
