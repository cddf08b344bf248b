"""Buttons that act at once: they work once, whoever presses first."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from handlers.triage import on_officer_choice
from storage.cards import remember_card
from storage.cases import Case, Outcome, Status
from storage.clocks import Limit, running_clocks
from storage.entries import thread
from storage.events import case_history
from storage.house import House
from storage.letters import Letter
from storage.members import Role
from storage.triage import close_case
from storage.withdrawal import withdraw_case
from tests.factories import MONDAY, open_a_case
from tests.handlers.conftest import Hire, Officer, member_of

BY_STATUS = {
    Status.RECEIVED: ["受理", "转办", "不予受理", "问反映人", "内部备注", "指派", "改分类", "申请回避"],
    Status.ACCEPTED: ["开始调查", "办结", "问反映人", "内部备注", "转办", "指派", "改分类", "申请回避"],
    Status.INVESTIGATING: ["办结", "问反映人", "内部备注", "转办", "指派", "改分类", "申请回避"],
    Status.CLOSED: ["重新打开", "内部备注", "改分类", "申请回避"],
}
DAMAGED = (
    "do", "do:accept", "do:fly:1:0", "do:accept:1:x", "list:all:0", "list:mine:-1", "duty:maybe", "open",
    "open:x", "open:1:list:more", "text:", "files:9999999999999", "form", "form:send", "form:pick:abc:0",
    "category", "category:1", "category:1:0", "category:1:0:fly", "category:1:0:undo", "category:1:0:lead",
    "category:1:x:kickback",
)  # fmt: skip
READING = ["往来", "经过", "刷新", "菜单"]


def actions(session: Session, case: Case) -> list[str]:
    return [event.action for event in case_history(session, case.id or 0)]


def test_buttons_follow_the_status(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case)
    assert officer.labels == [*BY_STATUS[Status.RECEIVED], *READING]
    assert officer.presses("受理").labels == [*BY_STATUS[Status.ACCEPTED], *READING]
    assert officer.presses("开始调查").labels == [*BY_STATUS[Status.INVESTIGATING], *READING]
    member = member_of(officer)
    close_case(session, case, member, Outcome.UNSUBSTANTIATED, "", "查过了", house=house, now=MONDAY)
    assert officer.opens(case).labels == [*BY_STATUS[Status.CLOSED], *READING]


def test_accepting_takes_the_case_and_tells_the_reporter(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).presses("受理")
    assert case.status is Status.ACCEPTED
    assert case.assignee_id == member_of(officer).id
    assert case.id is not None
    assert {clock.kind for clock in running_clocks(session, case.id)} == {Limit.ANSWER}
    assert thread(session, case.id, vault=house.vault)[-1].facts["step"] == "accepted"
    assert officer.replies[0].edits == "message-1"
    assert "已受理" in (officer.replies[0].toast or "")


def test_second_press_by_the_same_person_changes_nothing(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case)
    button = officer.value("受理")
    officer.chooses(button)
    version = case.version
    officer.chooses(button)
    assert "您已于 09:30 受理，不用再点" in officer.text
    assert case.version == version
    assert actions(session, case).count("accepted") == 1


def test_second_officer_is_told_what_happened(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    first, second = hire("王芳"), hire("李强")
    first.opens(case)
    second.opens(case)
    first.presses("受理")
    second.now = MONDAY + timedelta(minutes=2)
    second.presses("受理")
    assert "王芳已于 09:30 受理" in second.text
    not_ones_own = [label for label in BY_STATUS[Status.ACCEPTED] if label != "指派"]
    assert second.labels == [*not_ones_own, *READING]
    assert case.assignee_id == member_of(first).id
    assert second.replies[0].toast


def test_old_button_of_an_action_still_allowed_only_tells(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    first, second = hire("王芳"), hire("李强")
    note = second.opens(case).value("内部备注")
    first.opens(case).presses("受理")
    second.chooses(note)
    assert "王芳已于 09:30 受理" in second.text
    assert second.dialogue.flow == ""


def test_withdrawal_meanwhile_is_told(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case)
    withdraw_case(session, case, house=house, now=MONDAY)
    assert "反映人已于 09:30 撤回" in officer.presses("受理").text
    assert case.status is Status.CLOSED


@pytest.mark.parametrize("action", ["accept", "transfer", "refuse", "ask", "close", "assign"])
def test_supporting_office_cannot_act_by_a_made_up_button(
    session: Session, house: House, hire: Hire, action: str
) -> None:
    case = open_a_case(session, house, supporting=["药剂科"])
    officer = hire("赵药", "药剂科").chooses(f"do:{action}:{case.id}:0")
    assert "现在不能办" in officer.text
    assert case.status is Status.RECEIVED
    assert officer.dialogue.flow == ""


@pytest.mark.parametrize("value", DAMAGED)
def test_damaged_buttons_get_a_kind_answer(session: Session, house: House, hire: Hire, value: str) -> None:
    open_a_case(session, house)
    assert hire().chooses(value).text


def test_choices_of_other_conversations_are_left_alone(hire: Hire) -> None:
    officer = hire()
    for value in ("report", "case.refresh", "score:5", "mine:3", "opening", ""):
        assert on_officer_choice(officer.turn(choice=value), value) is None


def test_the_card_in_the_chat_that_shows_the_news_is_not_drawn_again(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house)
    officer, colleague = hire("王芳"), hire("李强")
    for one in (officer, colleague):
        one.opens(case)
        remember(session, case, one, house)
    session.flush()
    before = len(redrawn(session))
    officer.presses("受理")
    assert len(redrawn(session)) == before + 1


def remember(session: Session, case: Case, officer: Officer, house: House) -> None:
    remember_card(
        session,
        case.id or 0,
        chat=officer.turn().chat,
        channel="web",
        address=officer.name,
        is_group=False,
        audience="",
        reference="message-1",
        opened=True,
        vault=house.vault,
        now=MONDAY,
    )


def redrawn(session: Session) -> list[Letter]:
    return list(session.exec(select(Letter).where(Letter.notice == "case.card")))


def test_head_and_supervisor_may_act_too(session: Session, house: House, hire: Hire) -> None:
    first, second = open_a_case(session, house, lead="药剂科"), open_a_case(session, house, lead="药剂科")
    hire("赵药", "药剂科", Role.HEAD).opens(first).presses("受理")
    hire("钱书记", "纪检办", Role.SUPERVISOR).opens(second).presses("受理")
    assert {first.status, second.status} == {Status.ACCEPTED}
