"""More time: asked for, granted, refused, limited; and heads who excuse."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from handlers.turn import Desk
from storage.duties.assignments import Assignment, AssignmentState, Excuse, Extension, due_for
from storage.duties.completing import excuse
from storage.duties.extending import token_of
from storage.duties.occurrences import Occurrence
from storage.events import Event
from storage.members import Role
from storage.staff.employees import Employee
from tests.duties import give_out, owed
from tests.handlers.staff.people import Staff, Ward


@pytest.fixture
def ward(session: Session, desk: Desk) -> Ward:
    return Ward(session, desk)


def asked(session: Session, ward: Ward, who: Staff, employee: Employee, days: int = 3) -> Occurrence:
    """Somebody asked for more time."""
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    label = next(
        one for one in who.chooses(f"due:later:{occurrence.id}").labels if one.startswith(f"晚 {days} 个")
    )
    who.presses(label).says("出差")
    return occurrence


def test_the_head_reads_the_reason_and_grants(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    head, _ = ward.joins("主任", role=Role.HEAD)
    occurrence = asked(session, ward, anna, employee)
    assert "已报给负责人" in anna.text
    wish = ward.hears(head, "due.wish")
    assert "安娜" in wish
    assert "原因：出差" in wish
    head.presses("同意")
    assignment = owed(session, occurrence, employee)
    # due on Monday 1 December at 09:30 local time; the third working day after it, at the same clock
    assert assignment.extended_until == datetime(2025, 12, 4, 1, 30, tzinfo=UTC)
    assert "已同意延期到 12月4日" in ward.hears(anna, "due.granted")
    anna.passes(days=9).chooses(f"due:submit:{occurrence.id}").says("心得").says("完成")
    assert not owed(session, occurrence, employee).late


def test_a_refusal_leaves_the_due_time_and_it_can_be_asked_again(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    head, _ = ward.joins("主任", role=Role.HEAD)
    occurrence = asked(session, ward, anna, employee)
    ward.hears(head, "due.wish")
    old = head.value("同意")
    head.presses("不同意")
    assignment = owed(session, occurrence, employee)
    assert due_for(assignment, occurrence) == occurrence.due_at
    assert "没有同意" in ward.hears(anna, "due.refused")
    anna.chooses(f"due:later:{occurrence.id}:10").says("还是出差")
    head.chooses(old)
    assert "已经办过" in head.text
    assert assignment.extension is Extension.ASKED


def test_only_one_wish_waits_at_a_time(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    ward.joins("主任", role=Role.HEAD)
    occurrence = asked(session, ward, anna, employee)
    assert "正等负责人答复" in anna.chooses(f"due:later:{occurrence.id}").text
    assert "延期申请" not in anna.chooses(f"due:open:{occurrence.id}").labels


def test_a_day_is_typed_and_kept_within_limits(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    ward.joins("主任", role=Role.HEAD)
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    anna.chooses(f"due:later:{occurrence.id}").presses("另选日期")
    assert "没看懂" in anna.says("下个月吧").text
    assert "晚的日子" in anna.says("11月25日").text
    assert "最多延到 1月13日" in anna.says("2026-03-01").text.replace("2026年", "")
    assert "12月8日" in anna.says("12月8日").text
    assert "写一句原因" in anna.says("……").text
    assert "写一句原因" in anna.says("长" * 501).text
    assert "已报给负责人" in anna.says("家里有事").text
    assert owed(session, occurrence, employee).wished_until == datetime(2025, 12, 8, 1, 30, tzinfo=UTC)


def test_nothing_is_granted_beyond_thirty_working_days_however_often(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    head, _ = ward.joins("主任", role=Role.HEAD)
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    for _ in range(3):
        anna.chooses(f"due:later:{occurrence.id}:10").says("出差")
        ward.hears(head, "due.wish")
        head.presses("同意")
    assert "最多延到" in anna.chooses(f"due:later:{occurrence.id}:3").text
    assert owed(session, occurrence, employee).extension is Extension.GRANTED


DECIDES = {
    ("药剂科", Role.STAFF): "主任",
    ("药剂科", Role.HEAD): "纪检主任",
    ("设备科", Role.STAFF): "纪检主任",
    ("纪检办", Role.HEAD): "监督",
}


@pytest.mark.parametrize("who", DECIDES, ids=str)
def test_who_decides(session: Session, ward: Ward, who: tuple[str, Role]) -> None:
    office, role = who
    if role is Role.HEAD and office == "纪检办":
        asker, employee = ward.joins("纪检主任", office, role)
    else:
        asker, employee = ward.joins("安娜", office, role)
        ward.joins("纪检主任", "纪检办", Role.HEAD)
    if not (role is Role.HEAD and office == "药剂科"):
        ward.joins("主任", "药剂科", Role.HEAD)
    ward.joins("监督", "人事科", Role.SUPERVISOR)
    occurrence = asked(session, ward, asker, employee)
    told = {
        name
        for name in ("主任", "纪检主任", "监督", "安娜")
        if ward.told(Staff(session, ward.desk, name), "due.wish")
    }
    assert told == {DECIDES[who]}
    assignment = owed(session, occurrence, employee)

    value = f"due:grant:{assignment.id}:{token_of(assignment)}"
    for name in {"主任", "纪检主任", "监督", "安娜"} - told:
        Staff(session, ward.desk, name).chooses(value)
        assert owed(session, occurrence, employee).extension is Extension.ASKED, name
    asker.chooses(value)
    assert owed(session, occurrence, employee).extension is Extension.ASKED


def test_for_an_office_that_answers_as_one_the_discipline_head_decides(session: Session, ward: Ward) -> None:
    anna, _ = ward.joins("安娜")
    ward.joins("主任", role=Role.HEAD)
    chief, _ = ward.joins("纪检主任", "纪检办", Role.HEAD)
    occurrence = give_out(session, ward.house, "report", offices=["药剂科"])
    anna.chooses(f"due:later:{occurrence.id}:5").says("系统升级")
    assert "系统升级" in ward.hears(chief, "due.wish")
    chief.presses("同意")
    assert session.exec(select(Assignment)).one().extension is Extension.GRANTED
    assert "已同意" in ward.hears(anna, "due.granted")


def test_nobody_to_decide_is_told(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = asked(session, ward, anna, employee)
    assert "没有找到" in anna.text
    assert owed(session, occurrence, employee).extension is None


def test_what_was_done_meanwhile_is_not_granted(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    head, _ = ward.joins("主任", role=Role.HEAD)
    occurrence = asked(session, ward, anna, employee)
    ward.hears(head, "due.wish")
    anna.chooses(f"due:submit:{occurrence.id}").says("心得").says("完成")
    assert "不用办了" in head.presses("同意").text


def test_a_head_excuses_one_of_the_office_and_takes_it_back(session: Session, ward: Ward) -> None:
    _, employee = ward.joins("安娜")
    head, own = ward.joins("主任", role=Role.HEAD)
    _, stranger = ward.joins("外人", "设备科")
    occurrence = give_out(session, ward.house, "essay", people=[employee, own, stranger])
    head.chooses(f"due:open:{occurrence.id}").presses("谁还没做")
    assert [one for one in head.labels if "·" in one] == ["药剂科 · 安娜", "药剂科 · 主任"]
    head.presses("药剂科 · 安娜").presses("免除")
    assignment = owed(session, occurrence, employee)
    assert (assignment.state, assignment.excuse) == (AssignmentState.EXCUSED, Excuse.HEAD)
    head.presses("恢复")
    assert owed(session, occurrence, employee).state is AssignmentState.OPEN
    names = [event.action for event in session.exec(select(Event)).all()]
    assert names.count("excused") == names.count("excuse_lifted") == names.count("missing_read") == 1


def test_nobody_excuses_themselves_nor_people_of_others(session: Session, ward: Ward) -> None:
    head, own = ward.joins("主任", role=Role.HEAD)
    officer, _ = ward.joins("经办", role=Role.OFFICER)
    _, stranger = ward.joins("外人", "设备科")
    occurrence = give_out(session, ward.house, "essay", people=[own, stranger])
    head.chooses(f"due:excuse:{owed(session, occurrence, own).id}")
    assert "别的负责人" in head.text
    theirs = owed(session, occurrence, stranger).id
    for who in (head, officer):
        nothing = who.chooses("due:excuse:987654").replies
        assert who.chooses(f"due:excuse:{theirs}").replies == nothing
        assert who.chooses(f"due:person:{theirs}").replies == nothing
    assert not any("外人" in one for one in officer.chooses(f"due:people:{occurrence.id}:0").labels)
    states = {owed(session, occurrence, one).state for one in (own, stranger)}
    assert states == {AssignmentState.OPEN}


def test_what_the_house_excused_stays(session: Session, ward: Ward) -> None:

    _, employee = ward.joins("安娜")
    head, _ = ward.joins("主任", role=Role.HEAD)
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    excuse(session, owed(session, occurrence, employee), Excuse.LEFT, now=head.now + timedelta(hours=1))
    assert "现在改不了" in head.chooses(f"due:owe:{owed(session, occurrence, employee).id}").text
    assert owed(session, occurrence, employee).state is AssignmentState.EXCUSED
