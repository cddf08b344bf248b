"""What staff owe, in chat: the list, reading, undoing, groups, and whoever it is none of."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from handlers.staff.duties import conversation as duties
from handlers.turn import Desk
from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.completing import excuse
from storage.duties.occurrences import OccurrenceStage
from storage.letters import Letter, State
from storage.members import Role
from storage.outbox import announce
from storage.staff.employees import Employment
from tests.duties import give_out, owed
from tests.factories import MONDAY
from tests.handlers.staff.people import Staff, Ward


@pytest.fixture
def ward(session: Session, desk: Desk) -> Ward:
    return Ward(session, desk)


def test_list_has_the_nearest_first_and_what_was_done_lately(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    give_out(session, ward.house, "essay", people=[employee], due_in=timedelta(days=9))
    give_out(session, ward.house, people=[employee], due_in=timedelta(days=2))
    anna.says("我的任务")
    assert [label.partition(" · ")[2] for label in anna.labels] == ["专题学习", "心得"]
    assert "您有 2 项任务" in anna.text
    anna.chooses(anna.replies[0].choices[0][0].value).presses("已阅").presses("我的任务")
    assert "您有 1 项任务" in anna.text
    assert "✓ 专题学习" in anna.text


@pytest.mark.parametrize("word", ["任务", "/任务", "/duties", "待办"])
def test_list_is_typed_for(ward: Ward, word: str) -> None:
    anna, _ = ward.joins("安娜")
    assert "现在没有要做的任务" in anna.says(word).text


def test_staff_find_it_on_their_first_page_with_its_count(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    give_out(session, ward.house, people=[employee])
    assert anna.says("/start").labels[0] == "我的任务 1"
    head, _ = ward.joins("主任", role=Role.HEAD)
    assert "我的任务" in head.chooses("desk").labels
    admin, _ = ward.joins("管理", role=Role.ADMINISTRATOR)
    assert "我的任务" in admin.chooses("desk").labels


def test_reading_counts_at_once_and_a_second_press_changes_nothing(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, people=[employee])
    anna.chooses(f"due:read:{occurrence.id}")
    assert (anna.toast, anna.replies[0].edits) == ("已记下，谢谢。", "message-1")
    done_at = owed(session, occurrence, employee).done_at
    anna.passes(minutes=3).chooses(f"due:read:{occurrence.id}")
    assert anna.toast == "您已经确认过了，谢谢。"
    assert owed(session, occurrence, employee).done_at == done_at


def test_a_slip_is_taken_back_within_ten_minutes_and_not_later(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, people=[employee])
    anna.chooses(f"due:read:{occurrence.id}").passes(minutes=9).presses("点错了")
    assignment = owed(session, occurrence, employee)
    assert (assignment.state, assignment.acknowledged_at) == (AssignmentState.OPEN, None)
    anna.chooses(f"due:read:{occurrence.id}").passes(minutes=11).presses("点错了")
    assert "改不了了" in anna.text
    assert owed(session, occurrence, employee).state is AssignmentState.DONE


def test_nobody_takes_back_what_a_colleague_confirmed_for_the_office(session: Session, desk: Desk) -> None:
    ward = Ward(session, desk)
    anna, _ = ward.joins("安娜")
    bert, _ = ward.joins("伯特")
    occurrence = give_out(session, ward.house, "report", offices=["药剂科"])
    for who in (anna, bert):
        assert (
            who.chooses(f"due:unread:{occurrence.id}").toast == "过了 10 分钟，改不了了。要改请找科室负责人。"
        )


def test_in_a_group_the_press_counts_for_whoever_pressed(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    bert, other = ward.joins("伯特")
    occurrence = give_out(session, ward.house, people=[employee, other])
    anna.chooses(f"due:read:{occurrence.id}", in_group=True, chat="group")
    assert [(reply.text, reply.toast) for reply in anna.replies] == [("", "已记下，谢谢。")]
    states = [owed(session, occurrence, one).state for one in (employee, other)]
    assert states == [AssignmentState.DONE, AssignmentState.OPEN]
    stranger, _ = ward.joins("路过", "设备科")
    assert "不用您做" in stranger.chooses(f"due:read:{occurrence.id}", in_group=True, chat="group").toast
    assert bert.labels == []


@pytest.mark.parametrize("verb", ["open", "submit", "later"])
def test_what_is_pressed_in_a_group_goes_on_in_the_private_chat(
    session: Session, ward: Ward, verb: str
) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    anna.chooses(f"due:{verb}:{occurrence.id}", in_group=True, chat="group")
    assert [(reply.text, reply.toast) for reply in anna.replies] == [("", "已发到您与我的私聊，请到那里看。")]
    assert "【心得】" in ward.hears(anna, "due.open")
    assert anna.dialogue.flow == ""
    anna.presses("提交材料")
    assert anna.dialogue.flow == "due_submit"


@pytest.mark.parametrize("verb", ["people", "see", "heap", "excuse", "grant", "list", "finish", "nonsense"])
def test_nothing_else_is_done_or_shown_in_a_group(session: Session, ward: Ward, verb: str) -> None:
    head, employee = ward.joins("主任", "纪检办", Role.HEAD)
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    head.chooses(f"due:{verb}:{occurrence.id}:0", in_group=True, chat="group")
    assert [reply.text for reply in head.replies] == [""]


def test_not_owed_and_not_there_read_the_same(session: Session, ward: Ward) -> None:
    anna, _ = ward.joins("安娜")
    bert, other = ward.joins("伯特")
    occurrence = give_out(session, ward.house, "essay", people=[other])
    for verb in duties._STEPS:
        if verb == "list":
            continue
        shown = [anna.chooses(f"due:{verb}:{number}").replies for number in (occurrence.id, 987654, 0)]
        assert shown[0] == shown[1] == shown[2], verb
        assert "心得" not in anna.text, verb
    assert bert.labels == []


@pytest.mark.parametrize(
    "value",
    [
        "due:", "due", "due:open", "due:open:x", "due:open:-1", "due:read:9" + "9" * 40, "due:list:99999",
        "due:list:-1", "due:later:1:999:x", "due:heap::", "due:see:１", "due:finish:1", "due:nonsense:1",
    ],
)  # fmt: skip
def test_bad_buttons_are_answered(ward: Ward, value: str) -> None:
    anna, _ = ward.joins("安娜")
    assert anna.chooses(value).replies


def test_what_was_called_off_cannot_be_answered(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, people=[employee])
    occurrence.stage = OccurrenceStage.STOPPED
    assert "已取消" in anna.chooses(f"due:read:{occurrence.id}").toast
    assert "已取消" in anna.chooses(f"due:open:{occurrence.id}").text
    assert "已阅" not in anna.labels
    assert "现在没有要做的任务" in anna.says("任务").text
    essay = give_out(session, ward.house, "essay", people=[employee])
    essay.stage = OccurrenceStage.STOPPED
    assert anna.chooses(f"due:submit:{essay.id}").dialogue.flow == ""


def test_what_is_planned_is_not_there_yet(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, people=[employee])
    occurrence.stage = OccurrenceStage.PLANNED
    assert "已经没有了" in anna.chooses(f"due:open:{occurrence.id}").text


def test_who_left_presses_as_a_stranger(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, people=[employee])
    employee.standing = Employment.LEFT
    assert "不用您做" in anna.chooses(f"due:read:{occurrence.id}").toast
    member = anna.turn().member
    assert member is not None
    member.active = False
    assert "本院职工" in anna.chooses(f"due:read:{occurrence.id}").toast
    assert owed(session, occurrence, employee).state is AssignmentState.OPEN


def test_who_is_excused_sees_why_and_may_do_it_all_the_same(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, people=[employee])
    excuse(session, owed(session, occurrence, employee), Excuse.LEAVE, now=MONDAY)
    assert "休假" in anna.chooses(f"due:open:{occurrence.id}").text
    anna.presses("已阅")
    assert owed(session, occurrence, employee).state is AssignmentState.DONE


def test_after_the_due_time_it_counts_as_late(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, people=[employee], due_in=timedelta(days=1))
    anna.passes(days=2).says("任务")
    assert anna.labels[0].startswith("超期")
    anna.chooses(f"due:read:{occurrence.id}")
    assert "逾期" in anna.text


def told_of_duties(session: Session, who: Staff, minutes: int = 5, notice: str = "due.digest") -> None:
    """The morning's digest, or something else, stands in their chat."""
    at = MONDAY - timedelta(minutes=minutes)
    announce(session, "member:1", notice, now=at)
    letter = session.exec(select(Letter)).all()[-1]
    letter.chat, letter.state, letter.settled_at = who.turn().chat, State.SENT, at
    session.add(letter)
    session.flush()


