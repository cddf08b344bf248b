"""A term that is only a piece of other words is not read."""

import pytest

from nlp.boundaries import is_word
from nlp.reading import Reader
from nlp.taxonomy import MISCONDUCT


def test_piece_of_other_words_is_no_word() -> None:
    text = "用传统方法治疗"
    assert not is_word(text, text.index("统方"), text.index("统方") + 2)


def test_word_glued_into_a_longer_one_counts() -> None:
    assert is_word("医生收红包", 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "医生说用传统方法治疗",
        "可能是肠胃系统方面的问题",
        "药代动力学数据怎么看",
        "请问中药代煎多久能取",
        "孩子打点滴两天了",
        "麻烦把退回扣款的明细发我",
        "血常规Hb 98正常吗",
        "乙肝HBV能母乳吗",
        "外科会诊后转科",
        "从后门诊走到急诊怎么走",
        "挂床头卡的名字写错了",
        "胳膊上起了个红包，很痒",
        "打针的地方有个红包块",
        "术后能吃黄牛肉吗",
    ],
)
def test_innocent_words_are_no_allegation(text: str) -> None:
    """By the lists nothing is alleged; whatever the weights guess of so few words, a person looks."""
    assert not MISCONDUCT.intersection(Reader.by_keywords().read(text).categories)
    verdict = Reader.load().read(text)
    assert verdict.unsure or not MISCONDUCT.intersection(verdict.categories)
