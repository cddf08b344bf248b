"""Replies about a stay in many voices: most of them have to be read right, not each."""

from nlp.rating import Polarity, Rating, rate
from tests.nlp.replies import table

_SIGNS = {Polarity.POSITIVE: "+", Polarity.NEUTRAL: "0", Polarity.NEGATIVE: "-"}
_MOST = 0.93


def _readings() -> list[tuple[tuple[str, ...], Rating]]:
    return [(row, rate(row[-1])) for row in table("stays")]


def test_most_tones_are_heard() -> None:
    readings = _readings()
    right = sum(_SIGNS[rating.polarity] == row[1] for row, rating in readings)
    assert right / len(readings) > _MOST


def test_nobody_who_wants_no_more_messages_is_missed() -> None:
    assert all(rating.opt_out for row, rating in _readings() if "o" in row[2])


def test_nobody_in_danger_is_missed() -> None:
    assert all(rating.urgent for row, rating in _readings() if "u" in row[2])


def test_nobody_with_a_trouble_is_missed() -> None:
    assert all(rating.needs_care for row, rating in _readings() if "c" in row[2])
