"""Whether a number in a clause is a rating."""

import pytest

from nlp.score_context import Place, is_rating


def place(clause: str, written: str, value: float, unit: str = "", *, only: bool = False) -> Place:
    start = clause.index(written)
    span = start, start + len(written) + len(unit)
    return Place.of(clause, span, value, unit, cut=0, opens=True, only=only)


@pytest.mark.parametrize(
    ("clause", "unit"),
    [("给5分", "分"), ("5", ""), ("就打5吧", ""), ("5谢谢大家", ""), ("我不给5分给谁", "分")],
)
def test_rating(clause: str, unit: str) -> None:
    assert is_rating(place(clause, "5", 5, unit))


@pytest.mark.parametrize(
    ("clause", "unit"), [("5楼", ""), ("5分钟", "分"), ("扣5分", "分"), ("5分你敢要吗", "分"), ("住了5", "")]
)
def test_no_rating(clause: str, unit: str) -> None:
    assert not is_rating(place(clause, "5", 5, unit))
