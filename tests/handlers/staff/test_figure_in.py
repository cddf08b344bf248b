"""Figures as staff type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.figure_in import figure_in
from tests.strategies import TEXTS, bounded


@pytest.mark.parametrize(
    ("text", "unit", "figure"),
    [
        ("12", "", "12"),
        ("1,234.5", "万元", "1234.5 万元"),
        ("1，234", "元", "1234 元"),
        ("百分之十二", "%", "12%"),
        ("12%", "合格率", "12%"),
        ("９８．５％", "%", "98.5%"),
        ("98.5", "%", "98.5%"),
        ("三十", "人次", "30 人次"),
        ("30 人次。", "人次", "30 人次"),
        ("一万二", "元", "12000 元"),
        ("3万元", "万元", "3 万元"),
        ("负3", "", "-3"),
        ("-0", "", "0"),
        ("零", "人", "0 人"),
        ("1.10", "", "1.1"),
        ("100", "", "100"),
    ],
)  # fmt: skip
def test_a_figure_is_read(text: str, unit: str, figure: str) -> None:
    assert figure_in(text, unit) == figure


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("12%", "人"), ("12,5", ""), ("1e5", ""), ("abc", ""), ("", ""), ("12人", "人次"), ("37元", "万元"),
        ("9" * 20, ""), ("0.0000001", ""), ("1 2 a", ""), ("--3", ""), ("百分之", "%"), ("%", "%"), ("٣", ""),
    ],
)  # fmt: skip
def test_what_may_mean_anything_else_is_none(text: str, unit: str) -> None:
    assert figure_in(text, unit) is None


@bounded(200)
@given(
    text=TEXTS | st.text(alphabet="0123456789.,%一二三十百千万负-分之", max_size=45),
    unit=st.sampled_from(["", "%", "人次"]),
)
def test_any_text_is_read_or_none(text: str, unit: str) -> None:
    figure = figure_in(text, unit)
    assert figure is None or len(figure) < 40
