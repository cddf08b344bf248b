"""The small language in which patterns of replies are written, and that none of them runs away."""

import time
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.rating import rate
from nlp.reading import Reader
from nlp.wording import compiled

CLASSES = {"stop": ["别", "不要", "@more"], "more": ["请勿"]}
KEYWORDS = Reader.by_keywords()
PIECES = [
    "满意", "不", "5分", "十分", "医生", "伤口", "疼", "药", "别再", "发", "给我", "红包", "退订", "没人",
    "从", "把", "了", ",", "。", " ", "\n", "/", "10", "★", "👍", "stop ", "very ", "主任收", "再", "发烧",
    "好了", "吃", "一", "号码",
]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("@stop 再? 发|打", "请勿再发", True),
        ("@stop 再? 发|打", "别打", True),
        ("把 ~3 删", "把我号删", True),
        ("把 ~3 删", "把我的号码删", False),
        ("把 ~,6 删", "把它,都删", True),
        ("把 ~6 删", "把它,都删", False),
        ("^ 停 $", "好,停!", True),
        ("^ 停 $", "停车", False),
        ("发 !烧|炎", "发烧", False),
        ("<!不 满意", "不满意", False),
        ("停 吧|$", "停", True),
        ("very_good", "very good", True),
        ("no", "know", False),
    ],
)
def test_patterns(pattern: str, text: str, found: bool) -> None:
    assert (compiled([pattern], CLASSES).search(text) is not None) == found


def test_no_pattern_matches_nothing() -> None:
    assert compiled([], {}).search("") is None


@pytest.mark.parametrize("pattern", ["", "发|", "给?我"])
def test_a_slip_in_a_pattern_is_told(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"empty|missing"):
        compiled([pattern], CLASSES)


def test_an_unknown_class_is_told() -> None:
    with pytest.raises(KeyError):
        compiled(["@nothing"], CLASSES)


def test_the_lists_of_replies_are_in_normal_form() -> None:
    for one in files("nlp").joinpath("data").iterdir():
        if one.name.startswith("reply_"):
            wide = [char for char in one.read_text("utf-8") if char in "，！？（）：；"]
            assert not wide, one.name


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5))
def test_time_grows_with_the_length_alone(pieces: list[str]) -> None:
    rate("满意", KEYWORDS)
    text = ("".join(pieces) * 4_000)[:4_000]
    begin = time.perf_counter()
    rate(text, KEYWORDS)
    assert time.perf_counter() - begin < 4  # a quarter of a second on an idle machine