@pytest.mark.parametrize("word", ["收到", "已阅", "1", "收到。", "１", "知道了"])
def test_a_bare_answer_to_the_digest_is_understood(session: Session, ward: Ward, word: str) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, people=[employee])
    told_of_duties(session, anna)
    assert "已记下" in anna.says(word).text
    assert owed(session, occurrence, employee).state is AssignmentState.DONE


def test_with_several_it_is_asked_which(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    for _ in range(2):
        give_out(session, ward.house, people=[employee])
    told_of_duties(session, anna)
    assert "哪一项" in anna.says("收到").text
    assert len(anna.labels) == 2
    open_ones = session.exec(select(Assignment).where(Assignment.state == AssignmentState.OPEN)).all()
    assert len(open_ones) == 2
    anna.chooses(anna.replies[0].choices[0][0].value)
    assert "已记下" in anna.text


@pytest.mark.parametrize(
    ("text", "minutes", "notice"),
    [
        ("收到", 60 * 13, "due.digest"),
        ("收到", 5, "case.new"),
        ("收到红包的事我想说", 5, "due.digest"),
        ("1号楼王医生收红包", 5, "due.digest"),
        ("骨科王医生收到两千块红包没有退", 5, "due.digest"),
    ],
)  # fmt: skip
def test_anything_else_goes_the_usual_way(
    session: Session, ward: Ward, text: str, minutes: int, notice: str
) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, people=[employee])
    told_of_duties(session, anna, minutes, notice)
    anna.says(text)
    assert "已记下，谢谢" not in anna.text
    assert owed(session, occurrence, employee).state is AssignmentState.OPEN


def test_in_the_middle_of_a_report_a_bare_answer_belongs_to_it(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, people=[employee])
    anna.says("骨科王医生上周收了我两千块红包")
    assert anna.dialogue.flow == "report"
    told_of_duties(session, anna)
    anna.says("收到")
    assert owed(session, occurrence, employee).state is AssignmentState.OPEN
