"""暂停接收, button by button, and what those try who should not."""

import pytest
from sqlmodel import Session

from storage.blocks import blocks_in_force, proposal_for
from storage.cases import Case, LeftOutPerson
from storage.house import House
from storage.identity import sender_hash
from storage.members import Role
from storage.sender_tags import keep_tag
from tests.factories import MONDAY, open_a_case
from tests.handlers.conftest import Hire, Officer, member_of


def told(session: Session, house: House, **how: object) -> Case:
    case = open_a_case(session, house, **how)  # type: ignore[arg-type]
    sender = sender_hash(house.vault, "web", "abuser")
    keep_tag(session, case.id or 0, sender, vault=house.vault, now=MONDAY)
    return case


def proposes(officer: Officer, case: Case) -> Officer:
    officer.opens(case).presses("更多…").presses("暂停接收此人消息").presses("广告").presses("30 天")
    return officer.presses("提议暂停")


def in_force(session: Session) -> int:
    return len(blocks_in_force(session, now=MONDAY))


def test_two_officers_in_their_own_chats(session: Session, house: House, hire: Hire) -> None:
    case = told(session, house)
    officer, head = hire(), hire("李强", role=Role.HEAD)
    proposes(officer, case)
    assert "没有人同意之前" in officer.text
    assert "收回提议" in officer.labels
    assert not any(label.startswith("同意") for label in officer.labels)
    head.opens(case)
    assert "王芳提议暂停接收此人消息：广告，30 天" in head.text
    button = head.value("同意暂停 30 天")
    officer.chooses(button)
    assert in_force(session) == 0, "nobody agrees to what they proposed"
    head.chooses(button)
    assert "已暂停接收此人消息（广告）" in head.text
    assert in_force(session) == 1
    head.chooses(button)
    assert in_force(session) == 1


def test_nothing_is_shown_where_nobody_could_be_blocked(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case)
    assert "暂停接收此人消息" not in officer.labels
    officer.chooses(f"block:{case.id}:flood:7:yes")
    assert "不能办了" in officer.text


@pytest.mark.parametrize("value", ["flood:7:yes", "flood:365:yes", "other:7:yes", "agree:1", "lift:1", "::"])
def test_a_supporting_office_cannot_by_a_made_up_button(
    session: Session, house: House, hire: Hire, value: str
) -> None:
    case = told(session, house, supporting=["药剂科"])
    head = hire("周洁", "药剂科", Role.HEAD).chooses(f"block:{case.id}:{value}")
    assert "现在不能办" in head.text
    assert proposal_for(session, case.id or 0, now=MONDAY) is None


@pytest.mark.parametrize("value", ["flood:365:yes", "other:7:yes", "flood:07:yes", "flood:-1:yes"])
def test_only_the_offered_reasons_and_times(session: Session, house: House, hire: Hire, value: str) -> None:
    case = told(session, house)
    hire().chooses(f"block:{case.id}:{value}")
    assert proposal_for(session, case.id or 0, now=MONDAY) is None


def test_whom_the_report_names_gets_no_such_case(session: Session, house: House, hire: Hire) -> None:
    accused = hire("张三", role=Role.HEAD)
    case = told(session, house, left_out_people=[member_of(accused).id])
    for value in ("", ":flood:7:yes", ":agree:1", ":decline:1", ":lift:1"):
        accused.chooses(f"block:{case.id}{value}")
        assert "没有查到" in accused.text
    assert proposal_for(session, case.id or 0, now=MONDAY) is None


def test_a_button_of_a_proposal_that_was_declined_agrees_to_no_later_one(
    session: Session, house: House, hire: Hire
) -> None:
    case = told(session, house)
    officer, head = hire(), hire("李强", role=Role.HEAD)
    proposes(officer, case)
    old = head.opens(case).value("同意暂停 30 天")
    head.presses("不同意")
    assert "作废" in head.text
    other = told(session, house)
    proposes(officer, other)
    proposes(officer, case)
    head.chooses(old)
    assert in_force(session) == 0


def test_the_list_is_for_heads_and_supervisors_and_hides_what_they_may_not_know(
    session: Session, house: House, hire: Hire
) -> None:
    case = told(session, house)
    officer, head = hire(), hire("李强", role=Role.HEAD)
    elsewhere = hire("周洁", "药剂科", Role.HEAD)
    proposes(officer, case)
    head.opens(case).presses("同意暂停 30 天")
    assert "暂停名单" not in officer.says("菜单").labels
    officer.chooses("blocks")
    assert "广告" not in officer.text
    officer.chooses("blocks:lift:1")
    assert in_force(session) == 1
    assert case.number in head.says("菜单").presses("暂停名单").text
    assert "王芳提议，李强同意" in head.text
    accused = hire("何平", "人事科", Role.SUPERVISOR)
    session.add(LeftOutPerson(case_id=case.id or 0, member_id=member_of(accused).id or 0))
    for one in (elsewhere, accused):
        assert "暂停名单" not in one.says("菜单").labels
        assert "现在没有" in one.chooses("blocks").text
        assert "照常接收" not in one.chooses("blocks:lift:1").text
    assert in_force(session) == 1
    head.presses("解除第 1 个")
    assert "照常接收" in head.text
    assert in_force(session) == 0
    assert "暂停名单" not in head.says("菜单").labels


def test_the_proposer_who_is_named_meanwhile_has_proposed_nothing(
    session: Session, house: House, hire: Hire
) -> None:
    case = told(session, house)
    officer, head = hire(), hire("李强", role=Role.HEAD)
    proposes(officer, case)
    session.add(LeftOutPerson(case_id=case.id or 0, member_id=member_of(officer).id or 0))
    session.flush()
    head.opens(case)
    assert not any(label.startswith("同意") for label in head.labels)


def test_a_supporting_office_reads_nothing_of_it(session: Session, house: House, hire: Hire) -> None:
    case = told(session, house, supporting=["药剂科"])
    officer, head = hire(), hire("李强", role=Role.HEAD)
    supporting = hire("周洁", "药剂科", Role.HEAD)
    for step in range(3):
        if step == 1:
            proposes(officer, case)
        elif step == 2:
            head.opens(case).presses("同意暂停 30 天")
        supporting.opens(case)
        assert not any(word in supporting.text + str(supporting.labels) for word in ("暂停", "不同意"))
        assert "更多…" not in supporting.labels or "暂停" not in str(supporting.presses("更多…").labels)
