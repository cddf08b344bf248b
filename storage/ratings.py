"""Satisfaction: what people answered when asked how it was."""

import secrets
from datetime import datetime
from typing import Any

from sqlmodel import Field, Session, SQLModel

from storage.columns import UtcTime, as_number
from storage.vault import Vault, place


class RatingRow(SQLModel, table=True):
    """One rating, tied to nobody; `score` is 1 to 5, the words are sealed.

    What a discharged patient wrote has the `department` and `ward` of the stay, and only the day as its time.
    """

    __tablename__ = "ratings"

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    score: int | None = Field(default=None, index=True)
    polarity: str
    words: bytes
    department: str = ""
    ward: str = ""
    created_at: datetime = Field(sa_type=UtcTime, index=True)


def record_rating(
    session: Session,
    *,
    score: int | None,
    polarity: str,
    words: str,
    department: str = "",
    ward: str = "",
    vault: Vault,
    now: datetime,
) -> int:
    """Keeps a rating and returns its id."""
    uid = secrets.token_hex(8)
    row = RatingRow(
        uid=uid, score=score, polarity=polarity, words=b"", department=department,
        ward=ward, created_at=now,
    )  # fmt: skip
    row.words = vault.seal_text(words, rating_place(row))
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def rating_place(row: Any) -> str:
    """The words stand for the grade beside them."""
    beside = (row.department, row.ward, as_number(row.created_at))
    return place("ratings", row.uid, row.score, row.polarity, *beside)
