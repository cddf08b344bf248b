"""The rating in a reply: every spelling of a number, words, corrections, parts rated apart."""

import pytest

from nlp.replies import Reply
from nlp.scores import find_score, rated_apart
from tests.nlp.replies import table


@pytest.mark.parametrize(("score", "text"), table("scores"))
def test_score(score: str, text: str) -> None:
    assert find_score(Reply.of(text)) == (None if score == "_" else int(score))


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("打了1，不对，是5", 5),
        ("3分，想了想改成4分", 4),
        ("上次打2分，这次4分", 4),
        ("本来想打5分，等床等到半夜，3分", 3),
        ("不给五分说不过去", 5),
        ("满分100我打90", 5),
        ("按百分制给70", 4),
        ("护士5分，伙食2分，总体4分", 4),
        ("4分，其中一分扣在停车", 4),
    ],
)
def test_the_rating_that_was_meant_counts(text: str, score: int) -> None:
    assert find_score(Reply.of(text)) == score


@pytest.mark.parametrize("text", ["护士5分，伙食2分", "大夫很满意，停车不满意", "技术满分，卫生零分"])
def test_parts_rated_apart_are_no_rating_of_the_stay(text: str) -> None:
    assert find_score(Reply.of(text)) is None
    assert rated_apart(Reply.of(text))


@pytest.mark.parametrize("text", ["5", "满意", "医生5分护士5分", "你好", ""])
def test_one_rating_is_not_apart(text: str) -> None:
    assert not rated_apart(Reply.of(text))
