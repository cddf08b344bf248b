"""The JSON objects that other programs exchange with the reader, one per line."""

from collections.abc import Mapping
from typing import Any

from nlp.rating import rate
from nlp.reading import Reader


class RecordError(ValueError):
    """A record is not what was agreed; the message says what is missing and quotes nothing of it."""


def classify_line(reader: Reader, record: Mapping[str, Any]) -> dict[str, Any]:
    """`{"id", "text"}` in; id, intent, categories, urgent, confidence, unsure and evidence out.

    Raises RecordError.
    """
    verdict = reader.read(_text(record))
    return {
        "id": record.get("id"),
        "intent": verdict.intent.value,
        "categories": [category.value for category in verdict.categories],
        "urgent": verdict.urgent,
        "confidence": verdict.confidence,
        "unsure": verdict.unsure,
        "evidence": [
            {
                "term": piece.term,
                "category": piece.category.value if piece.category else None,
                "start": piece.start,
                "end": piece.end,
                "why": piece.why,
            }
            for piece in verdict.evidence
        ],
    }


def rate_line(reader: Reader, record: Mapping[str, Any]) -> dict[str, Any]:
    """`{"id", "text"}` in; id, score, polarity, opt_out, categories, needs_care and urgent out.

    Raises RecordError.
    """
    rating = rate(_text(record), reader)
    return {
        "id": record.get("id"),
        "score": rating.score,
        "polarity": rating.polarity.value,
        "opt_out": rating.opt_out,
        "categories": [category.value for category in rating.categories],
        "needs_care": rating.needs_care,
        "urgent": rating.urgent,
    }


def _text(record: Mapping[str, Any]) -> str:
    if not isinstance(record, Mapping):
        raise RecordError('expected an object such as {"id": "1", "text": "…"}')
    text = record.get("text")
    if not isinstance(text, str):
        raise RecordError('the key "text" is missing or is not a string')
    return text
