"""Telling of an envelope by name or anonymously, step by step, back and forth."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import inspect
from sqlmodel import Session, select

from handlers.turn import Desk
from storage.events import Event
from storage.followup.unlinked import blurred
from storage.hand_ins.rows import HandIn, HandInState, open_given
from storage.members import Role
from storage.messages import StoredFile
from storage.tables import METADATA
from tests.duties import make_employee
from tests.factories import MONDAY
from tests.handlers.staff.colleague import Colleague

PHOTO = StoredFile("c" * 32, "照片.jpg", "image/jpeg", 9)


@pytest.fixture
def nurse(session: Session, desk: Desk) -> Colleague:
    make_employee(session, desk.house, "赵敏", "药剂科")
    return Colleague(session, desk, "赵敏")


def tells(person: Colleague, way: str = "实名上交", what: str = "2000元", day: str = "今天") -> Colleague:
    person.says("上交").presses(way).says(what)
    return person.presses(day).says("骨科一病区").says("12床的患者").presses("我会送到纪检办")


def the_one(session: Session) -> HandIn:
    (row,) = session.exec(select(HandIn)).all()
    return row


@pytest.mark.parametrize("words", ["上交红包", "上交", "/上交", "／上交红包", "主动上交"])
def test_any_of_these_words_begins(nurse: Colleague, words: str) -> None:
    nurse.says(words)
    assert "实名" in nurse.text
    assert nurse.labels == ["实名上交", "匿名上交", "不登记了"]


def test_by_name_from_word_to_number(session: Session, desk: Desk, nurse: Colleague) -> None:
    tells(nurse).presses("跳过")
    for said in ("实名（赵敏）", "2,000 元", "11月24日", "骨科一病区", "12床的患者", "送到纪检办"):
        assert said in nurse.text
    nurse.presses("确认上交")
    row = the_one(session)
    assert row.number in nurse.text
    given = open_given(row, vault=desk.house.vault)
    assert (str(given.yuan), given.thing, given.patient) == ("2000", False, "12床的患者")
    assert not row.is_anonymous
    assert nurse.dialogue.flow == ""


def test_anonymously_with_a_code_shown_once(session: Session, desk: Desk, nurse: Colleague) -> None:
    tells(nurse, "匿名上交", "两条烟").says(files=[PHOTO]).presses("好了")
    assert "赵敏" not in nurse.text
    nurse.presses("确认上交")
    row = the_one(session)
    assert row.is_anonymous
    assert nurse.labels == []  # nothing to press: it would tell whose it is
    assert open_given(row, vault=desk.house.vault).thing
    code = code_in(nurse)
    assert "等待接收" in nurse.says(code).text
    assert nurse.labels == []
    assert nurse.dialogue.flow == ""


def code_in(person: Colleague) -> str:
    lines = person.text.splitlines()
    return lines[lines.index("查询码：") + 1]


def test_no_table_holds_the_anonymous_giver_and_the_hand_in(
    session: Session, desk: Desk, nurse: Colleague
) -> None:
    """All that a whole conversation leaves is looked at for the giver beside it."""
    member = nurse.turn().member
    assert member is not None
    tells(nurse, "匿名上交").says(files=[PHOTO]).presses("好了").presses("确认上交")
    nurse.says(code_in(nurse))
    row = the_one(session)
    assert row.reported_at == blurred(MONDAY, desk.house)
    tables = METADATA.tables.keys() & set(inspect(session.connection()).get_table_names())
    for name in tables - {"members", "employees"}:
        for one in session.execute(METADATA.tables[name].select()):
            said = str(tuple(one))
            assert member.sender not in said, name
            assert f"member:{member.id}" not in said, name
    for event in session.exec(select(Event)):
        if event.action.startswith("hand_in"):
            assert event.actor == "reporter"
            assert json.loads(event.detail).keys() == {"hand_in"}


@pytest.mark.parametrize(
    ("said", "yuan", "thing"),
    [
        ("两千块", "2000", False), ("2000", "2000", False), ("2,000", "2000", False),
        ("一千二", "1200", False),
        ("一张购物卡500元", "500", True), ("两条烟", None, True), ("红包800元", "800", False),
        ("微信转账600元", "600", False), ("２００元", "200", False), ("果篮", None, True),
        ("500.5元", "500.5", False),
    ],
)  # fmt: skip
def test_amounts_and_things_are_understood(
    session: Session, desk: Desk, nurse: Colleague, said: str, yuan: str | None, thing: bool
) -> None:
    tells(nurse, what=said).presses("跳过").presses("确认上交")
    given = open_given(the_one(session), vault=desk.house.vault)
    assert (given.yuan and str(given.yuan), given.thing) == (yuan, thing)


@pytest.mark.parametrize("said", ["1000元现金和500元购物卡", "100美元", "三五千块"])
def test_what_is_not_one_amount_in_yuan_is_asked_for(nurse: Colleague, said: str) -> None:
    nurse.says("上交").presses("匿名上交").says(said)
    assert "一共合多少元" in nurse.text
    nurse.says("说不好")
    assert "只写数字" in nurse.text
    nurse.says("1500")
    assert "哪天" in nurse.text


@pytest.mark.parametrize("said", ["？？", "1", "0元", ""])
def test_what_names_nothing_is_asked_again(nurse: Colleague, said: str) -> None:
    nurse.says("上交").presses("实名上交").says(said or "，")
    if said == "1":
        assert "哪天" in nurse.text
    else:
        assert "写清楚" in nurse.text


@pytest.mark.parametrize(
    ("said", "day"),
    [("11月20号", "11月20日"), ("上周五", "11月21日"), ("昨天", "11月23日"), ("11.3", "11月3日")],
)
def test_days_in_words(nurse: Colleague, said: str, day: str) -> None:
    nurse.says("上交").presses("实名上交").says("2000").says(said).says("骨科").presses("跳过")
    nurse.presses("我会送到纪检办").presses("跳过")
    assert f"收到日期：{day}" in nurse.text


@pytest.mark.parametrize(
    ("said", "answer"), [("明天", "还没到"), ("很久以前", "没看懂"), ("2099-01-01", "还没到")]
)
def test_days_that_cannot_be(nurse: Colleague, said: str, answer: str) -> None:
    nurse.says("上交").presses("实名上交").says("2000").says(said)
    assert answer in nurse.text


def test_late_is_said_without_blame_and_kept(session: Session, nurse: Colleague) -> None:
    nurse.says("上交").presses("实名上交").says("2000").says("11月3日")
    assert "提醒：11月3日" in nurse.text
    nurse.says("骨科").presses("跳过").presses("我会送到纪检办").presses("跳过").presses("确认上交")
    assert "如实记为逾期" in nurse.text
    assert the_one(session).late


def test_in_time_is_not_warned_about(nurse: Colleague) -> None:
    nurse.says("上交").presses("实名上交").says("2000").presses("昨天")
    assert "提醒" not in nurse.text


def test_every_step_can_be_taken_back(session: Session, nurse: Colleague) -> None:
    tells(nurse).says(files=[PHOTO]).presses("好了")
    questions = []
    while "上一步" in nurse.labels:
        nurse.presses("上一步")
        questions.append(nurse.text)
    asked = ["照片", "现在在哪里", "哪位患者", "哪个病区", "哪天", "金额或物品", "先选一种"]
    assert [word for word, text in zip(asked, questions, strict=True) if word in text] == asked
    nurse.presses("匿名上交").says("两条烟").presses("昨天").presses("药剂科").presses("跳过")
    nurse.says("交给李强了").presses("跳过")
    assert "没有" in nurse.text
    nurse.presses("确认上交")
    assert the_one(session).is_anonymous


def test_typed_back_and_cancel_work_as_the_buttons(session: Session, nurse: Colleague) -> None:
    nurse.says("上交").presses("实名上交").says("2000").says("返回")
    assert "金额或物品" in nurse.text
    nurse.says("取消")
    assert "没有登记" in nurse.text
    assert nurse.dialogue.flow == ""
    assert session.exec(select(HandIn)).all() == []


def test_a_summary_of_before_cannot_be_sent(session: Session, nurse: Colleague) -> None:
    tells(nurse).presses("跳过")
    old = nurse.value("确认上交")
    nurse.presses("上一步").presses("跳过")
    nurse.chooses(old)
    assert session.exec(select(HandIn)).all() == []
    assert "已经过去" in nurse.text


def test_pressed_twice_is_one(session: Session, nurse: Colleague) -> None:
    tells(nurse).presses("跳过")
    value = nurse.value("确认上交")
    nurse.chooses(value)
    nurse.chooses(value)
    assert len(session.exec(select(HandIn)).all()) == 1
    assert "不在了" in nurse.text


@pytest.mark.parametrize("verb", ["day:9", "by:king", "bring", "sure:", "skip:day"])
def test_buttons_of_other_steps_change_nothing(nurse: Colleague, verb: str) -> None:
    nurse.says("上交").presses("实名上交")
    nurse.chooses(f"handin:{verb}")
    assert "金额或物品" in nurse.text


def test_long_words_are_asked_for_shorter(nurse: Colleague) -> None:
    nurse.says("上交").presses("实名上交").says("烟" * 101)
    assert "100 个字以内" in nurse.text


def test_too_many_photos_are_left(session: Session, nurse: Colleague) -> None:
    files = [StoredFile(f"{n:032d}", "照片.jpg", "image/jpeg", 1) for n in range(7)]
    tells(nurse).says(files=files)
    assert "最多 5 张" in nurse.text
    nurse.presses("好了")
    assert "照片：5 张" in nurse.text


def test_in_a_group_nothing_begins(nurse: Colleague) -> None:
    nurse.chooses("handin:begin", in_group=True, chat="群")
    assert nurse.text == ""
    assert "私聊" in nurse.toast
    assert nurse.dialogue.flow == ""


def test_a_stranger_is_told_nothing(session: Session, desk: Desk) -> None:
    patient = Colleague(session, desk, "患者")
    patient.chooses("handin:begin")
    assert patient.dialogue.flow == ""
    patient.chooses("handin:list:0")
    patient.chooses("handin:open:1")
    assert "SJ-" not in patient.text


def test_taking_back_by_name(session: Session, nurse: Colleague) -> None:
    tells(nurse).presses("跳过").presses("确认上交").presses("撤回")
    assert "确定撤回" in nurse.text
    nurse.presses("不撤回")
    assert the_one(session).state is HandInState.REPORTED
    nurse.presses("撤回").presses("确定撤回")
    assert the_one(session).state is HandInState.WITHDRAWN


def test_taking_back_with_the_code(session: Session, desk: Desk, nurse: Colleague) -> None:
    tells(nurse, "匿名上交").presses("跳过").presses("确认上交")
    code = code_in(nurse)
    anybody = Colleague(session, desk, "患者")
    assert "撤回" in anybody.says(f"{code} 撤回").text
    assert the_one(session).state is HandInState.WITHDRAWN
    assert "已撤回" in anybody.says(code).text


@pytest.mark.parametrize("words", ["不要撤回", "撤回吗？我再想想", "请问可以撤回多久"])
def test_other_words_beside_the_code_take_nothing_back(
    session: Session, nurse: Colleague, words: str
) -> None:
    tells(nurse, "匿名上交").presses("跳过").presses("确认上交")
    nurse.says(f"{code_in(nurse)} {words}")
    assert the_one(session).state is HandInState.REPORTED


def test_guessed_codes_wait_like_those_of_reports(session: Session, desk: Desk, nurse: Colleague) -> None:
    tells(nurse, "匿名上交").presses("跳过").presses("确认上交")
    code, guesser = code_in(nurse), Colleague(session, desk, "患者")
    for number in range(5):
        guesser.says(f"{number:016d}")
    assert "等待接收" not in guesser.says(code).text
    guesser.now = MONDAY + timedelta(minutes=16)
    assert "等待接收" in guesser.says(code).text


def test_own_ones_are_listed_and_no_others(session: Session, desk: Desk, nurse: Colleague) -> None:
    tells(nurse).presses("跳过").presses("确认上交")
    tells(nurse, "匿名上交", "两瓶酒").presses("跳过").presses("确认上交")
    nurse.says("我的上交")
    assert [label[:2] for label in nurse.labels] == ["SJ", "登记"]
    nurse.chooses(nurse.value(nurse.labels[0]))
    assert "2,000 元" in nurse.text
    make_employee(session, desk.house, "钱进", "药剂科")
    other = Colleague(session, desk, "钱进")
    mine = session.exec(select(HandIn).where(HandIn.employee_id != None)).one()  # noqa: E711 (SQL)
    for verb in ("one", "slip", "recall"):
        other.chooses(f"handin:{verb}:{mine.id}")
        assert "2,000" not in other.text
        other.chooses(f"handin:{verb}:{mine.id}:yes")
        assert "没有这一件" in other.text
    assert mine.state is HandInState.REPORTED


def test_an_officer_gives_up_an_envelope_too(session: Session, desk: Desk) -> None:
    make_employee(session, desk.house, "王芳", "纪检办", Role.OFFICER)
    officer = Colleague(session, desk, "王芳")
    tells(officer).presses("跳过").presses("确认上交")
    row = the_one(session)
    officer.chooses(f"handin:open:{row.id}")
    assert "请同事办理" in officer.text
    officer.says("上交办理")
    assert "没有等着办理" in officer.text
