"""谁没完成: names for who oversees their office alone, in private, with a line in the trail; one reminder."""

import pytest
from sqlmodel import Session, select

from handlers.staff.coverage.asked import token
from storage.duties.assignments import Excuse
from storage.duties.completing import excuse
from storage.duties.occurrences import OccurrenceStage
from storage.events import Event
from tests.duties import give_out, make_employee, owed
from tests.factories import MONDAY
from tests.handlers.staff.coverage.ward import Ward, furnish


@pytest.fixture
def ward(session: Session) -> Ward:
    return furnish(session)


def trail(ward: Ward) -> list[tuple[str, str]]:
    return [(one.actor, one.action) for one in ward.session.exec(select(Event))]


def test_a_head_reads_who_is_missing_and_why_and_the_trail_tells(ward: Ward) -> None:
    head = ward.caller("药主任").says("覆盖率").presses("谁没完成")
    assert "专题学习（11月28日到期），还没完成的有 2 个：" in head.text
    assert "其中 1 人还没有加入" in head.text
    assert "药剂科 2 人：钱进、周全（还没加入）" in head.text
    assert "赵敏" not in head.text
    assert trail(ward)[-1] == (f"member:{head.turn().officer.id}", "missing_read")


def test_who_is_on_leave_is_named_apart(ward: Ward) -> None:
    excuse(ward.session, owed(ward.session, ward.study, ward.people["钱进"]), Excuse.LEAVE, now=MONDAY)
    text = ward.caller("药主任").says("覆盖率").presses("谁没完成").text
    assert "药剂科 1 人：周全（还没加入）" in text
    assert "请假，不用做：钱进" in text


def test_with_several_duties_one_is_chosen_first(ward: Ward) -> None:
    give_out(ward.session, ward.desk.house, people=[ward.people["钱进"]], due_in=MONDAY - MONDAY)
    head = ward.caller("药主任").says("覆盖率").presses("谁没完成")
    assert head.labels[:2] == ["11月24日 专题学习 · 缺 1", "11月28日 专题学习 · 缺 2"]
    assert "missing_read" not in dict(trail(ward)).values(), "no name was shown yet"
    assert "周全" in head.presses("11月28日").text
    assert "完成 25%" in head.presses("返回").text


def test_a_supervisor_reads_them_office_by_office(ward: Ward) -> None:
    text = ward.caller("书记").chooses(f"coverage:2025-11:all:all:who:{ward.study.id}").text
    assert "药剂科 2 人：" in text
    assert "设备科 1 人：吴外" in text


def test_many_names_come_page_by_page(ward: Ward) -> None:
    house = ward.desk.house
    crowd = [make_employee(ward.session, house, f"员工{n:03}", joined=False)[0] for n in range(95)]
    give_out(ward.session, house, people=crowd, due_in=MONDAY - MONDAY)
    boss = ward.caller("书记").says("覆盖率").presses("谁没完成").presses("11月24日")
    pages = [boss.text]
    while "下一页" in boss.labels:
        pages.append(boss.presses("下一页").text)
    assert [page.count("员工") for page in pages] == [40, 40, 15]
    assert all(any(one in page for page in pages) for one in ("员工000", "员工040", "员工094"))


def test_one_extra_reminder_a_day(ward: Ward) -> None:
    head = ward.caller("药主任").says("覆盖率").presses("谁没完成").presses("提醒一下")
    assert "已提醒 1 人" in head.text
    assert ward.people["钱进"].remind_at == MONDAY
    assert ward.people["吴外"].remind_at is None, "of another office"
    head.presses("再看名单")
    assert "提醒一下" not in head.labels
    again = head.chooses(f"coverage:2025-11:all:all:nudge:{ward.study.id}")
    assert "今天已经提醒过了" in again.text


def test_what_is_closed_has_names_and_no_reminder(ward: Ward) -> None:
    ward.study.stage = OccurrenceStage.CLOSED
    ward.session.flush()
    head = ward.caller("药主任").says("覆盖率").presses("谁没完成")
    assert "钱进" in head.text
    assert "提醒一下" not in head.labels


@pytest.mark.parametrize("number", ["999", "0", "x", "１", "-1", "12345678901234567890"])
@pytest.mark.parametrize("what", ["who", "nudge"])
def test_what_does_not_exist_answers_like_what_is_not_ones_own(ward: Ward, number: str, what: str) -> None:
    other = give_out(ward.session, ward.desk.house, people=[ward.people["吴外"]])
    head = ward.caller("药主任")
    said = head.chooses(f"coverage:2025-11:all:all:{what}:{number}").text
    assert said == head.chooses(f"coverage:2025-11:all:all:{what}:{other.id}").text
    assert "没有找到这一项" in said


def test_an_office_that_answers_as_one_has_no_names(ward: Ward) -> None:
    figures = give_out(ward.session, ward.desk.house, "figures", offices=["药剂科", "医务科"])
    boss = ward.caller("书记").chooses(f"coverage:2025-12:all:all:who:{figures.id}")
    assert "还没有交的科室：药剂科、医务科" in boss.text or "医务科、药剂科" in boss.text
    head = ward.caller("药主任").chooses(f"coverage:2025-12:{token('药剂科')}:all:who:{figures.id}")
    assert "医务科" not in head.text
