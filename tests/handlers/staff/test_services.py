"""职工服务: what staff can do here is found on one screen, and no word of theirs becomes a report."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from handlers.turn import Desk
from storage.cases import Case
from storage.members import Role
from tests.duties import make_book, make_employee
from tests.handlers.staff.colleague import Colleague

WHO = (("赵敏", Role.STAFF, "骨科"), ("钱进", Role.HEAD, "药剂科"), ("孙正", Role.HEAD, "纪检办"))
EVERYBODY = ["上交红包", "请假", "我的档案", "练习 5 题"]


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return replace(desk, house=replace(desk.house, duties=make_book()))


def hire(
    session: Session, desk: Desk, office: str = "药剂科", role: Role = Role.STAFF, name: str = "赵敏"
) -> Colleague:
    make_employee(session, desk.house, name, office, role)
    return Colleague(session, desk, name)


@pytest.mark.parametrize("word", ["职工服务", "/职工服务", "帮助", "菜单", "怎么用"])
def test_staff_find_everything_by_any_word_for_help(session: Session, desk: Desk, word: str) -> None:
    nurse = hire(session, desk)
    assert "请假 3天" in nurse.says(word).text
    assert [one for one in nurse.labels if one in EVERYBODY] == EVERYBODY
    assert "覆盖率" not in nurse.labels
    assert "我要反映问题" in nurse.labels


def test_every_button_of_the_screen_leads_somewhere(session: Session, desk: Desk) -> None:
    for name, role, office in WHO:
        nurse = hire(session, desk, office, role, name)
        nurse.says("职工服务")
        for label in list(nurse.labels):
            nurse.says("职工服务")
            assert nurse.presses(label).text, label
            assert "过时" not in nurse.text, label


def test_heads_and_the_office_see_what_is_theirs_as_well(session: Session, desk: Desk) -> None:
    head = hire(session, desk, role=Role.HEAD, name="钱进")
    head.says("职工服务")
    assert {"覆盖率", "知晓率", "菜单"} <= set(head.labels)
    assert "上交办理" not in head.labels
    discipline = hire(session, desk, "纪检办", Role.HEAD)
    assert "医德档案" in discipline.says("职工服务").text
    assert {"上交办理", "上交统计"} <= set(discipline.labels)
    discipline.presses("菜单")
    assert "职工服务" in discipline.labels


@pytest.mark.parametrize("word", ["承诺", "承诺书", "签署名单", "知晓率"])
def test_a_word_for_heads_is_answered_and_becomes_no_report(session: Session, desk: Desk, word: str) -> None:
    nurse = hire(session, desk)
    assert "由负责人看" in nurse.says(word).text
    assert session.exec(select(Case)).all() == []


@pytest.mark.parametrize(
    ("word", "told"),
    [("我的任务", "任务"), ("请假", "请这样发"), ("我的档案", "我的医德档案"), ("练习", "练习")],
)
def test_the_first_question_of_a_hand_in_is_left_for_another_command(
    session: Session, desk: Desk, word: str, told: str
) -> None:
    nurse = hire(session, desk)
    nurse.says("上交")
    assert told in nurse.says(word).text
    assert "匿名上交" not in nurse.labels


def test_help_in_the_middle_of_a_hand_in_loses_nothing(session: Session, desk: Desk) -> None:
    nurse = hire(session, desk)
    nurse.says("上交")
    nurse.presses("实名上交")
    assert "请假 3天" in nurse.says("帮助").text
    assert "哪天收到" in nurse.says("2000元").text


def test_other_words_at_the_first_question_ask_it_again(session: Session, desk: Desk) -> None:
    nurse = hire(session, desk)
    nurse.says("上交")
    nurse.says("患者塞的")
    assert "匿名上交" in nurse.labels


def test_who_is_no_colleague_reads_nothing_of_it(session: Session, desk: Desk) -> None:
    stranger = Colleague(session, desk, "陌生人")
    assert "请假" not in stranger.says("帮助").text
    assert "职工服务" not in stranger.labels
