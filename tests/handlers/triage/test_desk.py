"""The desk: menu, lists, numbers, duty, and what a group or a stranger may press."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from handlers.triage import on_officer_choice, on_officer_text
from nlp.taxonomy import Category
from storage.events import case_history
from storage.house import House
from storage.letters import Letter
from storage.members import Role
from storage.messages import StoredFile
from tests.factories import MONDAY, TEXT, make_turn, open_a_case
from tests.handlers.conftest import Hire, Officer, member_of

DAY = timedelta(days=1)


def test_menu_offers_lists_and_duty(hire: Hire) -> None:
    officer = hire().says("菜单")
    assert officer.labels == ["我的", "本科室", "协办", "今日到期", "超期", "下班休息", "交接"]
    assert "纪检办办件台" in officer.text
    assert "在值班" in officer.text
    assert "密件" in hire("钱书记", "纪检办", Role.SUPERVISOR).says("菜单").text


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("我的", "我的"), ("/mine", "我的"), ("/mine@lianxin_bot", "我的"), ("MINE", "我的"),
        ("本科室", "纪检办在办"), ("协办", "纪检办协办"), ("今日到期", "今日到期"),
        ("超期", "超期"), ("/overdue", "超期"),
    ],
)  # fmt: skip
def test_lists_by_word(hire: Hire, words: str, title: str) -> None:
    assert hire().says(words).text == f"{title}：现在没有。"


def test_the_list_of_a_supervisor_elsewhere_names_both_offices(hire: Hire) -> None:
    outside = hire("钱书记", "审计科", Role.SUPERVISOR)
    assert outside.says("本科室").text.startswith("审计科和纪检办在办")


@pytest.mark.parametrize("words", ["帮助", "/help"])
def test_help_tells_what_can_be_typed(hire: Hire, words: str) -> None:
    assert "2026-00042" in hire().says(words).text


@pytest.mark.parametrize("words", ["返回", "取消"])
def test_back_without_anything_open_is_the_menu(hire: Hire, words: str) -> None:
    assert "办件台" in hire().says(words).text


@pytest.mark.parametrize("words", ["2025-00001", "２０２５－００００１", "1号", "#1", "＃1", " 2025-00001 "])
def test_case_by_its_number(session: Session, house: House, hire: Hire, words: str) -> None:
    open_a_case(session, house)
    assert TEXT in hire().says(words).text


@pytest.mark.parametrize("words", ["2024-00001", "2号", "#999"])
def test_wrong_number_gets_one_sentence(session: Session, house: House, hire: Hire, words: str) -> None:
    open_a_case(session, house)
    assert hire().says(words).text == "没有查到这一件，或者它不归您办理。"


@pytest.mark.parametrize(
    "words", ["你好", "医生收了我两千块", "1", "2025", "我的药", "", "/join ABC", "42号床的病人"]
)
def test_other_words_are_left_alone(hire: Hire, words: str) -> None:
    assert on_officer_text(hire().turn(text=words)) is None


def test_short_numbers_belong_to_another_conversation_that_is_open(
    session: Session, house: House, hire: Hire
) -> None:
    open_a_case(session, house)
    officer = hire()
    officer.dialogue.flow = "report"
    assert on_officer_text(officer.turn(text="1号")) is None
    assert TEXT in officer.says("2025-00001").text


def test_files_and_groups_and_strangers_are_left_alone(hire: Hire, session: Session) -> None:
    officer = hire()
    file = StoredFile("u1", "a.jpg", "image/jpeg", 1)
    assert on_officer_text(officer.turn(text="我的", files=[file])) is None
    assert on_officer_text(officer.turn(text="我的", in_group=True)) is None
    assert on_officer_text(make_turn(session, officer.desk, "stranger", text="我的")) is None


def test_list_shows_category_due_and_urgency_in_order(session: Session, house: House, hire: Hire) -> None:
    open_a_case(session, house, urgent=True, categories=[Category.KICKBACK])
    open_a_case(session, house, now=MONDAY - 3 * DAY)
    officer = hire().says("本科室")
    assert officer.labels == ["2025-00002 · 红包礼金 · 今天到期", "2025-00001 · 回扣 · 还剩1天 · 急", "菜单"]
    officer.now = MONDAY + 4 * DAY
    assert officer.says("超期").labels[0] == "2025-00002 · 红包礼金 · 超期4天"


def test_lists_turn_pages(session: Session, house: House, hire: Hire) -> None:
    for _ in range(17):
        open_a_case(session, house)
    officer = hire().says("本科室")
    assert len(officer.labels) == 8 + 2
    officer.presses("下一页")
    assert officer.replies[0].edits == "message-1"
    assert "第 2 页" in officer.text
    officer.presses("下一页")
    assert officer.labels[1:] == ["上一页", "菜单"]
    assert "第 1 页" in officer.chooses("list:office:7").text


def test_lists_hide_what_the_officer_may_not_see(session: Session, house: House, hire: Hire) -> None:
    officer = hire()
    open_a_case(session, house, sealed=True)
    open_a_case(session, house, left_out_people=[member_of(officer).id])
    assert "现在没有" in officer.says("本科室").text


def test_my_list_holds_what_i_took(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).presses("受理").says("我的")
    assert officer.labels[0].startswith(case.number)
    assert "现在没有" in hire("李强").says("我的").text


def test_supporting_list(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, supporting=["药剂科"])
    assert hire("赵药", "药剂科").says("协办").labels[0].startswith(case.number)


def test_duty_is_switched_once(hire: Hire) -> None:
    officer = hire()
    officer.now = MONDAY + DAY
    officer.says("菜单").presses("下班休息")
    member = member_of(officer)
    assert not member.on_duty
    assert member.changed_at == MONDAY + DAY
    officer.now = MONDAY + 2 * DAY
    officer.chooses("duty:off")
    assert member.changed_at == MONDAY + DAY
    assert "您现在在休息" in officer.says("菜单").text
    officer.says("值班")
    assert member.on_duty


def test_rest_of_the_last_one_on_duty_is_told(hire: Hire) -> None:
    first, second = hire("王芳"), hire("李强")
    assert "通知纪检办值班的同事" in first.says("休息").text
    assert "没有人值班" in second.says("休息").text


def in_group(officer: Officer, value: str) -> Officer:
    return officer.chooses(value, in_group=True, chat="office-group")


def test_open_pressed_in_a_group_goes_to_the_private_chat(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = in_group(hire(), f"open:{case.id}")
    assert [(reply.text, reply.choices) for reply in officer.replies] == [("", ())]
    assert "私聊" in (officer.replies[0].toast or "")
    letters = session.exec(select(Letter).where(Letter.notice == "case.view")).all()
    assert [(one.audience, one.case_id) for one in letters] == [(f"member:{member_of(officer).id}", case.id)]
    assert case_history(session, case.id or 0)[-1].action == "read"


def test_nothing_else_works_in_a_group(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire()
    for value in (f"do:accept:{case.id}:0", "desk", "list:office:0", f"text:{case.id}:1", f"files:{case.id}"):
        in_group(officer, value)
        assert [(one.text, one.files, one.toast) for one in officer.replies] == [
            ("", (), "请在与我的私聊中办理。")
        ]
    assert case.version == 0


def test_case_of_another_office_pressed_in_a_group_is_not_there(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house)
    officer = hire("赵药", "药剂科")
    for value in (f"open:{case.id}", "open:999"):
        assert in_group(officer, value).replies[0].toast == "没有查到这一件，或者它不归您办理。"
    assert session.exec(select(Letter).where(Letter.notice == "case.view")).all() == []


@pytest.mark.parametrize("group", [True, False])
def test_a_stranger_who_presses_learns_nothing(
    session: Session, house: House, hire: Hire, group: bool
) -> None:
    case = open_a_case(session, house)
    turn = make_turn(session, hire().desk, "stranger", choice=f"open:{case.id}", in_group=group)
    (reply,) = on_officer_choice(turn, f"open:{case.id}") or []
    assert reply.toast
    assert "工作人员" in reply.toast
    assert reply.text == ("" if group else reply.toast)
    assert reply.choices == ()
