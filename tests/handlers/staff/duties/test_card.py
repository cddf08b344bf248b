"""The card of a duty and the digest: dots, times, for whom, buttons by proof, what a group may not read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from handlers.staff.duties.card import dots, duty_card, progress_line
from handlers.staff.duties.digest import person_digest
from handlers.triage.sight import Sight
from handlers.words import words_for
from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.occurrences import OccurrenceStage
from storage.duties.progress import Progress
from storage.duties.reminding import Owing
from storage.groups import EVERYONE
from storage.house import House
from storage.messages import Choice, Reply
from tests.duties import duty_house, occurrence_due
from tests.factories import MONDAY

FRIDAY = MONDAY + timedelta(days=11, hours=7, minutes=30)
"""17:00 in Shanghai, on the 5th of December."""
HOUSE = duty_house()


def sight(session: Session, house: House = HOUSE) -> Sight:
    return Sight(session, house, words_for("zh"), MONDAY)


def card(session: Session, house: House = HOUSE, **fields: Any) -> Reply:
    """A card; `group`, `assignment`, `office` and `progress` as told, all else goes to the occurrence."""
    occurrence = occurrence_due(FRIDAY)
    shown = {
        name: fields.pop(name) for name in ("group", "assignment", "office", "progress") if name in fields
    }
    duty = house.duties.duties[0]
    occurrence.id, occurrence.title, occurrence.proof, occurrence.each = 7, duty.title, duty.done, duty.each
    occurrence.stage = OccurrenceStage.OPEN
    for name, value in fields.items():
        setattr(occurrence, name, value)
    usual: dict[str, Any] = {
        "group": True, "assignment": None, "office": "药剂科", "progress": Progress(expected=40, done=37),
    }  # fmt: skip
    return duty_card(occurrence, sight=sight(session, house), **(usual | shown))


def owed(**fields: Any) -> Assignment:
    return Assignment(occurrence_id=7, employee_id=1, office="药剂科", **fields)


def values(reply: Reply) -> list[str]:
    return [choice.value for row in reply.choices for choice in row]


@pytest.mark.parametrize(
    ("done", "expected", "shown"),
    [
        (0, 40, "○○○○○○○○○○"),
        (1, 40, "●○○○○○○○○○"),
        (37, 40, "●●●●●●●●●○"),
        (39, 40, "●●●●●●●●●○"),
        (9999, 10_000, "●●●●●●●●●○"),
        (40, 40, "●●●●●●●●●●"),
        (0, 0, "●●●●●●●●●●"),
    ],
)
def test_dots_are_full_when_all_have_answered_and_never_before(done: int, expected: int, shown: str) -> None:
    assert dots(Progress(expected=expected, done=done)) == shown


def test_who_is_excused_is_told_apart(session: Session) -> None:
    line = progress_line(Progress(expected=3, done=1, excused=2), sight(session))
    assert line == "●●●○○○○○○○ 1/3（另有 2 人请假等，不计入）"
    assert progress_line(Progress(), sight(session)) == ""


@pytest.mark.parametrize(
    ("proof", "label", "value"),
    [
        ("reading", "已阅", "due:read:7"),
        ("quiz", "开始答题", "quiz:begin:7"),
        ("file", "提交材料", "due:submit:7"),
        ("figure", "提交材料", "due:submit:7"),
        ("text", "提交材料", "due:submit:7"),
        ("form", "填写", "fill:begin:7"),
    ],
)
def test_buttons_follow_what_counts_as_done(session: Session, proof: str, label: str, value: str) -> None:
    house = duty_house({"done": proof})
    for group in (True, False):
        ((start, later),) = card(session, house, group=group, assignment=None if group else owed()).choices
        assert (start, later) == (Choice(label, value), Choice("延期申请", "due:later:7"))


def test_a_private_card_tells_the_time_that_is_left_and_a_group_card_does_not(session: Session) -> None:
    group, private = card(session), card(session, group=False, assignment=owed())
    assert "截止：12月5日（周五）17:00\n" in group.text
    assert "截止：12月5日（周五）17:00（还剩 9 个工作日）" in private.text
    assert "本科室：●●●●●●●●●○ 37/40" in private.text


def test_who_has_longer_reads_their_own_day(session: Session) -> None:
    until = FRIDAY + timedelta(days=7)
    assert (
        "已为您延期到：12月12日（周五）17:00"
        in card(session, group=False, assignment=owed(extended_until=until)).text
    )


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        (owed(state=AssignmentState.DONE), "您已完成"),
        (owed(state=AssignmentState.EXCUSED, excuse=Excuse.LEAVE), "您这次不用做"),
    ],
)
def test_what_is_answered_has_no_buttons(session: Session, assignment: Assignment, said: str) -> None:
    shown = card(session, group=False, assignment=assignment)
    assert said in shown.text
    assert shown.choices == ()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"progress": Progress(expected=2, done=2)}, "已全部完成"),
        ({"stage": OccurrenceStage.CLOSED}, "已结束"),
        ({"stage": OccurrenceStage.STOPPED}, "已经取消"),
    ],
)
def test_a_group_card_that_is_over_says_so_and_has_no_buttons(
    session: Session, fields: dict[str, Any], said: str
) -> None:
    shown = card(session, **fields)
    assert said in shown.text
    assert shown.choices == ()


def test_who_is_late_can_still_answer_in_private_when_it_is_closed(session: Session) -> None:
    assert values(card(session, group=False, assignment=owed(), stage=OccurrenceStage.CLOSED))


@pytest.mark.parametrize(
    ("duty", "fields", "who"),
    [
        ({}, {}, "全体职工"),
        ({"each": "office"}, {}, "各科室"),
        ({"owed_by": {"everyone": True, "roles": ["head"]}}, {}, "全体职工（负责人）"),
        ({"owed_by": {"offices": ["药剂科"], "groups": ["临床"]}}, {}, "药剂科、临床"),
        ({"owed_by": {"roles": ["head", "officer"]}}, {}, "全体职工（负责人、经办人）"),
        ({}, {"scope": "骨科"}, "骨科"),
    ],
)
def test_for_whom(session: Session, duty: dict[str, Any], fields: dict[str, Any], who: str) -> None:
    house = duty_house(duty, sections={"groups": [{"name": "临床", "offices": ["骨科"]}]})
    assert f"对象：{who}\n" in card(session, house, **fields).text


def test_a_long_text_is_cut_in_a_group_and_whole_in_private(session: Session) -> None:
    house = duty_house({"text": "学" * 1500, "link": "https://example.org/study"})
    assert card(session, house).text.count("学") < 700
    private = card(session, house, group=False, assignment=owed()).text
    assert private.count("学") > 1500
    assert "学习材料：https://example.org/study" in private


def test_a_card_of_the_whole_house_says_so(session: Session) -> None:
    assert card(session, office=EVERYONE).text.startswith("📌 全院 · 专题学习")


def test_a_duty_that_is_gone_from_the_book_reads_on(session: Session) -> None:
    occurrence = occurrence_due(FRIDAY, "gone")
    occurrence.id, occurrence.title, occurrence.stage = 7, "旧任务", OccurrenceStage.OPEN
    shown = duty_card(
        occurrence, sight=sight(session), assignment=None, office="药剂科", progress=Progress(expected=1),
        group=True,
    )  # fmt: skip
    assert shown.text == "📌 旧任务\n截止：12月5日（周五）17:00\n○○○○○○○○○○ 0/1"


def owing(days: int, number: int = 1, *, opened: int = -3) -> Owing:
    occurrence = occurrence_due(FRIDAY + timedelta(days=days))
    occurrence.id, occurrence.title, occurrence.stage = number, f"任务{number}", OccurrenceStage.OPEN
    occurrence.opened_at = MONDAY + timedelta(days=opened)
    return Owing(occurrence, owed())


def test_a_digest_marks_what_is_new_near_today_and_overdue(session: Session) -> None:
    several = [owing(-13, 1), owing(-11, 2), owing(-8, 3), owing(0, 4, opened=0)]
    shown = person_digest(several, sight(session))
    assert shown is not None
    marks = [line for line in shown.text.splitlines() if line[:1].isdigit()]
    assert marks == ["1. 【超期1天】任务1", "2. 【今天】任务2", "3. 【剩3天】任务3", "4. 【新】任务4"]
    assert values(shown) == [f"due:open:{number}" for number in range(1, 5)]


def test_a_long_digest_ends_with_the_list(session: Session) -> None:
    shown = person_digest([owing(0, number) for number in range(1, 15)], sight(session))
    assert shown is not None
    assert values(shown)[-1] == "due:list:0"
    assert len(values(shown)) == 11
    assert "还有 4 件" in shown.text


def test_nothing_open_is_no_letter(session: Session) -> None:
    assert person_digest([], sight(session)) is None


def test_no_button_is_too_long_for_a_messenger(session: Session) -> None:
    house = replace(duty_house({"done": "form", "title": "很长的标题" * 8}))
    for reply in (
        card(session, house, id=2**62),
        card(session, house, id=2**62, group=False, assignment=owed()),
    ):
        assert all(len(value.encode()) <= 64 for value in values(reply))
