"""What members of staff say against the house stays a report, and rows changed from outside open nothing."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from handlers.turn import Desk
from storage.cases import Case
from storage.events import Event
from storage.hand_ins.access import may_open_hand_in
from storage.members import Role
from storage.staff.employees import Employee, is_whole, tie_member
from storage.staff.linking import tie
from tests.duties import duty_house, give_out, make_employee
from tests.factories import MONDAY, make_member
from tests.handlers.staff.colleague import Colleague
from tests.storage.hand_ins.givers import by_name

REPORTS = (
    "上交红包给王主任的是李医生", "请假三天护士不让", "请假一天要交200元给主任", "练习生收红包", "覆盖率造假",
    "覆盖率 造假", "知晓率造假", "任务造假", "台账造假", "医德档案造假", "医德档案被王主任收钱改了",
    "医德档案 王主任收钱改的", "我的档案 王主任收钱改的", "一票否决被王主任收钱摆平了", "已阅是护士长代按的",
    "收到红包500元", "回来要送红包", "答题是别人代答的", "上交统计造假", "主任请假三天去药企旅游",
)  # fmt: skip
"""Each begins or ends like a command of staff."""


@pytest.mark.parametrize("words", REPORTS)
def test_a_report_of_staff_is_no_command_and_stands_beside_no_name(
    session: Session, desk: Desk, words: str
) -> None:
    make_employee(session, desk.house, "赵敏", "骨科")
    Colleague(session, desk, "赵敏").says(words)
    assert len(session.exec(select(Case)).all()) == 1
    actors = {event.actor for event in session.exec(select(Event)).all()}
    assert not any(actor.startswith("member:") for actor in actors)


@pytest.mark.parametrize(
    "forged", ["record:mine", "handin:mine", "due:list:0", "fill:begin:1", "quiz:practice"]
)
def test_a_number_put_beside_another_person_opens_nothing_of_theirs(
    session: Session, desk: Desk, forged: str
) -> None:
    """Who may write to the database makes the row of somebody else their own."""
    victim, _ = make_employee(session, desk.house, "赵敏", "骨科", joined=False)
    mine, member = make_employee(session, desk.house, "钱进", "骨科")
    assert member is not None
    mine.member_id = None
    session.add(mine)
    session.flush()
    victim.member_id = member.id
    session.add(victim)
    session.flush()
    thief = Colleague(session, desk, "钱进").chooses(forged)
    assert "花名册里您的这一条对不上" in thief.text
    assert thief.says("我的档案").text != ""
    assert not any(event.action == "record_read_own" for event in session.exec(select(Event)).all())


def test_who_is_tied_by_the_house_is_whole_before_and_after(session: Session, desk: Desk) -> None:
    vault = desk.house.vault
    person, _ = make_employee(session, desk.house, "赵敏", "骨科", joined=False)
    member = make_member(session, desk.house, "赵敏", "骨科", Role.STAFF)
    tie(session, person, member, by="system", house=desk.house, now=MONDAY)
    assert is_whole(person, vault=vault)
    tie_member(person, None, vault=vault)
    assert is_whole(person, vault=vault)
    assert session.get(Employee, person.id).member_id is None  # type: ignore[union-attr]


def test_a_second_account_of_the_giver_does_not_take_the_envelope(session: Session, desk: Desk) -> None:
    row, _, _ = by_name(session, desk.house, "赵敏", "纪检办")
    again = make_member(session, desk.house, "赵 敏", "纪检办", Role.HEAD, channel="telegram")
    other = make_member(session, desk.house, "王芳", "纪检办", Role.HEAD)
    assert not may_open_hand_in(session, row, again, house=desk.house)
    assert may_open_hand_in(session, row, other, house=desk.house)


@pytest.mark.parametrize("begun", ["handin:begin", "fill:begin:1"])
def test_a_report_where_a_button_is_wanted_is_kept_as_one(session: Session, desk: Desk, begun: str) -> None:
    """Whoever pressed 上交 or 承诺书 by mistake and tells a story is not asked the question once more."""
    form = {"key": "p", "title": "承诺书", "text": "我承诺。"}
    house = duty_house({"done": "form", "form": "p"}, sections={"forms": [form]})
    desk = replace(desk, house=replace(desk.house, duties=house.duties))
    person, _ = make_employee(session, desk.house, "赵敏", "骨科")
    give_out(session, desk.house, people=[person])
    nurse = Colleague(session, desk, "赵敏").chooses(begun)
    assert nurse.dialogue.flow in ("handin", "staff_form")
    nurse.says("骨科王主任收了病人两万块红包，我亲眼看见")
    assert len(session.exec(select(Case)).all()) == 1
    assert nurse.dialogue.flow == "report"
