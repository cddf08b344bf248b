"""What replies praise and complain about, in terms that can be counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.mention_book import book
from nlp.mentions import Mentions, find_mentions
from nlp.wording import table as words
from tests.nlp.replies import table


def _terms(cell: str) -> set[str]:
    return set(filter(None, cell.split("、")))


@pytest.mark.parametrize(("praised", "complained", "text"), table("mentions"))
def test_replies_of_our_own(praised: str, complained: str, text: str) -> None:
    found = find_mentions(text)
    assert (set(found.praised), set(found.complained)) == (_terms(praised), _terms(complained))


def test_each_clause_has_its_own_tone() -> None:
    assert find_mentions("护士态度好，就是饭菜难吃") == Mentions(("护士态度",), ("饭菜",))


def test_a_sneer_turns_praise_round() -> None:
    assert find_mentions("护士态度真好啊，呵呵") == Mentions((), ("护士态度",))


def test_a_name_is_no_term() -> None:
    found = find_mentions("感谢王小明主任和13床的李护士，电话13812345678")
    assert set(found.praised + found.complained) <= book().all_terms()


@given(st.text(max_size=60) | st.text("护士医生饭菜厕所态度好不没难吃脏，但是除了希望", max_size=30))
def test_only_terms_of_the_book_come_out(text: str) -> None:
    found = find_mentions(text)
    assert set(found.praised + found.complained) <= book().all_terms()


def test_no_term_holds_a_digit() -> None:
    assert not any(char.isdigit() for term in words("mentions.toml")["things"] for char in term)
