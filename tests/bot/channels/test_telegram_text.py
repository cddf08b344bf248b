"""Cutting and cleaning texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.text import clean, split_text, units


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        (" \n ", []),
        ("短", ["短"]),
        ("一二三四五六七八九十一", ["一二三四五六七八九十", "一"]),
        ("一二三四五。\n\n七八九十一二", ["一二三四五。", "七八九十一二"]),
        ("一二三四五六。八九十一", ["一二三四五六。", "八九十一"]),
        ("一。三四五六七八九十一二", ["一。三四五六七八九十", "一二"]),
        ("😀😀😀😀😀😀", ["😀😀😀😀😀", "😀"]),
        ("一😀😀😀😀😀", ["一😀😀😀😀", "😀"]),
    ],
)
def test_parts_end_where_a_reader_would_stop(text: str, parts: list[str]) -> None:
    assert split_text(text, 10) == parts


@given(st.text(st.sampled_from("字a😀。\n ,"), max_size=80))
def test_no_part_is_too_long_or_empty_and_no_word_is_lost(text: str) -> None:
    parts = split_text(text, 10)
    assert all(0 < units(part) <= 10 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(st.characters(exclude_categories=[])))
def test_clean_text_can_always_be_sent(text: str) -> None:
    clean(text).encode("utf-8")
    assert clean(clean(text)) == clean(text)


def test_a_pair_of_surrogates_becomes_its_character() -> None:
    assert clean("\ud83d\ude00") == "😀"
