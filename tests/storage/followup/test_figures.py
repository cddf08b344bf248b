"""Figures by hand-made examples, what is hidden, and that no row is looked at to count them."""

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite
from sqlmodel import Session

from storage.followup.figures import counting, month_figures, trend
from storage.hospital_followup import Kind
from tests.surveys import add_surveys

MONTH, LEAST = "2026-10", 10
TWELVE = [5] * 6 + [4] * 3 + [3, 2, 1]


def test_figures_of_a_department_by_hand(session: Session) -> None:
    add_surveys(session, MONTH, "骨科", "一病区", scores=TWELVE, silent=5, unreached=3)
    shown = month_figures(session, MONTH, least=LEAST).of("骨科")
    assert (shown.sent, shown.reached, shown.answered) == (20, 17, 12)
    assert shown.mean == pytest.approx((30 + 12 + 6) / 12)
    assert shown.scores == (1, 1, 1, 3, 6)
    assert shown.satisfied is not None
    assert (shown.satisfied.part, shown.satisfied.whole) == (9, 12)
    # Wilson for 9 of 12, worked out by hand.
    assert (round(shown.satisfied.low, 3), round(shown.satisfied.high, 3)) == (0.468, 0.911)


def test_other_months_kinds_and_departments_do_not_count(session: Session) -> None:
    add_surveys(session, MONTH, "骨科", scores=TWELVE)
    add_surveys(session, "2026-09", "骨科", scores=[1] * 40)
    add_surveys(session, MONTH, "骨科", scores=[1] * 40, kind=Kind.INTEGRITY)
    add_surveys(session, MONTH, "内科", scores=[1] * 40)
    figures = month_figures(session, MONTH, least=LEAST)
    assert figures.of("骨科").sent == 12
    assert figures.house.sent == 52
    assert figures.of("眼科").sent == 0


def test_below_ten_answers_only_what_was_sent_is_shown(session: Session) -> None:
    add_surveys(session, MONTH, "骨科", scores=[5] * 9, silent=30)
    shown = month_figures(session, MONTH, least=LEAST).of("骨科")
    assert (shown.sent, shown.reached) == (39, 39)
    assert (shown.answered, shown.mean, shown.scores, shown.satisfied, shown.after) == (None,) * 5


def test_a_hidden_ward_takes_another_with_it(session: Session) -> None:
    for ward, many in (("一病区", 30), ("二病区", 12), ("三病区", 4)):
        add_surveys(session, MONTH, "骨科", ward, scores=[5] * many)
    wards = month_figures(session, MONTH, least=LEAST).wards_of("骨科")
    assert {ward for ward, shown in wards.items() if shown.satisfied is None} == {"二病区", "三病区"}


def test_no_answer_of_a_few_follows_from_what_is_shown(session: Session) -> None:
    """The attack: take all that is shown from what it is part of, and see whose answers are left."""
    add_surveys(session, MONTH, "骨科", "一病区", scores=[5] * 20)
    add_surveys(session, MONTH, "骨科", "二病区", scores=[1] * 3)
    add_surveys(session, MONTH, "内科", "一病区", scores=[4] * 15)
    add_surveys(session, MONTH, "眼科", "", scores=[2] * 2)
    figures = month_figures(session, MONTH, least=LEAST)
    assert figures.house.scores is not None
    left = sum(figures.house.scores)
    left -= sum(sum(one.scores or ()) for one in figures.departments.values())
    assert left >= LEAST
    for department, whole in figures.departments.items():
        parts = figures.wards_of(department).values()
        rest = sum(whole.scores or ()) - sum(sum(one.scores or ()) for one in parts)
        assert whole.scores is not None or rest == 0, department
        assert rest == 0 or rest >= LEAST or not parts, department


def test_wards_of_a_hidden_department_are_hidden_too(session: Session) -> None:
    """眼科 hides 内科, and 内科's wards would add up to it."""
    add_surveys(session, MONTH, "眼科", scores=[5] * 4)
    add_surveys(session, MONTH, "内科", "一病区", scores=[5] * 15)
    add_surveys(session, MONTH, "内科", "二病区", scores=[5] * 15)
    add_surveys(session, MONTH, "骨科", scores=[5] * 50)
    figures = month_figures(session, MONTH, least=LEAST)
    assert figures.of("内科").satisfied is None
    assert all(shown.satisfied is None for shown in figures.wards_of("内科").values())
    assert figures.of("骨科").satisfied is not None


def test_grades_after_recovery_need_ten_of_their_own(session: Session) -> None:
    add_surveys(session, MONTH, "骨科", scores=[2] * 20, after=[4] * 9 + [2] * 3)
    add_surveys(session, MONTH, "内科", scores=[2] * 20, after=[4] * 5)
    figures = month_figures(session, MONTH, least=LEAST)
    assert figures.house.after is not None
    assert (figures.house.after.part, figures.house.after.whole) == (14, 17)
    assert figures.of("内科").after is None
    assert figures.of("骨科").after is None, "内科 would follow from it"


def test_a_trend_needs_two_months_that_are_shown(session: Session) -> None:
    add_surveys(session, "2026-09", "骨科", scores=[5] * 30 + [1] * 30)
    add_surveys(session, MONTH, "骨科", scores=[5] * 55 + [1] * 5)
    add_surveys(session, MONTH, "内科", scores=[5] * 60)
    before, now = (month_figures(session, month, least=LEAST) for month in ("2026-09", MONTH))
    change = trend(before.of("骨科"), now.of("骨科"))
    assert change is not None
    assert change.is_real
    assert round(change.value, 3) == 0.417
    assert trend(before.of("内科"), now.of("内科")) is None


def test_a_month_is_counted_from_the_index_alone(session: Session) -> None:
    statement = counting(MONTH).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    plan = " ".join(row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {statement}")))
    assert "SEARCH surveys USING COVERING INDEX ix_surveys_month (month=?)" in plan
    assert "TEMP B-TREE" not in plan
