"""The compiled jieba cuts as jieba itself does: what is written about jieba's words holds for ours."""

import warnings

import pytest
import rjieba

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba

SENTENCES = [
    "传统方法治疗效果不好",
    "医生收红包又拿回扣",
    "请退回扣除的押金",
    "药代动力学数据怎么看",
    "从后门诊走到急诊怎么走",
    "孩子打点滴两天了护士长让意思一下",
    "主任说床位紧张后来给了他两条烟就有了",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_both_cut_a_sentence_alike(sentence: str) -> None:
    assert rjieba.cut(sentence) == jieba.lcut(sentence)
