"""Every development reply to the first question leads to a sensible next message."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from handlers.words import words_for
from nlp.rating import rate
from nlp.taxonomy import Category
from nlp.wrong_person import is_deceased, is_wrong_person
from storage.followup.discharges import Standing
from storage.followup.tasks import TaskKind
from tests.handlers.followup.conftest import Books, Leaves

_FILE = Path(__file__).with_name("replies.jsonl")
_REPLIES = [json.loads(line) for line in _FILE.read_text("utf-8").splitlines() if line]
_ENDED = ("不再给您发", "节哀", "联系方式我们已经删掉", "正住着院")


@lru_cache
def _lines(key: str) -> tuple[str, ...]:
    return tuple(words_for("zh")(f"kindness.{key}").splitlines())


def _cheers(text: str) -> bool:
    return any(line in text for line in _lines("good"))


def _regrets(text: str) -> bool:
    return any(line in text for line in _lines("bad"))


@pytest.mark.parametrize("reply", _REPLIES, ids=[reply["id"] for reply in _REPLIES])
def test_a_reply_leads_to_a_sensible_next_message(
    reply: dict[str, Any], goes_home: Leaves, books: Books
) -> None:
    read = rate(reply["text"])
    patient = goes_home().says(reply["text"])
    ended = any(words in patient.text for words in _ENDED)
    assert patient.text.strip()
    assert patient.labels or ended or "120" in patient.text
    if reply["opt_out"]:
        assert ended
        assert patient.discharge.standing is not Standing.ACTIVE
        if not is_deceased(reply["text"]) and not is_wrong_person(reply["text"]):
            assert patient.survey.score == read.score
        return
    assert patient.survey.score == read.score
    if reply["score"] is not None and read.score == reply["score"]:
        assert books.count("overall", str(reply["score"])) == 1
    if reply["needs_care"]:
        assert any(task.kind is TaskKind.CALLBACK for task in books.tasks)
        assert "120" in patient.text
        assert "0571-12345678" in patient.text or "12356" in patient.text
    if reply["polarity"] == "negative":
        assert not _cheers(patient.text)
    if reply["polarity"] == "positive":
        assert not _regrets(patient.text)
    if any(Category(one).is_misconduct for one in reply["categories"]):
        assert "匿名" in patient.text
        assert "就这样交上去" in patient.labels
    assert not books.cases or reply["polarity"] == "positive" or "12356" in patient.text


def test_no_reply_is_answered_with_the_words_of_an_opened_case(goes_home: Leaves, books: Books) -> None:
    for number, reply in enumerate(_REPLIES[:40]):
        patient = goes_home(f"p{number}").says(reply["text"])
        assert "查询码：" not in patient.text
