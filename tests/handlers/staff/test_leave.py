"""请假 and 销假 in chat; the head of the office may end it, nobody else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from handlers.notices import render
from handlers.turn import Desk
from handlers.words import words_for
from storage.cases import Case
from storage.duties.assignments import AssignmentState
from storage.house import House
from storage.letters import Letter
from storage.members import Role
from storage.staff.employees import Employee
from tests.duties import give_out, make_book, make_employee, owed
from tests.factories import MONDAY
from tests.handlers.staff.colleague import Colleague

TODAY = date(2025, 11, 24)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return replace(desk, house=replace(desk.house, duties=make_book()))


@pytest.fixture
def house(desk: Desk) -> House:
    return desk.house


def hire(
    session: Session, desk: Desk, name: str, office: str = "药剂科", role: Role = Role.STAFF
) -> tuple[Colleague, Employee]:
    employee, _ = make_employee(session, desk.house, name, office, role)
    return Colleague(session, desk, name), employee


def test_somebody_goes_away_and_comes_back_early(session: Session, desk: Desk) -> None:
    anna, person = hire(session, desk, "赵敏")
    duty = give_out(session, desk.house, people=[person], due_in=timedelta(days=2))
    anna.says("/请假 3天")
    assert "11月24日到11月26日" in anna.text
    assert "职工服务" in anna.labels
    assert (person.leave_from, person.leave_until) == (TODAY, TODAY + timedelta(2))
    assert owed(session, duty, person).state is AssignmentState.EXCUSED
    assert "已经登记过" in anna.says("请假3天").text
    anna.now = MONDAY + timedelta(days=1)
    assert "欢迎回来" in anna.says("/销假").text
    assert owed(session, duty, person).state is AssignmentState.OPEN
    assert "没有登记请假" in anna.says("销假").text


@pytest.mark.parametrize(
    ("text", "told"),
    [("请假", "请这样发"), ("请假2月30日", "没有这一天"), ("请假11月20日到11月21日", "已经过去了"),
     ("请假12月5日到12月1日", "结束的日子在开始以前"), ("请假400天", "最多登记 365 天")],
)  # fmt: skip
def test_what_cannot_be_is_explained(session: Session, desk: Desk, text: str, told: str) -> None:
    anna, person = hire(session, desk, "赵敏")
    assert told in anna.says(text).text
    assert person.leave_from is None


def test_a_sentence_of_a_member_or_a_patient_is_no_leave(session: Session, desk: Desk) -> None:
    anna, person = hire(session, desk, "赵敏")
    tip = "我请假三天去看病，护士说不给红包就不给安排床位"
    anna.says(tip)
    assert person.leave_from is None
    assert len(session.exec(select(Case)).all()) == 1
    stranger = Colleague(session, desk, "a patient")
    stranger.says("请假3天")
    assert "已登记" not in stranger.text
    assert session.exec(select(Letter).where(Letter.notice == "leave.taken")).all() == []


def test_the_head_is_told_and_may_end_it(session: Session, desk: Desk) -> None:
    anna, person = hire(session, desk, "赵敏")
    head, leading = hire(session, desk, "孙莉", role=Role.HEAD)
    anna.says("请假3天")
    letter = session.exec(select(Letter).where(Letter.notice == "leave.taken")).one()
    letter.audience = f"member:{leading.member_id}"
    told = render(letter, session=session, desk=desk, words=words_for("zh"), now=MONDAY)
    assert told is not None
    assert "赵敏（药剂科）请假：11月24日到11月26日" in told.text
    [[end]] = told.choices
    head.chooses(end.value)
    assert person.leave_from is None
    ended = session.exec(select(Letter).where(Letter.notice == "leave.ended")).one()
    assert ended.audience == f"member:{person.member_id}"
    shown = render(ended, session=session, desk=desk, words=words_for("zh"), now=MONDAY)
    assert shown is not None
    assert "销假" in shown.text
    assert render(letter, session=session, desk=desk, words=words_for("zh"), now=MONDAY) is None
    assert "已经结束" in head.chooses(end.value).text


def test_a_leave_is_told_and_ended_though_the_name_does_not_open(session: Session, desk: Desk) -> None:
    anna, person = hire(session, desk, "赵敏")
    head, leading = hire(session, desk, "孙莉", role=Role.HEAD)
    anna.says("请假3天")
    person.name = b"changed from outside"
    letter = session.exec(select(Letter).where(Letter.notice == "leave.taken")).one()
    letter.audience = f"member:{leading.member_id}"
    told = render(letter, session=session, desk=desk, words=words_for("zh"), now=MONDAY)
    assert told is not None
    [[end]] = told.choices
    assert "药剂科" in head.chooses(end.value).text
    assert person.leave_from is None


@pytest.mark.parametrize(
    ("office", "role", "may"),
    [("药剂科", Role.STAFF, False), ("药剂科", Role.OFFICER, False), ("设备科", Role.HEAD, False),
     ("药剂科", Role.HEAD, True), ("纪检办", Role.HEAD, True), ("投诉办", Role.SUPERVISOR, True)],
)  # fmt: skip
def test_only_who_oversees_the_office_ends_a_leave(
    session: Session, desk: Desk, office: str, role: Role, may: bool
) -> None:
    anna, person = hire(session, desk, "赵敏")
    anna.says("请假3天")
    other, _ = hire(session, desk, "周洁", office, role)
    other.chooses(f"leave:end:{person.id}")
    assert (person.leave_from is None) is may
    assert ("赵敏" in other.text) is may


def test_in_a_group_nothing_is_said_aloud(session: Session, desk: Desk) -> None:
    anna, person = hire(session, desk, "赵敏")
    head, _ = hire(session, desk, "孙莉", role=Role.HEAD)
    anna.says("请假3天")
    head.chooses(f"leave:end:{person.id}", in_group=True, chat="group")
    assert head.text == ""


def test_strangers_end_nobodys_leave(session: Session, desk: Desk) -> None:
    anna, person = hire(session, desk, "赵敏")
    anna.says("请假3天")
    Colleague(session, desk, "nobody").chooses(f"leave:end:{person.id}")
    assert person.leave_from is not None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.text(max_size=25))
def test_any_forged_button_is_answered_and_changes_nothing(session: Session, desk: Desk, rest: str) -> None:
    name = f"孙莉{len(session.exec(select(Employee)).all())}"
    head, _ = hire(session, desk, name, role=Role.HEAD)
    before = session.exec(select(Employee).where(col(Employee.leave_from).is_not(None))).all()
    value = f"leave:{rest}"
    if len(value.encode()) <= 64:
        head.chooses(value)
    assert session.exec(select(Employee).where(col(Employee.leave_from).is_not(None))).all() == before
