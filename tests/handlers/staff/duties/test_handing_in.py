"""Handing in: files, figures, words; replaced, withdrawn, given back; who may see them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from handlers.converse import converse
from handlers.turn import Desk
from storage.deposit_doors import may_fetch
from storage.deposits import Deposit, deposits_of
from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.handing_in import MOST_FILES, drop_old_drafts
from storage.duties.occurrences import Occurrence
from storage.duties.submissions import Submission, SubmissionStage, matter_of, open_sealed
from storage.events import Event
from storage.members import Role
from storage.staff.employees import Employee
from tests.duties import give_out, owed
from tests.factories import MONDAY, make_member
from tests.handlers.staff.people import Staff, Ward, a_file


@pytest.fixture
def ward(session: Session, desk: Desk) -> Ward:
    return Ward(session, desk)


def the_submission(session: Session) -> Submission:
    return session.exec(select(Submission)).all()[-1]


def the_office(session: Session, occurrence: Occurrence) -> Assignment:
    return session.exec(select(Assignment).where(Assignment.occurrence_id == occurrence.id)).one()


def reported(session: Session, ward: Ward, who: Staff, *uids: str) -> Occurrence:
    """A monthly report of an office, handed in by somebody with these files."""
    occurrence = give_out(session, ward.house, "report", offices=["药剂科"])
    who.chooses(f"due:submit:{occurrence.id}").says("", *(a_file(uid) for uid in uids or ("f1",)))
    who.presses("完成")
    return occurrence


def test_several_files_come_one_by_one_and_are_handed_in_together(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "report", offices=["药剂科"])
    anna.says("任务").chooses(f"due:open:{occurrence.id}").presses("提交材料")
    anna.says("", a_file("f1")).says("", a_file("f2"), a_file("f3")).says("补充说明").says("完成")
    assert "已提交" in anna.text
    assert "安娜 交于" in anna.text
    submission = the_submission(session)
    assert [row.uid for row in deposits_of(session, matter_of(submission))] == ["f1", "f2", "f3"]
    assert open_sealed(submission, "words", vault=ward.house.vault) == "补充说明"
    assert the_office(session, occurrence).done_by == employee.id
    assert anna.dialogue.flow == ""


def test_the_list_leads_back_to_what_was_handed_in(session: Session, ward: Ward) -> None:
    anna, _ = ward.joins("安娜")
    reported(session, ward, anna)
    anna.says("任务").presses("✓ 月报")
    assert "安娜 交于" in anna.text
    anna.presses("撤回")
    assert the_submission(session).stage is SubmissionStage.WITHDRAWN


def test_files_are_known_as_soon_as_they_come(session: Session, ward: Ward) -> None:
    """The sweep for files without a row must not take what somebody is still putting together."""
    anna, _ = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "report", offices=["药剂科"])
    anna.chooses(f"due:submit:{occurrence.id}").says("", a_file("f1"))
    assert session.get(Deposit, "f1") is not None
    anna.presses("我的任务")
    assert anna.dialogue.flow == ""
    anna.chooses(f"due:submit:{occurrence.id}")
    assert "1 个文件" in anna.text
    anna.presses("先不交了")
    assert session.get(Deposit, "f1") is None


def test_an_album_is_answered_once(session: Session, ward: Ward) -> None:
    anna, _ = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "report", offices=["药剂科"])
    anna.chooses(f"due:submit:{occurrence.id}")

    answers = []
    for uid in ("f1", "f2"):
        turn = anna.turn(files=[a_file(uid)])
        turn = replace(turn, inbound=replace(turn.inbound, album="a"))
        answers.append(converse(turn))
        anna.dialogue = turn.dialogue
    assert [len(one) for one in answers] == [1, 0]
    assert len(deposits_of(session, matter_of(the_submission(session)))) == 2


def test_nothing_is_handed_in_without_what_was_asked_for(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    for key, word in (("report", "没有收到文件"), ("count", "没有收到数"), ("essay", "没有收到文字")):
        one = give_out(session, ward.house, key, people=[employee], offices=["药剂科"] * (key == "report"))
        anna.chooses(f"due:submit:{one.id}").says("完成")
        assert word in anna.text
    assert {one.stage for one in session.exec(select(Submission)).all()} == {SubmissionStage.DRAFT}


def test_too_many_files_are_told(session: Session, ward: Ward) -> None:
    anna, _ = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "report", offices=["药剂科"])
    anna.chooses(f"due:submit:{occurrence.id}").says("", *(a_file(f"f{n}") for n in range(MOST_FILES + 1)))
    assert "最多 20 个" in anna.text
    assert len(session.exec(select(Deposit)).all()) == MOST_FILES


def test_a_figure_is_shown_back_before_it_counts(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "count", people=[employee])
    anna.chooses(f"due:submit:{occurrence.id}").says("一百二十")
    assert "120 人次" in anna.text
    assert owed(session, occurrence, employee).state is AssignmentState.OPEN
    anna.presses("对，提交")
    assert owed(session, occurrence, employee).state is AssignmentState.DONE
    assert open_sealed(the_submission(session), "words", vault=ward.house.vault) == "120 人次"


def test_the_button_of_an_earlier_figure_hands_in_nothing(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "count", people=[employee])
    first = anna.chooses(f"due:submit:{occurrence.id}").says("12").value("对，提交")
    anna.says("21").chooses(first)
    assert owed(session, occurrence, employee).state is AssignmentState.OPEN
    assert "21 人次" in anna.text
    anna.presses("对，提交")
    assert open_sealed(the_submission(session), "words", vault=ward.house.vault) == "21 人次"


@pytest.mark.parametrize("text", ["不知道", "12,5", "1e9", "9" * 30, "12%"])
def test_what_is_no_figure_is_asked_again(session: Session, ward: Ward, text: str) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "count", people=[employee])
    assert "没看懂" in anna.chooses(f"due:submit:{occurrence.id}").says(text).text


def test_words_of_several_messages_are_one(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    anna.chooses(f"due:submit:{occurrence.id}").says("第一段").says("第二段").says("完成")
    assert open_sealed(the_submission(session), "words", vault=ward.house.vault) == "第一段\n第二段"
    assert anna.says("看看").dialogue.flow != "due_submit"


def test_until_it_is_due_a_later_one_replaces_it_and_the_first_stays(session: Session, ward: Ward) -> None:
    anna, _ = ward.joins("安娜")
    bert, other = ward.joins("伯特")
    occurrence = reported(session, ward, anna)
    assert "安娜 交于" in bert.chooses(f"due:open:{occurrence.id}").text
    bert.presses("重新提交").says("", a_file("f2")).presses("完成")
    stages = [one.stage for one in session.exec(select(Submission)).all()]
    assert stages == [SubmissionStage.REPLACED, SubmissionStage.HANDED_IN]
    assert session.get(Deposit, "f1") is not None
    assert the_submission(session).employee_id == other.id
    bert.passes(days=8).chooses(f"due:submit:{occurrence.id}")
    assert "不能再改" in bert.text


def test_it_is_withdrawn_by_whoever_handed_it_in_until_it_is_due(session: Session, ward: Ward) -> None:
    anna, _ = ward.joins("安娜")
    bert, _ = ward.joins("伯特")
    occurrence = reported(session, ward, anna)
    number = the_submission(session).id
    assert "不用您做" in bert.chooses(f"due:withdraw:{number}").text
    assert "撤回" not in bert.chooses(f"due:open:{occurrence.id}").labels
    anna.presses("撤回")
    assert the_office(session, occurrence).state is AssignmentState.OPEN
    assert anna.chooses(f"due:withdraw:{number}").text.startswith("过了期限")
    anna.chooses(f"due:submit:{occurrence.id}").says("", a_file("f5")).presses("完成")
    anna.passes(days=8).chooses(f"due:withdraw:{the_submission(session).id}")
    assert the_office(session, occurrence).state is AssignmentState.DONE


def test_late_work_is_taken_and_called_late(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "essay", people=[employee], due_in=timedelta(days=1))
    anna.passes(days=3).chooses(f"due:submit:{occurrence.id}").says("晚了").says("完成")
    assert owed(session, occurrence, employee).late


def test_the_receiving_office_hears_without_content_opens_and_gives_back(
    session: Session, ward: Ward
) -> None:
    anna, _ = ward.joins("安娜")
    clerk, _ = ward.joins("医务", "医务科", Role.OFFICER)
    occurrence = reported(session, ward, anna, "f1", "f2")
    assert ward.hears(clerk, "due.handed_in") == "药剂科交来了【月报】。"
    assert clerk.presses("看材料").files == ["f1", "f2"]
    clerk.presses("退回").says("请盖章")
    assert "已退回" in clerk.text
    assert "交来的材料" in clerk.labels
    assert "收到的材料" not in clerk.says("任务").labels
    assert the_office(session, occurrence).state is AssignmentState.OPEN
    assert "请盖章" in ward.hears(anna, "due.given_back")
    anna.presses("重新提交").says("", a_file("f9")).presses("完成")
    assert the_submission(session).stage is SubmissionStage.HANDED_IN
    names = [event.action for event in session.exec(select(Event)).all()]
    wanted = ["submitted", "submission_read", "submission_returned", "submitted"]
    assert [one for one in names if one.startswith("subm")] == wanted


WHO = {
    "colleague": ("药剂科", Role.STAFF, False),
    "own head": ("药剂科", Role.HEAD, True),
    "receiver": ("医务科", Role.OFFICER, True),
    "staff of the receiver": ("医务科", Role.STAFF, False),
    "discipline officer": ("纪检办", Role.OFFICER, False),
    "discipline head": ("纪检办", Role.HEAD, True),
    "supervisor": ("人事科", Role.SUPERVISOR, True),
    "administrator": ("人事科", Role.ADMINISTRATOR, False),
    "another head": ("设备科", Role.HEAD, False),
}


def a_reader(session: Session, ward: Ward, who: str) -> tuple[Staff, bool]:
    """Somebody after 药剂科 handed in a file, and whether they may open it."""
    anna, _ = ward.joins("安娜")
    ward.joins("医务", "医务科", Role.OFFICER)
    reported(session, ward, anna, "f1")
    office, role, may = WHO[who]
    return ward.joins("读者", office, role)[0], may


@pytest.mark.parametrize("who", WHO)
def test_the_list_leads_receivers_to_what_came_in(session: Session, ward: Ward, who: str) -> None:
    reader, may = a_reader(session, ward, who)
    receives = may and who != "own head"
    assert ("收到的材料" in reader.says("任务").labels) is receives
    reader.chooses("due:heaps")
    assert ("月报 · 1 份" in reader.labels) is receives
    if receives:
        assert any("交于" in label for label in reader.presses("月报 · 1 份").labels)


def test_of_people_the_office_hears_once_a_day(session: Session, ward: Ward) -> None:
    people = [ward.joins(name) for name in ("安娜", "伯特", "陈晨")]
    clerk, _ = ward.joins("纪检", "纪检办", Role.OFFICER)
    occurrence = give_out(session, ward.house, "essay", people=[one for _, one in people])
    for who, _ in people:
        who.chooses(f"due:submit:{occurrence.id}").says("心得体会").says("完成")
    told = ward.told(clerk, "due.handed_in")
    assert [reply.text for reply in told] == ["【心得】有人交材料了，现在共 3 份。"]
    clerk.replies = told
    assert len([one for one in clerk.presses("交来的材料").labels if "交于" in one]) == 3


@pytest.mark.parametrize("who", WHO)
def test_who_may_open_what_was_handed_in(session: Session, ward: Ward, who: str) -> None:
    reader, may = a_reader(session, ward, who)
    number = the_submission(session).id
    reader.chooses(f"due:see:{number}")
    assert (reader.files == ["f1"]) is may
    member = reader.turn().member
    assert member is not None
    assert may_fetch(session, f"submission:{number}", member, house=ward.house) is may
    if not may:
        nothing = reader.chooses("due:see:987654").replies
        assert reader.chooses(f"due:see:{number}").replies == nothing


def test_a_draft_and_what_was_withdrawn_are_nobody_elses(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    clerk, _ = ward.joins("纪检", "纪检办", Role.HEAD)
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    anna.chooses(f"due:submit:{occurrence.id}").says("还没写完")
    number = the_submission(session).id
    assert "还没写完" not in clerk.chooses(f"due:see:{number}").text
    anna.says("完成").presses("撤回")
    assert "还没写完" not in clerk.chooses(f"due:see:{number}").text
    assert "还没写完" in anna.chooses(f"due:see:{number}").text


@pytest.mark.parametrize(
    "matter", ["submission:", "submission:x", "submission:１", "other:1", "", "submission:-1"]
)
def test_a_matter_nobody_knows_opens_nothing(session: Session, ward: Ward, matter: str) -> None:
    member = make_member(session, ward.house, "监督", "纪检办", Role.SUPERVISOR)
    assert not may_fetch(session, matter, member, house=ward.house)


def test_nobody_gives_back_their_own_nor_what_was_replaced(session: Session, ward: Ward) -> None:
    head, employee = ward.joins("主任", "纪检办", Role.HEAD)
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    head.chooses(f"due:submit:{occurrence.id}").says("我的心得").says("完成")
    assert "退回" not in head.chooses(f"due:see:{the_submission(session).id}").labels
    assert head.chooses(f"due:back:{the_submission(session).id}").dialogue.flow == ""
    anna, _ = ward.joins("安娜")
    clerk, _ = ward.joins("医务", "医务科", Role.OFFICER)
    reported(session, ward, anna)
    first = the_submission(session).id
    clerk.chooses(f"due:back:{first}")
    anna.presses("重新提交").says("", a_file("f2")).presses("完成")
    assert "换过新的" in clerk.says("不行").text
    assert the_submission(session).stage is SubmissionStage.HANDED_IN


def test_whoever_lost_the_right_meanwhile_gives_nothing_back(session: Session, ward: Ward) -> None:
    anna, _ = ward.joins("安娜")
    clerk, _ = ward.joins("医务", "医务科", Role.OFFICER)
    reported(session, ward, anna)
    clerk.chooses(f"due:back:{the_submission(session).id}")
    member = clerk.turn().member
    assert member is not None
    member.office = "设备科"
    clerk.says("不行")
    assert the_submission(session).stage is SubmissionStage.HANDED_IN


def test_a_report_typed_in_the_middle_is_a_report_and_not_joined(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    anna.chooses(f"due:submit:{occurrence.id}").says("我要反映问题")
    assert anna.dialogue.flow == "report"
    anna.says("骨科王医生上周收了我两千块红包")
    assert "查询码" in anna.text
    assert the_submission(session).words is None


def test_another_button_puts_the_question_away(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    anna.chooses(f"due:submit:{occurrence.id}").chooses("progress").says("骨科的事")
    assert the_submission(session).words is None


def test_who_left_in_the_middle_hands_in_nothing(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "essay", people=[employee])
    anna.chooses(f"due:submit:{occurrence.id}")
    member = anna.turn().member
    assert member is not None
    member.active = False
    anna.says("完成").says("一段心得")
    assert owed(session, occurrence, employee).state is AssignmentState.OPEN
    assert the_submission(session).words is None


def test_old_drafts_go_with_their_files(session: Session, ward: Ward) -> None:
    anna, _ = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "report", offices=["药剂科"])
    anna.chooses(f"due:submit:{occurrence.id}").says("", a_file("f1"))
    assert drop_old_drafts(session, before=MONDAY) == 0
    assert drop_old_drafts(session, before=MONDAY + timedelta(days=1)) == 1
    assert session.get(Deposit, "f1") is None
    assert session.exec(select(Employee)).all()
