"""Satisfaction: what people answered when asked how it was."""

import secrets
from datetime import datetime
from typing import Any

from sqlmodel import Field, Session, SQLModel

from storage.columns import UtcTime, as_number
from storage.vault import Vault, place


class RatingRow(SQLModel, table=True):
    """One rating, tied to nobody; `score` is 1 to 5, the words are sealed."""

    __tablename__ = "ratings"

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    score: int | None = Field(default=None, index=True)
    polarity: str
    words: bytes
    created_at: datetime = Field(sa_type=UtcTime, index=True)


def record_rating(
    session: Session, *, score: int | None, polarity: str, words: str, vault: Vault, now: datetime
) -> int:
    """Keeps a rating and returns its id."""
    uid = secrets.token_hex(8)
    row = RatingRow(uid=uid, score=score, polarity=polarity, words=b"", created_at=now)
    row.words = vault.seal_text(words, rating_place(row))
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def rating_place(row: Any) -> str:
    """The words stand for the grade beside them."""
    return place("ratings", row.uid, row.score, row.polarity, as_number(row.created_at))
