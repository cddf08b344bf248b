"""Parts that few answered in are hidden, and nothing of them can be reckoned out."""

from hypothesis import given
from hypothesis import strategies as st

from storage.followup.hiding import hidden

LEAST = 10


def test_a_small_part_takes_the_smallest_larger_one_with_it() -> None:
    assert hidden({"a": 30, "b": 12, "c": 4}, least=LEAST) == {"c", "b"}


def test_several_small_parts_that_hold_enough_together_need_no_other() -> None:
    assert hidden({"a": 30, "b": 6, "c": 4}, least=LEAST) == {"c", "b"}


def test_parts_without_answers_give_nothing_away() -> None:
    assert hidden({"a": 30, "b": 0}, least=LEAST) == {"b"}


def test_nothing_is_hidden_where_all_have_enough() -> None:
    assert hidden({"a": 30, "b": 10}, least=LEAST) == set()


@given(st.dictionaries(st.integers(), st.integers(0, 40), max_size=8))
def test_what_is_left_of_the_whole_never_stands_for_a_few(counts: dict[int, int]) -> None:
    away = hidden(counts, least=LEAST)
    rest = sum(counts[key] for key in away)
    assert all(counts[key] >= LEAST for key in counts.keys() - away)
    # Either many are hidden together, or nobody, or nothing is shown that could be taken from the whole.
    assert rest == 0 or rest >= LEAST or away == counts.keys()
