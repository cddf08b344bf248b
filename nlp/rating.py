"""Reads a reply to the question how the stay was: score, tone, opt-out, health trouble, clues."""

from dataclasses import dataclass

from nlp.crisis import crisis_in
from nlp.health import read_health
from nlp.opt_out import opts_out
from nlp.reading import Reader, Reading
from nlp.replies import Reply
from nlp.reply_topics import blamed, find_topics, is_dangerous
from nlp.scores import find_score
from nlp.taxonomy import Category, Intent
from nlp.tone import Polarity, is_pleased, weigh_tone

__all__ = ["Polarity", "Rating", "rate"]


@dataclass(frozen=True, slots=True)
class Rating:
    """How a reply was read. `score` 1 to 5 or None where none was given; `opt_out`: no more messages wanted.

    `needs_care`: a present health problem that a clinician should call back about. `urgent`: it cannot wait,
    or somebody is in danger.
    """

    score: int | None = None
    polarity: Polarity = Polarity.NEUTRAL
    opt_out: bool = False
    needs_care: bool = False
    categories: tuple[Category, ...] = ()
    urgent: bool = False


def rate(text: str, reader: Reader | None = None) -> Rating:
    """Reads one reply, by the lists that come along unless a reader is given. Never raises for any string."""
    reply = Reply.of(text)
    reading = (reader or Reader.load()).study(text)
    health = read_health(reply)
    score = find_score(reply)
    opt_out = opts_out(reply)
    silent = health.care or health.well or opt_out or (score or 0) >= 4 or is_pleased(reply)
    categories = find_topics(reply, reading, plain=not silent)
    if health.care and score is None:
        categories = blamed(reply, categories)
    tone = weigh_tone(
        reply, score=score, categories=categories, health=health, opt_out=opt_out, reading=reading
    )
    return Rating(
        score=score,
        polarity=tone,
        opt_out=opt_out,
        needs_care=health.care,
        categories=categories,
        urgent=health.emergency
        or is_dangerous(reply)
        or _is_pressed(reading, categories)
        or crisis_in(text) is not None,
    )


def _is_pressed(reading: Reading, categories: tuple[Category, ...]) -> bool:
    """Whether the reader sees a report that cannot wait; its word on health is not asked here."""
    alleged = any(category.is_misconduct for category in categories)
    return alleged and reading.verdict.urgent and reading.verdict.intent is Intent.REPORT
