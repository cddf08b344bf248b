"""Spans by their names: what lies in them, what came before, and that nonsense is none."""

from datetime import UTC, date, datetime

import pytest

from storage.duties.spans import (
    SpanKind,
    after,
    before,
    bounds_of,
    days_of,
    is_span,
    kind_of,
    slices_of,
    span_of,
)


@pytest.mark.parametrize(
    ("name", "first", "end"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 12, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2028", date(2028, 1, 1), date(2029, 1, 1)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 5)),
    ],
)
def test_first_day_is_in_the_span_and_the_end_is_not(name: str, first: date, end: date) -> None:
    assert is_span(name)
    assert days_of(name) == (first, end)
    assert span_of(first, kind_of(name)) == name
    assert span_of(end, kind_of(name)) == after(name)
    assert before(after(name)) == name


@pytest.mark.parametrize(
    "name",
    ["", "2026-13", "2026-00", "2026-Q5", "2025-W53", "2026-W00", "26-11", "2026-11-01", "2026-w4", "１"],
)
def test_what_is_no_span_is_none(name: str) -> None:
    assert not is_span(name)


def test_a_local_month_begins_at_local_midnight() -> None:
    since, until = bounds_of("2026-11", "Asia/Shanghai")
    assert (since, until) == (
        datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC),
    )  # fmt: skip


def test_a_year_is_counted_month_by_month() -> None:
    months = slices_of("2026")
    assert (len(months), months[0], months[-1]) == (12, "2026-01", "2026-12")
    assert slices_of("2026-Q2") == ["2026-04", "2026-05", "2026-06"]
    assert slices_of("2026-W20") == ["2026-W20"]
    assert span_of(date(2026, 5, 3), SpanKind.QUARTER) == "2026-Q2"
