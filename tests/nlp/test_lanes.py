"""Packed rows add up like the numbers they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lanes import ONE, Lanes

ROW = st.lists(st.floats(-120, 120), min_size=3, max_size=3)


def sums(lanes: Lanes, packed: list[int]) -> list[float]:
    numbers, off = lanes.total(packed)
    return [(number - off) / ONE for number in numbers]


@given(st.lists(ROW, max_size=50))
def test_sum_of_packed_rows_is_the_sum_of_their_numbers(rows: list[list[float]]) -> None:
    lanes = Lanes(3)
    wanted = [sum(row[at] for row in rows) for at in range(3)]
    assert sums(lanes, [lanes.pack(row) for row in rows]) == pytest.approx(wanted, abs=0.05)


def test_nothing_sums_to_zero() -> None:
    assert sums(Lanes(2), []) == [0, 0]


def test_numbers_beyond_the_limit_are_held_at_it() -> None:
    lanes = Lanes(2)
    assert sums(lanes, [lanes.pack([1e9, -1e9])]) == pytest.approx([128, -128], abs=0.01)


def test_so_many_rows_as_no_text_has_do_not_run_over() -> None:
    lanes = Lanes(1)
    (total,) = sums(lanes, [lanes.pack([127.0])] * 100_000)
    assert total == pytest.approx(127.0 * (1 << 14))
