"""What the five roles find at their desks: hand-over, counts, members and duty; staff find none."""

import pytest
from sqlmodel import Session

from handlers.converse import converse
from handlers.handover_notices import handover_notice
from handlers.triage.sight import Sight
from handlers.turn import Desk
from handlers.words import words_for
from storage.cases import Case, Outcome
from storage.house import House
from storage.letters import Letter, State
from storage.members import Role, forget_member
from storage.triage import accept_case, close_case
from tests.factories import MONDAY, make_turn, open_a_case
from tests.handlers.conftest import Hire, Officer, member_of

NOT_YOURS = "这一项不在您的权限内。"


def taken(session: Session, house: House, officer: Officer, **changes: object) -> Case:
    case = open_a_case(session, house, **changes)  # type: ignore[arg-type]
    accept_case(session, case, member_of(officer), house=house, now=MONDAY)
    return case


def test_an_officer_hands_over_to_a_colleague(session: Session, house: House, hire: Hire) -> None:
    anna, bert = hire("王芳"), hire("李强")
    case = taken(session, house, anna)
    anna.says("交接")
    assert anna.labels == ["李强", "还给科室", "菜单"]
    anna.presses("李强")
    assert "1 件在办，将交给李强" in anna.text
    anna.presses("确认交接")
    assert "已交接 1 件给李强" in anna.text
    assert case.assignee_id == member_of(bert).id
    assert "没有可以交接" in anna.chooses("handover").text


def test_an_officer_cannot_hand_over_for_others(session: Session, house: House, hire: Hire) -> None:
    anna, bert = hire("王芳"), hire("李强")
    case = taken(session, house, anna)
    giver, taker = member_of(anna).id, member_of(bert).id
    assert "没有可以交接" in bert.chooses(f"handover:{giver}:{taker}:sure").text
    assert case.assignee_id == giver


def test_a_head_hands_over_for_the_own_office_only_what_may_be_known(
    session: Session, house: House, hire: Hire
) -> None:
    anna, head, other = hire("王芳"), hire("冯刚", role=Role.HEAD), hire("赵药", "药剂科")
    case = taken(session, house, anna)
    against = taken(session, house, anna, left_out_people=[member_of(head).id])
    theirs = taken(session, house, other, lead="药剂科")
    head.says("交接")
    assert head.labels == ["冯刚", "王芳", "菜单"]
    head.presses("王芳")
    assert "1 件在办" in head.text
    head.presses("还给科室").presses("确认交接")
    assert "已还给科室 1 件" in head.text
    assert case.assignee_id is None
    assert against.assignee_id == member_of(anna).id
    assert "没有可以交接" in head.chooses(f"handover:{member_of(other).id}:office:sure").text
    assert theirs.assignee_id == member_of(other).id


def test_the_digest_tells_each_reader_only_what_they_may_know(
    session: Session, house: House, desk: Desk, hire: Hire
) -> None:
    anna, head = hire("王芳"), hire("冯刚", role=Role.HEAD)
    plain = open_a_case(session, house)
    against = open_a_case(session, house, left_out_people=[member_of(head).id])
    arguments = {"cases": [plain.id, against.id], "of": member_of(anna).id}

    def reads(audience: str) -> str:
        letter = Letter(
            uid="u", state=State.CLAIMED, notice="handover.returned", audience=audience, created_at=MONDAY,
            due_at=MONDAY,
        )  # fmt: skip
        told = handover_notice(
            letter, arguments, session=session, desk=desk, words=words_for("zh"), now=MONDAY
        )
        return told.text if told else ""

    mine, heads, group = (
        reads(one) for one in (f"member:{member_of(anna).id}", f"member:{member_of(head).id}", "group:纪检办")
    )
    assert plain.number in mine
    assert against.number in mine
    assert "1 件" in heads
    assert against.number not in heads
    assert against.number not in group
    assert "王芳" not in group


def test_counts_are_for_heads_supervisors_and_the_administrator(
    session: Session, house: House, hire: Hire
) -> None:
    officer, head = hire("李强"), hire("冯刚", role=Role.HEAD)
    for _ in range(7):
        open_a_case(session, house)
    open_a_case(session, house, lead="药剂科")
    hire("赵药", "药剂科")
    assert officer.says("统计").text == NOT_YOURS
    assert officer.chooses("figures").text == NOT_YOURS
    said = head.says("统计").text
    assert "2025年收到：7 件" in said
    assert "红包" in said
    assert "药剂科" not in said


def test_the_administrator_runs_the_house_and_reads_no_case(
    session: Session, house: House, hire: Hire
) -> None:
    it, anna = hire("吴工", "设备科", Role.ADMINISTRATOR), hire("王芳")
    case = open_a_case(session, house, lead="设备科")
    open_a_case(session, house)
    assert it.says("菜单").labels == ["人员与值班", "统计", "满意度"]
    figures = it.presses("统计").text
    assert "设备科：在办 少于5" in figures
    assert "2025年收到" not in figures
    assert case.number not in figures
    people = it.chooses("people:0")
    assert "王芳" in people.text
    assert "没有办理人员的科室：药剂科" in people.text
    assert "设备科" in people.text.rpartition("没有办理人员的科室")[2]
    it.presses("王芳：下班休息")
    assert not member_of(anna).on_duty
    for value in ("list:office:0", "handover", "duty:on"):
        assert it.chooses(value).text == NOT_YOURS
    assert anna.chooses("people:0").text == NOT_YOURS
    assert anna.chooses(f"shift:{member_of(it).id}:off").text == NOT_YOURS


def test_staff_write_as_any_reporter_does(session: Session, desk: Desk, hire: Hire) -> None:
    staff = hire("周洁", "药剂科", Role.STAFF)
    case = open_a_case(session, desk.house, lead="药剂科")
    assert "工作人员" in staff.chooses(f"open:{case.id}").text
    told = converse(make_turn(session, desk, "周洁", text="骨科王医生收了我两千块红包"))
    assert "编号" in told[0].text or any(char.isdigit() for char in told[0].text)
    opened = session.get(Case, (case.id or 0) + 1)
    assert opened is not None


def test_a_member_who_left_and_was_forgotten_has_no_name_in_the_history(
    session: Session, house: House, desk: Desk, hire: Hire
) -> None:
    anna, bert = hire("王芳"), hire("李强")
    case = taken(session, house, anna)
    leaver = member_of(anna)
    leaver.active = False
    forget_member(session, leaver)
    said = bert.chooses(f"history:{case.id}").text
    assert "已离职成员" in said
    assert "王芳" not in said
    assert Sight(session, house, words_for("zh"), MONDAY).name(leaver.id) == "已离职成员"


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_welcomed_in_words(role: Role) -> None:
    assert words_for("zh").has(f"joining.role_{role}")


def test_the_number_of_another_case_is_for_who_may_know_of_that_one(
    session: Session, house: House, hire: Hire
) -> None:
    anna, bert = hire("王芳"), hire("李强")
    other = open_a_case(session, house, left_out_people=[member_of(bert).id])
    case = taken(session, house, anna)
    close_case(
        session, case, member_of(anna), Outcome.DUPLICATE, "", "另有一件在办", duplicate_of=other.number,
        house=house, now=MONDAY,
    )  # fmt: skip
    for value in (f"open:{case.id}", f"thread:{case.id}", f"history:{case.id}"):
        assert other.number not in bert.chooses(value).text, value
    assert other.number in anna.chooses(f"history:{case.id}").text
