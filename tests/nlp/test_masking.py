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
