"""What may be suggested as a word for the lists, and what could tell who wrote a report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalise import normalise
from nlp.phrases import LONGEST, SHORTEST, named_in, phrases, tells_who


def test_words_and_their_neighbours_are_found() -> None:
    found = phrases("主任说床位紧张，给他表示一下就安排了")
    assert {"床位", "床位紧张", "说床位紧张", "安排"} <= found


def test_no_phrase_begins_inside_a_word_or_crosses_a_clause() -> None:
    found = phrases("床位紧张，手术排队")
    assert not found & {"位紧张", "紧张手术", "术排队", "床位紧"}


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("张建国收了好处费", "张建国"),
        ("骨科张主任收了好处费", "张主任"),
        ("小王收了好处费", "小王"),
        ("打我电话13812345678说好处费", "138"),
        ("住在郑州市的好处费", "郑州"),
        ("一三八一二三说好处费", "一三八"),
        ("我叫欧阳娜娜给好处费", "欧阳"),
    ],
)
def test_numbers_and_names_are_left_out(text: str, secret: str) -> None:
    assert [phrase for phrase in phrases(text) if secret in phrase] == []


def test_names_we_were_told_are_left_out() -> None:
    assert "铁手张" in phrases("铁手张收钱") or any("铁手" in one for one in phrases("铁手张收钱"))
    assert not [one for one in phrases("大家叫他快刀手收钱", {"快刀手"}) if "快刀手" in one]
    assert tells_who("快刀手收钱", {"快刀手"})


def test_a_title_alone_is_nobody() -> None:
    assert any("医生" in phrase for phrase in phrases("医生暗示表示一下"))


def test_traditional_and_simplified_give_the_same() -> None:
    assert phrases("床位緊張要表示") == phrases("床位紧张要表示")


@given(st.text(max_size=60))
def test_any_text_is_cut_without_an_error(text: str) -> None:
    plain = normalise(text).text
    for phrase in phrases(text):
        assert SHORTEST <= len(phrase) <= LONGEST
        assert phrase in plain


def test_a_name_behind_its_title_is_somebody_too() -> None:
    assert {"张建国", "科主任张建国"} <= set(named_in("科主任张建国收了好处费，医生没收"))
    assert list(named_in("主任收了")) == []
