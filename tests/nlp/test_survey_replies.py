"""Answers to single questions of a survey, on the scale of the question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.survey_replies import SCALES, ScaleAnswer, read_scale
from tests.nlp.replies import table

_DECLINED, _NOTHING = "d", "_"


@pytest.mark.parametrize(("scale", "value", "text"), table("scales"))
def test_answers_of_our_own(scale: str, value: str, text: str) -> None:
    given_value = int(value) if value.isdecimal() else None
    assert read_scale(text, scale) == ScaleAnswer(given_value, declined=value == _DECLINED)


@pytest.mark.parametrize(
    "text", ["没有", "没", "无", "从来没有", "没有的事", "不曾", "没有，医生都很好", "冇"]
)
def test_a_no_to_having_been_asked_for_money(text: str) -> None:
    assert read_scale(text, "asked").value == 0


@pytest.mark.parametrize("text", ["有", "有过", "给过", "收了", "要过", "给了主任两千", "不给不安排床位"])
def test_a_yes_to_having_been_asked_for_money(text: str) -> None:
    assert read_scale(text, "asked").value == 1


def test_what_was_given_later_outweighs_the_no_before_it() -> None:
    assert read_scale("没有，就是出院时给护士长提了箱奶", "asked").value == 1


def test_what_was_offered_and_given_back_is_no() -> None:
    assert read_scale("塞了红包，医生退回来了", "asked").value == 0


def test_a_demand_counts_though_nothing_was_given() -> None:
    assert read_scale("问我要过，我没给", "asked").value == 1


@pytest.mark.parametrize("text", ["1", "2", "3", "嗯", "有事吗", "隔壁床给了两千", "听说别人都给"])
def test_a_doubtful_answer_about_money_stays_open(text: str) -> None:
    assert read_scale(text, "asked") == ScaleAnswer()


@pytest.mark.parametrize("scale", sorted(SCALES))
@pytest.mark.parametrize("text", ["不便回答", "跳过", "不想说"])
def test_nobody_has_to_answer(scale: str, text: str) -> None:
    assert read_scale(text, scale) == ScaleAnswer(declined=True)


@pytest.mark.parametrize(
    ("plain", "dressed"), [("没有", "沒 有"), ("讲清楚了", "講清楚了"), ("4", "４"), ("总是", "總是。。。")]
)
def test_spelling_changes_nothing(plain: str, dressed: str) -> None:
    for scale in SCALES:
        assert read_scale(plain, scale) == read_scale(dressed, scale)


def test_an_unknown_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="stars"):
        read_scale("5", "stars")


_RANGES = {
    "rating": range(1, 6),
    "often": range(1, 5),
    "asked": range(2),
    "likely": range(11),
    "words": range(0),
}


@given(st.text(max_size=40) | st.text("没有不给收了讲清楚会推荐总是0123456789分， ", max_size=20))
def test_any_text_stays_on_the_scale(text: str) -> None:
    for scale, values in _RANGES.items():
        answer = read_scale(text, scale)
        assert answer.value is None or (answer.value in values and not answer.declined)
