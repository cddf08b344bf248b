"""The three changes that matter most."""

from datetime import UTC, datetime

from handlers.followup.satisfaction_month import biggest_changes, monthly_reply
from handlers.followup.satisfaction_report import Report
from handlers.words import words_for
from storage.followup.figures import MonthFigures, Shown
from storage.followup.mentioned import Mentions
from storage.followup.shares import share_of

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
HIDDEN = Shown(30, 30)


def shown(part: int, whole: int) -> Shown:
    return Shown(whole * 2, whole * 2, whole, 4.2, (0, 0, whole - part, part, 0), share_of(part, whole))


def report(before: dict[str, Shown], now: dict[str, Shown], department: str = "") -> Report:
    house = shown(80, 100)
    if department:
        months = [
            MonthFigures(
                month, house, {department: house}, {(department, ward): one for ward, one in of.items()}
            )
            for month, of in (("2026-09", before), ("2026-10", now))
        ]
    else:
        months = [MonthFigures("2026-09", house, before), MonthFigures("2026-10", house, now)]
    return Report(department, months, Mentions(), (), 10, NOW)


def test_what_chance_hardly_does_comes_before_what_it_may_do() -> None:
    before = {"骨科": shown(60, 100), "眼科": shown(6, 10), "内科": shown(50, 100), "儿科": shown(80, 100)}
    now = {"骨科": shown(85, 100), "眼科": shown(9, 10), "内科": shown(90, 100), "儿科": shown(81, 100)}
    found = biggest_changes(report(before, now))
    assert [(name, change.is_real) for name, _, change in found] == [
        ("内科", True), ("骨科", True), ("眼科", False),
    ]  # fmt: skip


def test_what_is_not_shown_in_one_of_the_months_has_no_change() -> None:
    assert biggest_changes(report({"骨科": HIDDEN}, {"骨科": shown(9, 10)})) == []
    assert biggest_changes(report({"骨科": shown(9, 10)}, {"骨科": HIDDEN})) == []
    assert biggest_changes(report({}, {"骨科": shown(9, 10)})) == []


def test_a_department_hears_of_itself_and_its_wards() -> None:
    before = {"一病区": shown(30, 50), "二病区": shown(40, 50), "": HIDDEN}
    now = {"一病区": shown(48, 50), "二病区": shown(40, 50), "": HIDDEN}
    words = words_for("zh")
    reply = monthly_reply(report(before, now, "骨科"), words)
    assert "2026年10月满意度月报 · 骨科" in reply.text
    assert "1. 一病区：96%，比上个月高 36 个百分点，变化明显" in reply.text
    assert "2. " not in reply.text, "nothing else moved"
    assert "没写病区：不显示" in reply.text


def test_where_nothing_moved_it_says_so() -> None:
    same = {"骨科": shown(9, 10)}
    assert "没有看得出的变化" in monthly_reply(report(same, same), words_for("zh")).text
