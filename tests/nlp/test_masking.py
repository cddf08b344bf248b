"""Numbers that name a person are hidden; sums and dates stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13812345678。", "电话138••••••78。"),
        ("１３８１２３４５６７８", "１３８••••••７８"),
        ("138-1234-5678", "138-••••-••78"),
        ("身份证11010119900307451X", "身份证110•••••••••••••1X"),
        ("卡号6222021234567890123", "卡号622••••••••••••••23"),
        ("010-87654321", "•••-••••••21"),
    ],
)
def test_numbers_of_persons_are_hidden(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", ["花了12000元", "2023-05-12手术", "20230512", "3床", "20万", ""])
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


@given(st.text(st.characters(), max_size=60) | st.text("0123456789xX -１２", max_size=60))
def test_length_never_changes(text: str) -> None:
    assert len(mask(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("138.1234.5678", "138.••••.••78"),
        ("1 3 8 1 2 3 4 5 6 7 8", "1 3 8 • • • • • • 7 8"),
        ("一三八一二三四五六七八", "一三八••••••七八"),
        ("一 三 八 一 二 三 四 五 六 七 八", "一 三 八 • • • • • • 七 八"),
        ("幺三八零零一二三四五六", "幺三八••••••五六"),
        ("13八1234五678", "13八••••••78"),
        ("①③⑧①②③④⑤⑥⑦⑧", "①③⑧••••••⑦⑧"),
        ("0912-345-678", "••••-•••-•78"),
        ("(010)87654321", "(•••)••••••21"),
        ("6222 0212 3456 7890 123", "622• •••• •••• •••• •23"),
        ("身份证A123456789", "身份证A1••••••89"),
        ("13812345678元", "138••••••78元"),
    ],
)
def test_spelled_and_spaced_numbers_are_hidden_too(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "3000-5000元", "3000-5000", "100000-150000元", "2023.05.12 2023.05.20", "2023-05-12 2023-05-20",
        "3.5 4.2 5.1 6.0",
        "二零二四年五月十二日", "一二三四五六七", "一万二千三百四十五", "国药准字H20051234",
        "批号A20230512", "2024-05-12 10:30",
    ],
)  # fmt: skip
def test_sums_dates_and_readings_stay(text: str) -> None:
    assert mask(text) == text
