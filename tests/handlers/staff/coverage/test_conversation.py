"""覆盖率: heads see their office, who oversees the house all of it, everybody else themselves alone."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from handlers.notices import render
from handlers.staff.coverage.asked import token
from handlers.staff.coverage.words import dots
from handlers.words import words_for
from storage.duties.completing import complete
from storage.errands import MOST_WAITING, Errand, ErrandKind
from storage.letters import Letter
from storage.members import Member, Role
from tests.duties import give_out, make_employee, owed
from tests.factories import MONDAY
from tests.handlers.staff.coverage.ward import Ward, furnish

HEADS = ("药主任", "设主任")
HOUSE_WIDE = ("纪主任", "书记", "管理员")
NAMES = ("赵敏", "钱进", "周全", "吴外")


@pytest.fixture
def ward(session: Session) -> Ward:
    return furnish(session)


def errands(ward: Ward) -> list[tuple[ErrandKind, dict[str, str]]]:
    return [(one.kind, json.loads(one.arguments)) for one in ward.session.exec(select(Errand))]


def test_a_head_sees_their_office_at_once_and_a_picture_follows(ward: Ward) -> None:
    text = ward.caller("药主任").says("/覆盖率").text
    assert "药剂科 · 2025年11月任务覆盖率" in text
    assert "完成 33%（1/3），目标 100%" in text
    assert "还有 2 人没有做完，其中 1 人还没有加入" in text
    assert "专题学习（11月28日到期）\n●○○○ 1/3" in text
    assert "图马上发来" in text
    assert "设备科" not in text
    asked = {"span": "2025-11", "office": "药剂科", "duty": ""}
    assert errands(ward) == [(ErrandKind.COVERAGE_PICTURE, asked)]


def test_what_an_office_owes_as_one_is_told_beside_the_people(ward: Ward) -> None:
    days = timedelta(days=3)
    give_out(ward.session, ward.desk.house, "figures", offices=["药剂科", "设备科"], due_in=days)
    assert "以科室名义交的，还有 1 份没交。\n还有 2 人没有做完" in ward.caller("药主任").says("覆盖率").text
    assert "以科室名义交的，还有 2 份没交。" in ward.caller("纪主任").says("覆盖率").text


@pytest.mark.parametrize("name", HOUSE_WIDE)
def test_who_oversees_the_house_sees_all_offices(ward: Ward, name: str) -> None:
    text = ward.caller(name).says("覆盖率").text
    assert "全院 · 2025年11月任务覆盖率" in text
    assert "完成 25%（1/4）" in text
    assert "· 设备科：0%（0/1）\n· 药剂科：33%（1/3）" in text, "the farthest from the target first"


@pytest.mark.parametrize(
    ("name", "own"), [("赵敏", "您本月有 1 项，已完成 1 项"), ("钱进", "您本月有 1 项，已完成 0 项")]
)
def test_staff_and_officers_see_themselves_alone(ward: Ward, name: str, own: str) -> None:
    caller = ward.caller(name).says("覆盖率")
    assert own in caller.text
    assert "%" not in caller.text
    assert errands(ward) == []
    other = token("设备科")
    for value in (
        "coverage",
        f"coverage:2025-11:{other}:all",
        f"coverage:2025-11:all:all:who:{ward.study.id}",
    ):
        said = caller.chooses(value).text
        assert own in said
        assert not [one for one in NAMES if one in said]


def test_staff_who_tell_something_that_begins_so_are_heard(ward: Ward) -> None:
    """A report must not be taken for a command."""
    assert "任务" not in ward.caller("赵敏").says("覆盖率造假，科主任让别人替他答题还收了钱").text


def test_who_is_no_member_is_told_nothing(ward: Ward) -> None:
    stranger = ward.caller("路人")
    assert "%" not in stranger.says("覆盖率").text
    assert "%" not in stranger.chooses("coverage:2025-11:all:all").text
    assert errands(ward) == []


@pytest.mark.parametrize("what", ["", ":who", ":table", ":pick:0", ":who:{id}", ":nudge:{id}"])
def test_a_forged_button_shows_a_head_nothing_of_another_office(ward: Ward, what: str) -> None:
    """The attack: a head puts the hash of another office into a button."""
    value = f"coverage:2025-11:{token('设备科')}:all{what.format(id=ward.study.id)}"
    caller = ward.caller("药主任").chooses(value)
    assert "吴外" not in caller.text
    assert "设备科" not in caller.text + str(caller.labels)
    assert errands(ward) == []
    assert ward.people["吴外"].remind_at is None


def test_an_office_a_duty_and_a_month_can_be_typed(ward: Ward) -> None:
    nine = give_out(ward.session, ward.desk.house, "nine", people=[ward.people["吴外"]])
    mine = owed(ward.session, nine, ward.people["吴外"])
    mine.passed = True
    complete(ward.session, mine, by=ward.people["吴外"], now=nine.due_at + timedelta(days=1))
    boss = ward.caller("书记")
    assert "设备科 · 2025年11月任务覆盖率" in boss.says("覆盖率 设备科").text
    assert "设备科 · 2025年11月" in boss.says("覆盖率 设备").text
    december = boss.says("覆盖率 九项准则 12月")
    assert "2024年12月" in december.text, "the last December"
    shown = boss.says("覆盖率 九项准则").text
    assert "没有到期" in shown, "it is due in December, not in November"
    assert "●●●● 1/1、及格 1、迟 1" in ward.caller("设主任").says("覆盖率 九项准则 2025年").text


def test_what_a_head_owes_besides_stands_only_below_all_duties(ward: Ward) -> None:
    boss = ward.people["药主任"]
    give_out(ward.session, ward.desk.house, "nine", people=[boss], due_in=timedelta(days=3))
    caller = ward.caller("药主任")
    assert "您自己" in caller.says("覆盖率").text
    assert "您自己" not in caller.says("覆盖率 专题学习").text


def test_one_duty_of_the_whole_house_lists_offices(ward: Ward) -> None:
    caller = ward.caller("书记").says("覆盖率 专题学习")
    assert "全院 · 2025年11月 · 专题学习" in caller.text
    assert "· 药剂科：33%" in caller.text
    assert "全部任务" in caller.labels


def test_what_is_not_found_is_asked_back(ward: Ward) -> None:
    boss = ward.caller("书记")
    assert "没有找到“火箭科”" in boss.says("覆盖率 火箭科").text
    assert "没有看懂时间" in boss.says("覆盖率 13月").text
    assert "还没有到" in boss.says("覆盖率 2026年3月").text


def test_a_year_of_the_whole_house_is_counted_by_errand(ward: Ward) -> None:
    """Millions of rows: nobody waits for them in a message."""
    assert "要数一会儿" in ward.caller("书记").says("覆盖率 今年").text
    assert errands(ward)[0][1]["span"] == "2025"
    assert "完成 33%" in ward.caller("药主任").says("覆盖率 今年").text, "one office is quick"


def test_months_offices_and_the_table_can_be_pressed(ward: Ward) -> None:
    boss = ward.caller("书记").says("覆盖率")
    assert "2025年10月" in boss.presses("上月").text
    boss.says("覆盖率").presses("选科室")
    assert "设备科 · 2025年11月" in boss.presses("设备科").text
    assert "表格马上发来" in boss.presses("下载 Excel").text
    assert errands(ward)[-1] == (
        ErrandKind.COVERAGE_TABLE, {"span": "2025-11", "office": "设备科", "duty": ""},
    )  # fmt: skip
    assert "选科室" not in ward.caller("药主任").says("覆盖率").labels


def test_somebody_who_asks_without_end_waits(ward: Ward) -> None:
    boss = ward.caller("书记")
    for month in ("1月", "2月", "3月", "4月", "5月", "6月"):
        boss.says(f"覆盖率 {month} 全院")
    assert len(errands(ward)) <= MOST_WAITING


def test_pressed_in_a_group_it_is_answered_in_private(ward: Ward) -> None:
    head = ward.caller("药主任").chooses("coverage", in_group=True, chat="群")
    assert [(reply.text, reply.toast) for reply in head.replies] == [("", "已发到您的私聊里。")]
    [letter] = ward.session.exec(select(Letter)).all()
    assert (letter.audience, letter.notice) == (f"member:{head.turn().officer.id}", "coverage.view")
    what: dict[str, Any] = {
        "session": ward.session,
        "desk": ward.desk,
        "words": words_for("zh"),
        "now": MONDAY,
    }
    said = render(letter, **what)
    assert said is not None
    assert "药剂科 · 2025年11月任务覆盖率" in said.text
    letter.is_group = True
    assert render(letter, **what) is None, "never into a group, whatever stands in the row"
    letter.is_group = False
    member = ward.session.get(Member, head.turn().officer.id)
    assert member is not None
    member.role = Role.STAFF
    later = render(letter, **what)
    assert later is not None
    assert "%" not in later.text, "who lost the right meanwhile reads what is theirs"


def test_nothing_due_is_told_in_a_sentence(session: Session) -> None:
    ward = furnish(session)
    assert "没有到期的任务" in ward.caller("书记").says("覆盖率 上月").text
    new, _ = make_employee(session, ward.desk.house, "新来", "药剂科")
    assert new.member_id is not None
    assert "您本月没有要做的任务" in ward.caller("新来").says("覆盖率").text


def test_only_what_is_whole_has_four_full_circles() -> None:
    assert [dots(share) for share in (0, 0.24, 0.925, 0.999, 1)] == [
        "○○○○", "○○○○", "●●●○", "●●●○", "●●●●",
    ]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=st.sampled_from([*HEADS, "赵敏", "路人"]),
    parts=st.lists(
        st.one_of(
            st.text(max_size=8),
            st.sampled_from(
                ["2025-11", "all", "who", "nudge", "table", "1", "1.1", "-1", "999999999", ".0", ""]
            ),
        ),
        max_size=6,
    ),
)
def test_any_button_is_answered_and_names_of_other_offices_stay(
    ward: Ward, who: str, parts: list[str]
) -> None:
    before = ward.session.begin_nested()
    caller = ward.caller(who).chooses(":".join(["coverage", *parts]).encode()[:64].decode(errors="ignore"))
    hidden = [one for one in NAMES if who != "药主任" or one == "吴外"]
    hidden = [one for one in hidden if who != "设主任" or one != "吴外"]
    assert not [one for one in hidden if one in caller.text]
    assert caller.replies
    before.rollback()
