"""Edits change a text and know the way back."""

from hypothesis import given
from hypothesis import strategies as st

from nlp.edits import Edit, Edits


def test_replacement_of_the_same_length_keeps_each_place() -> None:
    edits = Edits([Edit(1, 3, "红包")])
    assert edits.apply("收洪包了") == "收红包了"
    assert [edits.start_before(at) for at in range(4)] == [0, 1, 2, 3]


def test_longer_or_shorter_replacement_stands_for_the_whole() -> None:
    edits = Edits([Edit(1, 8, "红包"), Edit(9, 10, "")])
    assert edits.apply("收hongbao了 吧") == "收红包了吧"
    assert [(edits.start_before(at), edits.end_before(at)) for at in range(5)] == [
        (0, 1),
        (1, 8),
        (1, 8),
        (8, 9),
        (10, 11),
    ]
    assert edits.after([0, 8, 9, 10]) == (0, 3, 4, 4)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.text("xyz", max_size=3)), max_size=6))
def test_ways_back_never_leave_the_text_nor_run_backwards(gaps: list[tuple[int, int, str]]) -> None:
    made: list[Edit] = []
    at = 0
    for before, length, word in gaps:
        at += before
        made.append(Edit(at, at + length, word))
        at += length
    text = "a" * (at + 2)
    edits = Edits(made)
    changed = edits.apply(text)
    spans = [(edits.start_before(place), edits.end_before(place)) for place in range(len(changed))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert list(edits.after(range(len(text)))) == sorted(edits.after(range(len(text))))
