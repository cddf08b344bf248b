"""Figures in chat: who asks how, what is shown at once, what is not, and what is left to be drawn."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from handlers.followup.satisfaction_asked import Asked, asked_in, nearest
from handlers.words import words_for
from storage.errands import Errand, ErrandKind
from storage.events import Event
from storage.followup.months import is_month
from storage.members import Role
from tests.handlers.conftest import Hire, Officer
from tests.surveys import add_surveys, add_tally

NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
WORDS = words_for("zh")


@pytest.fixture
def head(session: Session, hire: Hire) -> Officer:
    """The head of an office, after a good October and a worse November at 骨科."""
    for month, good in (("2026-10", 45), ("2026-11", 30)):
        add_surveys(session, month, "骨科", "一病区", scores=[5] * good + [2] * (50 - good), silent=10)
        add_surveys(session, month, "骨科", "二病区", scores=[4] * 20)
        add_surveys(session, month, "内科", scores=[4] * 40 + [1] * 2)
        add_surveys(session, month, "眼科", scores=[1] * 3)
    add_tally(session, "2026-11", "骨科", "praise", "讲解清楚", 8)
    add_tally(session, "2026-11", "骨科", "money", "no", 30)
    add_tally(session, "2026-11", "骨科", "money", "yes", 4)
    head = hire("何主任", "投诉办", Role.HEAD)
    head.now = NOW
    return head


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("满意度 骨科 本月", Asked("骨科", "2026-11")),
        ("/满意度 骨科 本月", Asked("骨科", "2026-11")),
        ("满意度骨科上个月", Asked("骨科", "2026-10")),
        ("满意度 骨科", Asked("骨科", None)),
        ("满意度，全院，上月", Asked("", "2026-10")),
        ("满意度 骨科 2026-10", Asked("骨科", "2026-10")),
        ("满意度 2026年9月 ", Asked("", "2026-09")),
        ("满意率 骨科 12月", Asked("骨科", "2025-12")),
        ("满意度 骨科 13月", Asked("骨科", "")),
        ("滿意度 骨科 １０月份", Asked("骨科", "2026-10")),
        ("满意度", Asked("", None)),
    ],
)
def test_what_is_asked_for(text: str, asked: Asked) -> None:
    assert asked_in(text, WORDS, this_month="2026-11") == asked


@pytest.mark.parametrize("text", ["骨科满意度", "不满意", "你好", "满意度" + "很" * 60])
def test_other_words_ask_for_nothing(text: str) -> None:
    assert asked_in(text, WORDS, this_month="2026-11") is None


@given(st.text(max_size=50), st.sampled_from(["满意度", "/满意度 ", "满意率骨科", ""]))
def test_any_text_is_read_and_a_month_is_one_or_none(text: str, before: str) -> None:
    asked = asked_in(before + text, WORDS, this_month="2026-11")
    assert asked is None or asked.month in (None, "") or is_month(str(asked.month))


def test_a_mistyped_department_is_near_the_right_one() -> None:
    assert nearest("骨课", ["骨科", "内科", "口腔科"])[0] == "骨科"
    assert nearest("心内", ["心内科", "心外科", "骨科"])[0] == "心内科"
    assert nearest("xyz", ["骨科"]) == []


def test_the_answer_has_the_figures_at_once_and_leaves_a_picture(session: Session, head: Officer) -> None:
    head.says("/满意度 骨科 本月")
    for words in (
        "骨科 · 2026年11月住院满意度", "满意率 71%（可信范围 60%–81%）", "比上个月低 21 个百分点，变化明显",
        "发出 80 份，送到 80 份，回答 70 份", "夸得最多：讲解清楚 8", "· 二病区：100%（84%–100%），20 份",
        "图马上发来",
    ):  # fmt: skip
        assert words in head.text, words
    assert "要过钱物" not in head.text  # the month is not over
    errand = session.exec(select(Errand)).one()
    assert (errand.kind, errand.arguments) == (
        ErrandKind.PICTURE, '{"department": "骨科", "month": "2026-11"}',
    )  # fmt: skip


def test_below_ten_answers_nothing_is_told_nor_drawn(session: Session, head: Officer) -> None:
    head.says("满意度 眼科 本月")
    assert "先不显示" in head.text
    assert "%" not in head.text
    assert session.exec(select(Errand)).all() == []


def test_what_is_hidden_beside_it_is_not_told_either(head: Officer) -> None:
    """眼科 hides the smallest of the others, or it would follow from the house."""
    head.says("满意度 内科 本月")
    assert "%" not in head.text
    head.says("满意度 全院 本月")
    assert "· 内科：不显示" in head.text
    assert "· 骨科：71%" in head.text


def test_the_head_of_a_department_need_not_name_it(session: Session, hire: Hire, head: Officer) -> None:
    own = hire("骨主任", "骨科", Role.HEAD)
    own.now = NOW
    assert "骨科 · 2026年11月" in own.says("满意度").text
    assert "全院 · 2026年11月" in own.says("满意度 全院").text
    assert "全院 · 2026年11月" in head.says("满意度").text


def test_buttons_go_to_last_month_to_departments_and_to_a_table(session: Session, head: Officer) -> None:
    head.says("满意度 骨科 本月").presses("上月")
    assert "骨科 · 2026年10月" in head.text
    assert head.replies[0].edits == "message-1"
    head.presses("选科室").presses("内科")
    assert "内科 · 2026年10月" in head.text
    head.presses("表格")
    assert "表格马上发来" in head.text
    assert head.labels == ["选科室", "菜单"]
    kinds = [one.kind for one in session.exec(select(Errand))]
    assert kinds == [ErrandKind.PICTURE, ErrandKind.PICTURE, ErrandKind.TABLE]


def test_an_unknown_department_offers_the_nearest(head: Officer) -> None:
    head.says("满意度 骨课 上月")
    assert "没有找到“骨课”" in head.text
    assert "骨科 · 2026年10月" in head.presses("骨科").text


@pytest.mark.parametrize(
    ("text", "words"), [("满意度 骨科 13月", "没有看懂月份"), ("满意度 2027-01", "还没有到")]
)
def test_a_month_that_is_none(head: Officer, text: str, words: str) -> None:
    assert words in head.says(text).text


@pytest.mark.parametrize(
    "value",
    [
        "satisfaction:9999-99:all", "satisfaction:2027-01:all", "satisfaction:2026-11:zzzz",
        "satisfaction::::::", "satisfaction:2026-11::pick:-1", "satisfaction:2026-11::pick:999",
        "satisfaction:2026-11:' OR 1=1",
    ],
)  # fmt: skip
def test_forged_buttons_lead_nowhere(head: Officer, value: str) -> None:
    assert head.chooses(value).replies


def test_who_sees_no_figures_gets_none(session: Session, head: Officer, hire: Hire) -> None:
    officer = hire("小李", "投诉办", Role.OFFICER)
    officer.now = NOW
    assert "%" not in officer.says("满意度 骨科 本月").text
    assert "满意度" not in officer.says("菜单").labels
    officer.chooses("satisfaction:2026-11:all")
    assert "%" not in officer.text
    officer.chooses("satisfaction:2026-11:all:table")
    assert session.exec(select(Errand)).all() == []
    assert [event.action for event in session.exec(select(Event))].count("refused") == 2


def test_the_bare_word_of_an_officer_is_a_patients_grade(head: Officer, hire: Hire) -> None:
    from handlers.triage import on_officer_text

    officer = hire("小李", "投诉办", Role.OFFICER)
    assert on_officer_text(officer.turn(text="满意度")) is None


def test_the_administrator_sees_figures(head: Officer, hire: Hire) -> None:
    admin = hire("管理员", "信息科", Role.ADMINISTRATOR)
    admin.now = NOW
    assert "满意度" in admin.says("菜单").labels
    assert "全院 · 2026年11月" in admin.presses("满意度").text


def test_too_many_wishes_at_a_time_wait(session: Session, head: Officer) -> None:
    for month in ("2026-07", "2026-08", "2026-09", "2026-10", "2026-11"):
        head.chooses(f"satisfaction:{month}:all:table")
    assert "前面要的还没有做好" in head.text
