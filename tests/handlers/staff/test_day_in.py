"""Days as staff type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.day_in import day_in
from tests.strategies import TEXTS, bounded

TODAY = date(2025, 11, 24)


@pytest.mark.parametrize(
    ("text", "ahead", "day"),
    [
        ("12月5日", True, date(2025, 12, 5)),
        ("12月5日前", True, date(2025, 12, 5)),
        ("12.5", True, date(2025, 12, 5)),
        ("１２／５", True, date(2025, 12, 5)),
        ("1月3号", True, date(2026, 1, 3)),
        ("11月20日", True, date(2026, 11, 20)),
        ("11月20日", False, date(2025, 11, 20)),
        ("2026-02-28", True, date(2026, 2, 28)),
        ("2028年2月29日", True, date(2028, 2, 29)),
        ("明天", True, date(2025, 11, 25)),
        ("昨天", False, date(2025, 11, 23)),
        ("2月29日", True, None),
        ("13月1日", True, None),
        ("2025-02-30", False, None),
        ("下周", True, None),
        ("", True, None),
    ],
)
def test_a_day_is_read(text: str, ahead: bool, day: date | None) -> None:
    assert day_in(text, TODAY, ahead=ahead) == day


@bounded(200)
@given(text=TEXTS | st.text(alphabet="0123456789-./年月日号", max_size=26), ahead=st.booleans())
def test_any_text_is_read_or_none(text: str, ahead: bool) -> None:
    day = day_in(text, TODAY, ahead=ahead)
    assert day is None or 2000 <= day.year <= 2099
