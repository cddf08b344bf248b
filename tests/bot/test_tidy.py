"""Text from outside is made fit to be kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tidy import MOST, tidy_text


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("好", "好"),
        ("a\0b\x07c\x1bd\x7fe\x9f", "abcde"),
        ("一\n二\t三", "一\n二\t三"),
        ("一\r\n二\r三", "一\n二三"),
        ("\ud800", "�"),
        ("\udc00\ud800", "��"),
        ("\ud83d\ude00", "😀"),
        ("\u202e反\u2066", "反"),
        ("红\u200e包\u200f给\u061c了", "红包给了"),
        (" \n 好 \n ", "好"),
        ("好" * (MOST + 1), "好" * MOST),
        ("👨‍👩‍👧🧧", "👨‍👩‍👧🧧"),
    ],
)
def test_puts_right_what_cannot_be_kept(raw: str, tidy: str) -> None:
    assert tidy_text(raw) == tidy


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_comes_can_be_encoded_and_tidying_twice_changes_nothing(raw: str) -> None:
    tidy = tidy_text(raw)
    assert tidy.encode().decode() == tidy == tidy_text(tidy)
