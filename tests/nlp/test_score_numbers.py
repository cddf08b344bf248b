"""Ratings in numbers and stars, and where they stand."""

import pytest

from nlp.replies import Reply
from nlp.score_numbers import count_stars, find_numbers


def test_a_mark_says_where_it_stands_and_what_it_is_about() -> None:
    doctor, food = find_numbers(Reply.of("医生5分，食堂2分"))
    assert (doctor.score, food.score) == (5, 2)
    assert doctor.aspect
    assert food.aspect
    assert Reply.of("医生5分，食堂2分").text[food.start : food.end] == "2分"


@pytest.mark.parametrize(
    "text",
    ["住了5天", "3床家属", "8月10号复查", "血压130/80", "体温36.5", "五分钟", "等了2小时", "9/10去复查"],
)
def test_times_and_places_and_measures_are_no_ratings(text: str) -> None:
    assert not find_numbers(Reply.of(text))


@pytest.mark.parametrize(("text", "score"), [("★★★☆☆", 3), ("⭐⭐⭐⭐⭐⭐⭐", 5), ("***", 3)])
def test_stars(text: str, score: int) -> None:
    assert [mark.score for mark in count_stars(Reply.of(text))] == [score]
