"""Ratings are kept sealed and tied to nobody."""

from sqlmodel import Session

from storage.ratings import RatingRow, rating_place, record_rating
from tests.factories import MONDAY, make_house

HOUSE = make_house()


def test_keeps_the_score_and_seals_the_words(session: Session) -> None:
    number = record_rating(
        session, score=2, polarity="negative", words="等了三个小时", vault=HOUSE.vault, now=MONDAY
    )
    row = session.get(RatingRow, number)
    assert row is not None
    assert (row.score, row.polarity, row.created_at) == (2, "negative", MONDAY)
    assert HOUSE.vault.open_text(row.words, rating_place(row)) == "等了三个小时"
    assert set(RatingRow.model_fields) == {
        "id", "uid", "score", "polarity", "words", "department", "ward", "created_at",
    }  # fmt: skip
