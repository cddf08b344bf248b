"""Forms: every step, cancelling, correcting, and what happens when the case moves meanwhile."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from storage.cases import Case, CaseOffice, LeftOutPerson, Outcome, Part, Status
from storage.entries import Entry, Kind, thread
from storage.events import case_history
from storage.house import House
from storage.intake import add_to_case
from storage.letters import Letter
from storage.members import Role
from storage.messages import StoredFile
from storage.triage import accept_case
from tests.factories import MONDAY, TEXT, make_desk, make_member, open_a_case
from tests.handlers.conftest import Hire, Officer, member_of


def entries(session: Session, house: House, case: Case, kind: Kind) -> list[Entry]:
    return [entry for entry in thread(session, case.id or 0, vault=house.vault) if entry.kind is kind]


def accepted(session: Session, house: House, hire: Hire) -> tuple[Case, Officer]:
    case = open_a_case(session, house)
    return case, hire().opens(case).presses("受理")


def test_transfer_moves_the_case_and_the_right_to_see_it(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer, pharmacist = hire().opens(case), hire("赵药", "药剂科")
    assert TEXT not in pharmacist.opens(case).text
    officer.presses("转办")
    assert "药剂科" in officer.labels
    assert "纪检办" not in officer.labels
    officer.presses("药剂科").says("属于药品问题")
    assert case.lead_office == "药剂科"
    assert "已转药剂科办理" in officer.text
    assert TEXT not in officer.text
    assert TEXT not in officer.opens(case).text
    assert "转办理由（王芳）：\n属于药品问题" in pharmacist.opens(case).text
    assert "受理" in pharmacist.labels


def test_transfer_is_not_offered_to_an_office_left_out(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, left_out_offices=["药剂科"])
    assert "药剂科" not in hire().opens(case).presses("转办").labels


def test_an_office_left_out_meanwhile_gets_nothing(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).presses("转办").presses("药剂科")
    session.add(CaseOffice(case_id=case.id or 0, office="药剂科", part=Part.LEFT_OUT))
    session.flush()
    officer.says("属于药品问题")
    assert case.lead_office == "纪检办"
    assert "属于药品问题" in officer.text
    assert "没有发出" in officer.text


@pytest.mark.parametrize(("name", "sees"), [("王卫东", False), ("赵药", True)])
def test_who_is_named_and_joined_elsewhere_since_never_gets_the_case_by_transfer(
    session: Session, name: str, sees: bool
) -> None:
    desk = make_desk()
    case = open_a_case(session, desk.house, "王卫东收了我两千块", lead="医务科")
    for one, office in (("王芳", "医务科"), ("李静", "药剂科"), (name, "药剂科")):
        make_member(session, desk.house, one, office)
    officer, newcomer = Officer(session, desk, "王芳"), Officer(session, desk, name)
    officer.opens(case).presses("转办").presses("药剂科").says("属于药品问题")
    assert case.lead_office == "药剂科"
    assert ("两千块" in newcomer.opens(case).text) is sees


def test_office_and_colleague_may_be_typed(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    hire("李强")
    officer = hire().opens(case).presses("指派").says("张三")
    assert "请点下面的一个按钮" in officer.text
    officer.says("李强")
    assert "已指派给李强" in officer.text


def test_refusal_shows_the_reporters_words_before_it_is_sent(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).presses("不予受理").says("此事不属于本院管辖。")
    assert "反映人将会读到" in officer.text
    assert "此事不属于本院管辖。" in officer.text
    assert officer.labels == ["确认发送", "修改", "取消"]
    assert case.status is Status.RECEIVED
    officer.presses("修改").says("此事归卫健委管。").presses("确认发送")
    assert case.outcome is Outcome.NOT_ACCEPTED
    assert entries(session, house, case, Kind.STEP)[-1].text == "此事归卫健委管。"
    assert "已办结（不予受理）" in officer.text


def test_question_reaches_the_reporter_and_not_the_trail(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).presses("问反映人").says("请问是哪一天？")
    assert entries(session, house, case, Kind.QUESTION)[-1].text == "请问是哪一天？"
    assert "问题已经发出" in officer.text
    assert all("哪一天" not in event.detail for event in case_history(session, case.id or 0))
    news = session.exec(select(Letter).where(Letter.notice == "reporter.news")).all()
    assert [letter.audience for letter in news] == ["reporter"]


def test_note_by_a_supporting_office_stays_inside(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, supporting=["药剂科"])
    officer = hire("赵药", "药剂科").opens(case).presses("内部备注").says("药品台账已调取")
    assert entries(session, house, case, Kind.NOTE)[-1].text == "药品台账已调取"
    assert "备注已经记下" in officer.text
    assert "内部备注（赵药）：\n药品台账已调取" in hire().opens(case).text


def close(officer: Officer, outcome: str, *said: str) -> Officer:
    officer.presses("办结").presses(outcome)
    for words in said:
        officer.says(words)
    return officer


def test_closing_asks_previews_and_tells(session: Session, house: House, hire: Hire) -> None:
    case, officer = accepted(session, house, hire)
    close(officer, "查实", "给予警告处分", "已查实并处理，钱已退还。")
    for words in ("结果：查实", "处理情况（内部）：给予警告处分", "已查实并处理，钱已退还。"):
        assert words in officer.text
    assert case.status is Status.ACCEPTED
    officer.presses("确认发送")
    assert (case.status, case.outcome) == (Status.CLOSED, Outcome.SUBSTANTIATED)
    assert entries(session, house, case, Kind.NOTE)[-1].text == "给予警告处分"
    assert entries(session, house, case, Kind.STEP)[-1].text == "已查实并处理，钱已退还。"
    assert officer.dialogue.flow == ""


@pytest.mark.parametrize("skip", [lambda one: one.presses("跳过"), lambda one: one.says("跳过")])
def test_disposition_may_be_skipped(
    session: Session, house: House, hire: Hire, skip: Callable[[Officer], Officer]
) -> None:
    case, officer = accepted(session, house, hire)
    skip(close(officer, "线索不足")).says("线索不够，没能查清。").says("确认")
    assert case.outcome is Outcome.INSUFFICIENT_EVIDENCE
    assert entries(session, house, case, Kind.NOTE) == []


def test_referral_says_to_whom_and_the_trail_does_not(session: Session, house: House, hire: Hire) -> None:
    case, officer = accepted(session, house, hire)
    close(officer, "移送", "区纪委监委", "跳过", "已移送有关部门。").presses("确认发送")
    assert entries(session, house, case, Kind.STEP)[-1].facts["referred_to"] == "区纪委监委"
    assert "移送至区纪委监委" in officer.text
    assert all("区纪委" not in event.detail for event in case_history(session, case.id or 0))


def test_duplicate_must_be_another_case_the_officer_knows(session: Session, house: House, hire: Hire) -> None:
    other, hidden = open_a_case(session, house), open_a_case(session, house, lead="药剂科")
    case, officer = accepted(session, house, hire)
    hire("赵药", "药剂科")
    close(officer, "重复件", hidden.number)
    assert "没有查到这一件" in officer.text
    assert "没有查到这一件" in officer.says("不记得").text
    assert "这就是本件" in officer.says(case.number).text
    officer.says(f"{other.id}号").says("跳过").says("与另一件合并办理。")
    assert f"重复件：{other.number}" in officer.text
    officer.presses("确认发送")
    assert case.outcome is Outcome.DUPLICATE
    assert f"与 {other.number} 重复" in officer.presses("经过").text
    assert other.number not in entries(session, house, case, Kind.STEP)[-1].text


def test_reopening_needs_a_reason(session: Session, house: House, hire: Hire) -> None:
    case, officer = accepted(session, house, hire)
    close(officer, "查否", "跳过", "没有发现。").presses("确认发送").presses("重新打开")
    assert "请打字填写" in officer.says("……").text
    officer.says("反映人补充了新线索")
    assert case.status is Status.INVESTIGATING
    assert "重新打开的理由（王芳）：\n反映人补充了新线索" in officer.text
    assert case.due_at is not None


def test_assigning_tells_the_colleague(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    colleague = hire("李强")
    officer = hire().opens(case).presses("指派")
    assert officer.labels == ["李强", "王芳", "取消"]
    officer.presses("李强")
    assert case.assignee_id == member_of(colleague).id
    assert "经办：李强" in officer.text
    letters = session.exec(select(Letter).where(Letter.notice == "case.assigned")).all()
    assert [letter.audience for letter in letters] == [f"member:{case.assignee_id}"]


def test_sealed_case_goes_only_to_another_supervisor(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, sealed=True)
    hire("李强")
    hire("孙书记", "医务科", Role.SUPERVISOR)
    officer = hire("钱书记", "纪检办", Role.SUPERVISOR).opens(case).presses("受理").presses("指派")
    assert officer.labels == ["孙书记", "取消"]


def test_nobody_to_assign_to_is_said(session: Session, house: House, hire: Hire) -> None:
    _, officer = accepted(session, house, hire)
    officer.presses("指派")
    assert "没有别的同事" in officer.text
    assert officer.dialogue.flow == ""


def test_cover_of_an_office_without_members_may_assign_among_themselves(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house, lead="设备科")
    hire("李强")
    officer = hire().opens(case).presses("指派").presses("李强")
    assert "已指派给李强" in officer.text
    assert case.lead_office == "设备科"


STEPS: list[Callable[[Officer], Officer]] = [
    lambda one: one.presses("办结"),
    lambda one: one.presses("移送"),
    lambda one: one.says("区纪委监委"),
    lambda one: one.says("已约谈"),
    lambda one: one.says("已移送。"),
]


@pytest.mark.parametrize("steps", range(1, len(STEPS) + 1))
@pytest.mark.parametrize("way", ["取消", "返回", "button"])
def test_every_step_can_be_cancelled(
    session: Session, house: House, hire: Hire, steps: int, way: str
) -> None:
    case, officer = accepted(session, house, hire)
    for step in STEPS[:steps]:
        step(officer)
    version = case.version
    if way == "button":
        officer.presses("取消")
    else:
        officer.says(way)
    assert "已取消“办结”" in officer.text
    assert case.number in officer.text
    assert officer.dialogue.flow == ""
    assert (case.status, case.version) == (Status.ACCEPTED, version)


def test_too_long_and_empty_words_are_asked_for_again(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).presses("问反映人")
    assert "最多 1000 字，现在 1001 字" in officer.says("问" * 1001).text
    assert "请打字填写" in officer.says("  ？ ").text
    file = StoredFile("u1", "a.jpg", "image/jpeg", 1)
    assert "文件不能附上" in officer.says("", files=[file]).text
    officer.says("是哪一天？")
    assert [one.text for one in entries(session, house, case, Kind.QUESTION)] == ["是哪一天？"]


def test_case_moved_by_a_colleague_meanwhile_gives_the_words_back(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house)
    slow, quick = hire("王芳").opens(case).presses("不予受理").says("不属于本院。"), hire("李强")
    quick.opens(case).presses("受理")
    slow.presses("确认发送")
    assert "李强已于 09:30 受理" in slow.text
    assert "不属于本院。" in slow.text
    assert slow.replies[0].edits is None
    assert case.status is Status.ACCEPTED
    assert slow.dialogue.flow == ""


def test_notes_and_questions_survive_a_colleagues_step(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    writer = hire("王芳").opens(case).presses("问反映人")
    accept_case(session, case, member_of(hire("李强")), house=house, now=MONDAY)
    writer.says("请问是哪一天？")
    assert len(entries(session, house, case, Kind.QUESTION)) == 1


def test_access_lost_while_writing_sends_nothing(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).presses("问反映人")
    case.lead_office = "药剂科"
    session.add(case)
    session.flush()
    hire("赵药", "药剂科")
    officer.says("请问是哪一天？")
    assert "没有查到这一件" in officer.text
    assert entries(session, house, case, Kind.QUESTION) == []
    assert officer.dialogue.flow == ""


def test_send_pressed_twice_sends_once(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).presses("不予受理").says("不属于本院。")
    send = officer.value("确认发送")
    officer.chooses(send)
    officer.chooses(send)
    assert "没有重复办理" in officer.text
    assert len(entries(session, house, case, Kind.STEP)) == 1


def test_preview_of_before_the_change_cannot_be_sent(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).presses("不予受理").says("第一稿")
    old = officer.value("确认发送")
    officer.presses("修改").says("第二稿").chooses(old)
    assert "旧的" in officer.text
    assert "第二稿" in officer.text
    assert case.status is Status.RECEIVED


def test_pressing_the_forms_button_again_asks_again(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case)
    button = officer.value("转办")
    officer.chooses(button).presses("药剂科").chooses(button)
    assert "转给药剂科" in officer.text


@pytest.mark.parametrize("value", ["list:mine:0", "desk", "duty:off"])
def test_another_button_leaves_the_form_politely(
    session: Session, house: House, hire: Hire, value: str
) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).presses("问反映人").chooses(value)
    assert officer.replies[0].text == "已退出“问反映人”，填写的内容没有发出。"
    assert len(officer.replies) == 2
    assert officer.dialogue.flow == ""


def test_typed_menu_leaves_the_form_and_is_not_sent(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    for words in ("菜单", "/mine"):
        officer = hire().opens(case).presses("问反映人").says(words)
        assert "已退出“问反映人”" in officer.text
    assert entries(session, house, case, Kind.QUESTION) == []


def test_reading_the_same_case_keeps_the_form_open(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    add_to_case(session, case, "他还收了购物卡", house=house, now=MONDAY)
    officer = hire().opens(case).presses("问反映人").chooses(f"thread:{case.id}")
    assert "他还收了购物卡" in officer.text
    assert "请写下问题" in officer.text
    officer.says("购物卡是哪天给的？")
    assert len(entries(session, house, case, Kind.QUESTION)) == 1


def test_opening_another_case_leaves_the_form(session: Session, house: House, hire: Hire) -> None:
    case, other = open_a_case(session, house), open_a_case(session, house)
    officer = hire().opens(case).presses("问反映人").opens(other)
    assert "已退出“问反映人”" in officer.text
    assert officer.dialogue.flow == ""


def test_braces_in_typed_words_are_only_words(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, "医生收红包 {number} {0}")
    officer = hire().opens(case).presses("不予受理").says("{told} {} {reason!r}")
    assert "{told} {} {reason!r}" in officer.text
    officer.presses("确认发送")
    assert entries(session, house, case, Kind.STEP)[-1].text == "{told} {} {reason!r}"


def test_a_colleague_left_out_while_the_form_was_open_gets_nothing(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house)
    head, bert = hire("冯刚", role=Role.HEAD), hire("李强")
    head.opens(case).presses("指派")
    button = head.value("李强")
    session.add(LeftOutPerson(case_id=case.id or 0, member_id=member_of(bert).id or 0))
    session.flush()
    head.chooses(button)
    assert case.assignee_id is None
