"""Asking for an end of the messages, in every voice; and what only sounds like it."""

import pytest

from nlp.opt_out import opts_out
from nlp.replies import Reply
from tests.nlp.replies import table


@pytest.mark.parametrize(("wanted", "text"), table("opt_out"))
def test_opt_out(wanted: str, text: str) -> None:
    assert opts_out(Reply.of(text)) == (wanted == "1")


@pytest.mark.parametrize("text", ["5 TD", "满意，退订", "一般 T", "不满意！取消", "4分\nstop"])
def test_a_code_after_a_rating_counts(text: str) -> None:
    assert opts_out(Reply.of(text))
