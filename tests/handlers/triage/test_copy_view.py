"""What officers see and do where many sent the same words."""

import pytest
from sqlmodel import Session

from handlers.triage import case_card
from handlers.words import words_for
from storage.cases import Case, LeftOutPerson, Status
from storage.house import House
from storage.members import Role
from tests.factories import MONDAY, open_a_case
from tests.handlers.conftest import Hire, member_of

ALIKE = "a" * 32


def group(session: Session, house: House, count: int, lead: str = "纪检办") -> list[Case]:
    return [open_a_case(session, house, lead=lead, likeness=ALIKE) for _ in range(count)]


def test_the_card_counts_them_and_a_group_reads_no_number_of_another(session: Session, house: House) -> None:
    first, second, _ = group(session, house, 3)
    cards = [
        case_card(one, session=session, house=house, words=words_for("zh"), now=MONDAY, group=True).text
        for one in (first, second)
    ]
    assert "相同内容：另有 2 份，一并办理" in cards[0]
    assert "与另一件内容相同" in cards[1]
    assert first.number not in cards[1]


def test_the_list_has_one_line_and_the_case_leads_to_each(session: Session, house: House, hire: Hire) -> None:
    first, *copies = group(session, house, 11)
    officer = hire().says("本科室")
    assert [label for label in officer.labels if "2025" in label] == [
        f"{first.number} · 红包礼金 · 还剩1天 · 另有10份"
    ]
    officer.opens(first).presses("相同内容 10 份")
    assert [label[:10] for label in officer.labels if "2025" in label] == [one.number for one in copies[:8]]
    officer.presses("下一页")
    assert [label[:10] for label in officer.labels if "2025" in label] == [one.number for one in copies[8:]]
    officer.opens(copies[0])
    assert f"与 {first.number} 内容相同" in officer.text
    assert {"分开处理", "问反映人", "内部备注"} <= set(officer.labels)
    assert not {"受理", "办结", "转办", "不予受理", "改分类", "指派"} & set(officer.labels)


@pytest.mark.parametrize("wish", ["accept", "refuse", "close", "transfer", "assign", "reopen"])
def test_a_copy_cannot_be_decided_by_a_made_up_button(
    session: Session, house: House, hire: Hire, wish: str
) -> None:
    _, copy = group(session, house, 2)
    officer = hire()
    officer.chooses(f"do:{wish}:{copy.id}:{copy.version}")
    assert copy.status is Status.RECEIVED
    assert copy.same_as is not None


def test_taking_one_out_is_one_press_and_the_old_button_is_dead(
    session: Session, house: House, hire: Hire
) -> None:
    first, copy = group(session, house, 2)
    officer = hire().opens(copy)
    button = officer.value("分开处理")
    officer.chooses(button)
    assert "已分开" in officer.text
    assert "受理" in officer.labels
    assert copy.same_as is None
    officer.chooses(button)
    assert "不用再点" in officer.text
    officer.opens(first)
    assert "另有" not in officer.text


def test_a_refusal_asks_whether_the_others_are_meant_and_says_who_reads_it(
    session: Session, house: House, hire: Hire
) -> None:
    first, copy = group(session, house, 2)
    officer = hire().opens(first).presses("不予受理").says("不归医院管")
    assert "另有 1 份相同内容" in officer.text
    officer.presses("连同另外 1 份一起办")
    assert "每位反映人都会读到" in officer.text
    officer.presses("确认发送")
    session.refresh(copy)
    assert (first.status, copy.status) == (Status.CLOSED, Status.CLOSED)


def test_refusing_only_this_one_leaves_the_others_open_and_pushes_the_next(
    session: Session, house: House, hire: Hire
) -> None:
    first, second, third = group(session, house, 3)
    officer = hire().opens(first).presses("不予受理").says("这件是开玩笑")
    officer.presses("只办这一件")
    assert "仍要办" in officer.text
    officer.presses("确认发送")
    session.refresh(second)
    session.refresh(third)
    assert (first.status, second.status) == (Status.CLOSED, Status.RECEIVED)
    assert (second.same_as, third.same_as) == (None, second.id)
    officer.says("本科室")
    assert next(label for label in officer.labels if "2025" in label).startswith(second.number)


def test_copies_that_came_while_the_form_was_open_are_asked_about(
    session: Session, house: House, hire: Hire
) -> None:
    """Nobody's report is closed by a form that was begun before it came."""
    first = group(session, house, 1)[0]
    officer = hire().opens(first).presses("不予受理").says("不归医院管")
    late = group(session, house, 1)[0]
    officer.presses("确认发送")
    assert "刚才又收到相同内容" in officer.text
    assert first.status is Status.RECEIVED
    officer.presses("只办这一件").presses("确认发送")
    session.refresh(late)
    assert (first.status, late.status, late.same_as) == (Status.CLOSED, Status.RECEIVED, None)


def test_without_copies_no_form_asks_about_them(session: Session, house: House, hire: Hire) -> None:
    first = group(session, house, 1)[0]
    officer = hire().opens(first).presses("不予受理").says("不归医院管")
    assert "确认发送" in officer.labels


def test_a_question_goes_to_one_reporter_and_says_so(session: Session, house: House, hire: Hire) -> None:
    first, _ = group(session, house, 2)
    officer = hire().opens(first).presses("问反映人")
    assert "只问这一件的反映人" in officer.text
    officer.presses("取消")
    assert "反映人看不到" not in officer.text


def test_who_may_not_know_of_the_first_learns_no_number_from_a_copy(
    session: Session, house: House, hire: Hire
) -> None:
    first, copy = group(session, house, 2)
    officer = hire()
    session.add(LeftOutPerson(case_id=first.id or 0, member_id=member_of(officer).id or 0))
    session.flush()
    officer.opens(copy)
    assert first.number not in officer.text
    assert not any(first.number in label for label in officer.labels)
    officer.chooses(f"copies:{first.id}")
    assert "没有查到" in officer.text


def test_the_copies_of_a_sealed_case_are_for_supervisors(session: Session, house: House, hire: Hire) -> None:
    first, copy = (open_a_case(session, house, sealed=True, likeness=ALIKE) for _ in range(2))
    assert copy.same_as == first.id
    officer = hire().opens(copy)
    assert "没有查到" in officer.text
    boss = hire("钱书记", "审计科", Role.SUPERVISOR).opens(first)
    assert "相同内容 1 份" in boss.labels


def test_a_case_is_no_duplicate_of_its_own_copy(session: Session, house: House, hire: Hire) -> None:
    first, copy = group(session, house, 2)
    officer = hire().opens(first).presses("受理").presses("办结").presses("重复件").says(copy.number)
    assert "本件" in officer.text


def test_a_copy_that_leaves_somebody_out_is_no_button_for_them(
    session: Session, house: House, hire: Hire
) -> None:
    first = open_a_case(session, house, likeness=ALIKE)
    copies = [open_a_case(session, house, likeness=ALIKE) for _ in range(2)]
    assert {copy.same_as for copy in copies} == {first.id}
    officer = hire()
    session.add(LeftOutPerson(case_id=copies[0].id or 0, member_id=member_of(officer).id or 0))
    session.flush()
    shown = str(officer.chooses(f"copies:{first.id}").labels)
    assert copies[1].number in shown
    assert copies[0].number not in shown
