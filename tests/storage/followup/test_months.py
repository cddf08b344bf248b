"""Months before a month, and what is one."""

from datetime import UTC, datetime

import pytest

from storage.followup.months import earlier, is_month, month_of


def test_a_month_is_local() -> None:
    assert month_of(datetime(2026, 10, 31, 16, 30, tzinfo=UTC), "Asia/Shanghai") == "2026-11"


@pytest.mark.parametrize(
    ("month", "by", "before"),
    [("2026-01", 1, "2025-12"), ("2026-10", 0, "2026-10"), ("2026-10", 11, "2025-11")],
)
def test_earlier(month: str, by: int, before: str) -> None:
    assert earlier(month, by) == before


@pytest.mark.parametrize("no", ["2026-13", "2026-00", "2026-1", "1999-10", "2026-10\n", "", "x"])
def test_what_is_no_month(no: str) -> None:
    assert not is_month(no)
