"""Replies about a stay: scores in every spelling, tone, opt-out, trouble that needs a clinician."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.rating import Polarity, rate
from nlp.taxonomy import Category


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5", 5), ("５", 5), ("⑤", 5), ("4️⃣", 4),
        ("伍", 5), ("五分", 5), ("打4分", 4), ("必须5啊", 5),
        ("8分", 4), ("9分", 5), ("10分", 5), ("6分", 3),
        ("95分", 5), ("60分", 3), ("八十分", 4), ("一百分", 5),
        ("8/10", 4), ("4/5 good", 4), ("满分10的话给个7吧", 4), ("百分制的话最多40", 2),
        ("0分", 1), ("1分都嫌多", 1), ("★★★★☆", 4), ("⭐⭐⭐", 3),
        ("四颗星", 4), ("5星好评", 5), ("👍×5", 5), ("非常满意", 5),
        ("很滿意", 5), ("满意", 4), ("挺好的", 4), ("没什么不满意的", 4),
        ("还行", 3), ("一般般", 3), ("不太满意", 2), ("不满意", 2),
        ("很不满意", 1), ("差评", 1), ("4，扣一分在吃饭上", 4), ("5分？给你5分你敢要吗，1分", 1),
        ("手术5分，环境3分，综合4分", 4), ("三分，一分给医生一分给护士", 3),
    ],
)  # fmt: skip
def test_score(text: str, score: int) -> None:
    assert rate(text).score == score


@pytest.mark.parametrize(
    "text",
    [
        "医生5分，食堂1分",
        "大夫满意，护士不满意",
        "我住了5天",
        "5楼的护士真好",
        "明天5点打给我",
        "5555疼死我了",
        "满不满意",
        "嗯",
        "",
        "1号手术3号出院",
    ],
)
def test_no_score_where_none_is_given(text: str) -> None:
    assert rate(text).score is None


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("5", Polarity.POSITIVE),
        ("3", Polarity.NEUTRAL),
        ("1", Polarity.NEGATIVE),
        ("谢谢你们照顾我妈", Polarity.POSITIVE),
        ("以后打死不来了", Polarity.NEGATIVE),
        ("好的", Polarity.NEUTRAL),
        ("4分啦，扣的那分是两千块的红包，不包没人理", Polarity.NEGATIVE),
    ],
)
def test_polarity(text: str, polarity: Polarity) -> None:
    assert rate(text).polarity is polarity


@pytest.mark.parametrize(
    "text",
    [
        "退订",
        "TD",
        "td",
        "Ｔ",
        "R",
        "STOP",
        "退訂",
        "别再发了",
        "不要再打扰我",
        "5,TD",
        "满意 退订",
        "请把我从名单里删掉",
        "怎么退订啊",
    ],
)
def test_opt_out(text: str) -> None:
    assert rate(text).opt_out


@pytest.mark.parametrize(
    "text", ["不退订，还要看复查通知", "我要取消下周三的复查预约", "别再发烧就好", "5", "谢谢"]
)
def test_no_opt_out(text: str) -> None:
    assert not rate(text).opt_out


@pytest.mark.parametrize(
    "text",
    [
        "伤口有点渗黄水，要紧吗",
        "发烧38.9两天了",
        "5分，不过伤口边上红红的有点烫",
        "药吃完了，胸口又开始闷",
        "住院期间都好，昨天开始发烧",
    ],
)
def test_present_trouble_needs_care(text: str) -> None:
    assert rate(text).needs_care


@pytest.mark.parametrize("text", ["不发烧不咳嗽，能吃能睡", "伤口也拆线了，都好", "5", "隔壁床发烧吵得很"])
def test_no_trouble_needs_no_care(text: str) -> None:
    assert not rate(text).needs_care


@pytest.mark.parametrize("text", ["人叫不醒了，怎么弄", "我先生喘到講不出話，嘴唇發黑"])
def test_emergency_is_urgent(text: str) -> None:
    assert rate(text).urgent


def test_clue_of_misconduct_is_found_next_to_a_good_score() -> None:
    rating = rate("4分，给麻醉塞了500不然5分")
    assert rating.score == 4
    assert Category.RED_ENVELOPE in rating.categories


@given(st.text(st.characters(), max_size=60) | st.text("0123456789五分星满意不很/。,， 给打★", max_size=30))
def test_any_reply_is_read(text: str) -> None:
    score = rate(text).score
    assert score is None or 1 <= score <= 5
