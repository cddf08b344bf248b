"""The project's own messages are labelled by the taxonomy, and those held back are in no other file."""

import re
import tomllib

import pytest

from benchmarks.own_messages import FOLDER, Message, messages, records
from nlp.taxonomy import COMPLAINTS, Category, Intent

NAMES = ("chat", "letters", "held_back/chat")


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_those_of_the_taxonomy_and_fit_together(name: str) -> None:
    complaints = {category.value for category in COMPLAINTS}
    for one in messages(name):
        assert one.intent in set(Intent), one
        assert set(one.categories) <= set(Category), one
        if one.intent == "complaint":
            assert set(one.categories) <= complaints, one
        if one.intent in ("praise", "inquiry", "other"):
            assert not one.categories, one


def test_no_text_stands_twice_and_none_held_back_is_trained_on() -> None:
    texts = [one.text for name in NAMES for one in messages(name)]
    assert len(texts) == len(set(texts))


def test_nobody_can_be_called_or_identified() -> None:
    identity, mobile = re.compile(r"\d{17}[\dXx]"), re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
    for name in NAMES:
        for one in messages(name):
            assert not identity.search(one.text)
            assert not mobile.search(one.text)


def test_replies_have_all_their_fields() -> None:
    for row in records(FOLDER / "held_back" / "replies.jsonl"):
        assert row["score"] is None or 1 <= row["score"] <= 5
        assert row["polarity"] in ("positive", "neutral", "negative")
        assert {"text", "opt_out", "categories", "needs_care", "urgent"} <= row.keys()


def test_shares_name_every_intent_and_category() -> None:
    shares = tomllib.loads((FOLDER / "shares.toml").read_text("utf-8"))
    for genre in ("chat", "letter"):
        assert set(shares[genre]["intents"]) == set(Intent)
        assert set(shares[genre]["categories"]) == set(Category)


def test_labels_of_a_message_are_all_that_is_learned() -> None:
    message = Message("今晚手术，要八千", "report", ("red_envelope",), urgent=True)
    assert message.labels == {"report", "red_envelope", "urgent"}
