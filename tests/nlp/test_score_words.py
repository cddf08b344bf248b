"""Worded ratings and grades."""

import pytest

from nlp.replies import Reply
from nlp.score_words import alone, find_words


@pytest.mark.parametrize(
    ("text", "score"), [("A", 5), ("B+", 4), ("IV", 4), ("优", 5), ("良，谢谢", 4), ("丙", 3)]
)
def test_a_grade_alone_is_a_rating(text: str, score: int) -> None:
    assert alone(Reply.of(text)) == score


@pytest.mark.parametrize("text", ["A区三床", "中午再回", "优惠吗"])
def test_a_grade_inside_other_words_is_none(text: str) -> None:
    assert alone(Reply.of(text)) is None


@pytest.mark.parametrize("text", ["呵呵，满意", "满意👏👏"])
def test_a_sneer_takes_the_words_back(text: str) -> None:
    assert not find_words(Reply.of(text))


def test_a_weak_word_about_a_thing_is_marked_as_such() -> None:
    (mark,) = find_words(Reply.of("饭菜一般"))
    assert mark.aspect
    assert mark.weak
