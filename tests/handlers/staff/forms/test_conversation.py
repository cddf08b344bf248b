"""Forms and promises: read, answered, signed; what goes on later; who sees who has signed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from handlers.staff.forms.steps import pieces_of, steps_of
from handlers.turn import Desk
from storage.cases import Case
from storage.dialogues import Dialogue
from storage.duties.assignments import AssignmentState
from storage.duties.book import Form
from storage.duties.completing import owe_again
from storage.duties.occurrences import Occurrence
from storage.duties.promises import (
    FormVersion,
    Promise,
    answers_in,
    drop_old_promises,
    promises_by,
    signature_in,
    text_signed,
)
from storage.members import Role
from storage.staff.employees import Employee
from tests.duties import give_out, make_book, owed
from tests.factories import MONDAY
from tests.handlers.staff.people import PLEDGE, PROMISE, Staff, Ward, a_file


@pytest.fixture
def ward(session: Session, desk: Desk) -> Ward:
    return Ward(session, desk)


def begun(session: Session, ward: Ward, who: Staff, employee: Employee) -> Occurrence:
    """Somebody began to fill in the promise."""
    occurrence = give_out(session, ward.house, "promise", people=[employee])
    who.chooses(f"due:open:{occurrence.id}").presses("填写")
    return occurrence


def filled(who: Staff, *, took: str = "否") -> Staff:
    """All of it but the signature."""
    who.presses("看完了，继续").presses("是").presses(took)
    if took == "是":
        who.says("去年收过一次，后来退了")
    return who.presses("护士").says("十二").says("11月20日").presses("不填")


def the_promise(session: Session) -> Promise:
    return session.exec(select(Promise)).one()


def test_it_is_read_answered_and_signed_with_ones_name(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = begun(session, ward, anna, employee)
    assert "一、不收红包。" in anna.text
    filled(anna)
    for line in ("1. 您看过九项准则吗？　是", "护士", "12", "2025-11-20", "（没有填）"):
        assert line in anna.text
    assert owed(session, occurrence, employee).state is AssignmentState.OPEN
    anna.says("安 娜")
    assert "填好了" in anna.text
    assert owed(session, occurrence, employee).state is AssignmentState.DONE
    promise, vault = the_promise(session), ward.house.vault
    assert signature_in(promise, vault=vault) == "安娜"
    assert answers_in(promise, vault=vault)["post"] == "护士"
    assert [one.id for one in promises_by(session, employee.id or 0)] == [promise.id]
    assert anna.dialogue.flow == ""


@pytest.mark.parametrize("name", ["伯特", "安", "", "安娜 伯特", "1", "x" * 5000])
def test_another_name_signs_nothing(session: Session, ward: Ward, name: str) -> None:
    anna, employee = ward.joins("安娜")
    begun(session, ward, anna, employee)
    filled(anna).says(name or " ")
    assert the_promise(session).signed_at is None
    assert anna.says("安娜").text.startswith("填好了")


def test_a_yes_is_explained_and_is_no_report(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    begun(session, ward, anna, employee)
    anna.presses("看完了，继续").presses("是").presses("是")
    assert "请写几句" in anna.text
    anna.says("……").says("科室主任也知道，骨科王医生收了我两千块红包")
    anna.presses("医生").says("3").says("今天").says("没有别的").says("安娜")
    assert "算主动上交" in anna.text
    assert anna.value("上交红包礼品") == "handin:begin"
    assert session.exec(select(Case)).all() == []
    why = answers_in(the_promise(session), vault=ward.house.vault)["took.why"]
    assert why.startswith("科室主任也知道")


def test_who_found_nothing_is_not_asked_for_envelopes(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    begun(session, ward, anna, employee)
    filled(anna).says("安娜")
    assert "上交红包礼品" not in anna.labels


def test_one_question_back_and_the_answer_changes(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    begun(session, ward, anna, employee)
    anna.presses("看完了，继续").presses("是").presses("是").says("已经退了")
    anna.presses("上一步").presses("上一步").presses("否")
    assert "您的岗位" in anna.text
    anna.presses("护士").says("12").says("昨天").says("跳过").says("安娜")
    assert answers_in(the_promise(session), vault=ward.house.vault)["took"] == "no"
    assert "上交红包礼品" not in anna.labels


@pytest.mark.parametrize("answer", ["可能吧", "3", "张三李四", "99"])
def test_what_answers_nothing_is_asked_again(session: Session, ward: Ward, answer: str) -> None:
    anna, employee = ward.joins("安娜")
    begun(session, ward, anna, employee)
    anna.presses("看完了，继续").presses("是").presses("否")
    asked = anna.text
    assert "没看懂" in anna.says(answer).text
    assert asked in anna.text
    assert "您来院几年" in anna.says("2").text


def test_it_goes_on_after_a_stop_and_an_hour(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = begun(session, ward, anna, employee)
    anna.presses("看完了，继续").presses("是")
    later = Staff(session, ward.desk, "安娜", now=MONDAY + timedelta(hours=5), dialogue=Dialogue())
    later.chooses(f"fill:begin:{occurrence.id}")
    assert "接着来" in later.text
    assert "收过红包没有退" in later.text


def test_a_button_of_an_earlier_question_answers_nothing(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    begun(session, ward, anna, employee)
    first = anna.presses("看完了，继续").value("是")
    anna.presses("否").chooses(first)
    assert "收过红包没有退" in anna.text
    answers = answers_in(the_promise(session), vault=ward.house.vault)
    assert answers == {"read": "no"}


@pytest.mark.parametrize(
    "argument",
    [
        "pick:{id}:1:maybe", "pick:{id}:1:99999", "pick:{id}:1:skip", "pick:{id}:x:yes", "pick:{id}",
        "go:{id}:1", "send:{id}", "back:{id}:99", "pick:{id}:1:１",
    ],
)  # fmt: skip
def test_forged_buttons_answer_nothing(session: Session, ward: Ward, argument: str) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = begun(session, ward, anna, employee)
    anna.presses("看完了，继续")
    anna.chooses("fill:" + argument.format(id=occurrence.id))
    assert "您看过九项准则吗" in anna.text
    assert the_promise(session).signed_at is None


def test_nobody_fills_in_what_another_owes(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    bert, _ = ward.joins("伯特")
    occurrence = begun(session, ward, anna, employee)
    for verb in ("begin", "go", "pick", "back", "send", "pause", "list"):
        shown = [bert.chooses(f"fill:{verb}:{one}:0:yes").replies for one in (occurrence.id, 987654)]
        assert shown[0] == shown[1]
        assert "承诺" not in bert.text
    assert len(session.exec(select(Promise)).all()) == 1


def test_a_form_that_changed_begins_anew_and_the_signed_one_keeps_its_text(
    session: Session, ward: Ward, desk: Desk
) -> None:
    anna, employee = ward.joins("安娜")
    bert, other = ward.joins("伯特")
    occurrence = give_out(session, ward.house, "promise", people=[employee, other])
    filled(anna.chooses(f"fill:begin:{occurrence.id}")).says("安娜")
    bert.chooses(f"fill:begin:{occurrence.id}").presses("看完了，继续").presses("是")

    changed = PLEDGE | {"text": "新的文字。"}
    book = make_book({}, PROMISE, forms=[changed])
    bert.desk = anna.desk = replace(ward.desk, house=replace(ward.house, duties=book))
    assert "重新填一遍" in bert.chooses(f"fill:begin:{occurrence.id}").text
    assert "新的文字" in bert.text
    anna.chooses(f"fill:begin:{occurrence.id}")
    assert "一、不收红包。" in anna.text
    assert "安娜 签于" in anna.text
    signed = promises_by(session, employee.id or 0)[0]
    assert text_signed(session, signed).text.startswith("一、")
    assert len(session.exec(select(FormVersion)).all()) == 2


def test_a_form_that_is_gone_is_told(session: Session, ward: Ward) -> None:

    anna, employee = ward.joins("安娜")
    occurrence = begun(session, ward, anna, employee)
    gone = replace(ward.house, duties=make_book({}, PROMISE | {"form": "nothing"}, forms=[]))
    anna.desk = replace(ward.desk, house=gone)
    assert "填不了" in anna.chooses(f"fill:begin:{occurrence.id}").text
    assert anna.says("否").dialogue.flow != "staff_form"


def test_what_was_signed_and_is_owed_again_counts_as_it_stands(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = begun(session, ward, anna, employee)
    filled(anna).says("安娜")
    owe_again(session, owed(session, occurrence, employee), now=MONDAY)
    assert "安娜 签于" in anna.chooses(f"fill:begin:{occurrence.id}").text
    assert owed(session, occurrence, employee).state is AssignmentState.DONE


def test_in_a_group_nothing_of_it_is_shown(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "promise", people=[employee])
    for verb in ("begin", "list", "pick"):
        anna.chooses(f"fill:{verb}:{occurrence.id}:0", in_group=True, chat="group")
        assert [reply.text for reply in anna.replies] == [""]
    assert "廉洁承诺" in ward.hears(anna, "due.open")


def test_a_report_in_the_middle_is_a_report(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    begun(session, ward, anna, employee)
    anna.says("我要反映问题")
    assert anna.dialogue.flow == "report"


def test_files_are_not_taken_for_answers(session: Session, ward: Ward) -> None:

    anna, employee = ward.joins("安娜")
    begun(session, ward, anna, employee)
    assert "不收文件" in anna.says("", a_file()).text


def test_heads_see_who_signed_of_their_own_office(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    head, own = ward.joins("主任", role=Role.HEAD)
    _, stranger = ward.joins("外人", "设备科")
    occurrence = give_out(session, ward.house, "promise", people=[employee, own, stranger])
    filled(anna.chooses(f"fill:begin:{occurrence.id}")).says("安娜")
    for shown in (head.says("/承诺 promise").text, head.says("承诺 pledge").text, head.says("承诺书").text):
        assert "药剂科：1/2（50%）" in shown
        assert "○ 主任" in shown
        assert "✓ 安娜" in shown
        assert "外人" not in shown
    assert "药剂科：1/2" in head.chooses(f"due:open:{occurrence.id}").presses("签署名单").text
    chief, _ = ward.joins("纪检主任", "纪检办", Role.HEAD)
    chief.says("/承诺")
    assert "设备科：0/1" in chief.text
    assert "安娜" not in chief.text


@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER, Role.ADMINISTRATOR])
def test_nobody_else_sees_the_list(session: Session, ward: Ward, role: Role) -> None:
    _, employee = ward.joins("安娜")
    reader, _ = ward.joins("读者", role=role)
    occurrence = give_out(session, ward.house, "promise", people=[employee])
    assert "安娜" not in reader.says("/承诺 promise").text
    assert "安娜" not in reader.chooses(f"fill:list:{occurrence.id}:0").text


def test_what_was_never_signed_is_forgotten(session: Session, ward: Ward) -> None:
    anna, employee = ward.joins("安娜")
    begun(session, ward, anna, employee)
    assert drop_old_promises(session, before=MONDAY) == 0
    assert drop_old_promises(session, before=MONDAY + timedelta(days=1)) == 1


def test_long_texts_come_in_pieces_with_nothing_lost() -> None:
    text = "\n".join(f"第{number}条 " + "字" * 120 for number in range(12))
    pieces = pieces_of(text)
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= 500
    assert "\n".join(pieces) == text
    assert "".join(pieces_of("长" * 1200)) == "长" * 1200
    assert [step.kind for step in steps_of(Form(key="f", title="空表"))] == ["check"]
