"""The JSON objects have exactly the agreed keys."""

import json
from typing import Any

import pytest

from nlp.jsonl import RecordError, classify_line, rate_line
from nlp.reading import Reader


def test_classified_line_has_the_agreed_keys() -> None:
    line = classify_line(Reader.load(), {"id": "a", "text": "醫生收了我們三千塊紅包"})
    assert list(line) == ["id", "intent", "categories", "urgent", "confidence", "unsure", "evidence"]
    assert line["id"] == "a"
    assert line["categories"] == ["red_envelope"]
    assert set(line["evidence"][0]) == {"term", "category", "start", "end", "why"}
    assert json.loads(json.dumps(line)) == line


def test_rated_line_has_the_agreed_keys() -> None:
    line = rate_line(Reader.load(), {"id": 7, "text": "5分，退订"})
    assert line == {
        "id": 7,
        "score": 5,
        "polarity": "positive",
        "opt_out": True,
        "categories": [],
        "needs_care": False,
        "urgent": False,
    }


@pytest.mark.parametrize("record", [{}, {"id": 1}, {"text": 5}, {"text": None}, [], "x"])
def test_wrong_record_is_refused_without_quoting_it(record: Any) -> None:
    with pytest.raises(RecordError, match="text"):
        rate_line(Reader.load(), record)
