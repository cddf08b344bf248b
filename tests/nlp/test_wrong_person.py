"""Who answers a survey, and what has become of the patient."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.wrong_person import is_deceased, is_readmitted, is_wrong_person
from tests.nlp.replies import table


@pytest.mark.parametrize(("means", "text"), table("person"))
def test_replies_of_our_own(means: str, text: str) -> None:
    read = (is_wrong_person(text), is_deceased(text), is_readmitted(text))
    assert read == (means == "w", means == "x", means == "a")


def test_a_relative_who_answers_is_no_stranger() -> None:
    assert not is_wrong_person("我不是病人，我是他儿子")


def test_a_family_that_also_says_wrong_number_is_mourned_first() -> None:
    text = "打错了吧，人都走了还问"
    assert is_deceased(text)
    assert not is_wrong_person(text)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for ask in (is_wrong_person, is_deceased, is_readmitted):
        assert ask(text) in (True, False)
