"""Reads a reply to the question how the stay was: score, tone, opt-out, health trouble, clues."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from nlp.intents import ENOUGH
from nlp.normalise import normalise
from nlp.reading import Reader, Reading
from nlp.scores import find_score, words
from nlp.taxonomy import Category, Intent

_TOPIC_ENOUGH = 0.5
"""In a reply about a stay, naming a thing next to a reproach is enough for a complaint category."""
_DENIALS = ("不", "没", "没有", "无", "不再", "别", "别再")
_EDGES = " .。!?~,、"
_PAUSES = re.compile(r"[,。.!?;~\n]+(?![0-9])")
_BRIBES = frozenset({Category.RED_ENVELOPE, Category.KICKBACK})


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


def rate(text: str, reader: Reader | None = None) -> Rating:
    """Reads one reply, by the lists that come along unless a reader is given. Never raises for any string."""
    plain = normalise(text).text.strip()
    reading = (reader or Reader.load()).study(text)
    score = find_score(plain)
    categories = _categories(plain, reading)
    care = _needs_care(plain)
    return Rating(
        score=score,
        polarity=_polarity(plain, score, categories, reading, care),
        opt_out=_opts_out(plain),
        needs_care=care,
        categories=categories,
        urgent=reading.verdict.urgent,
    )


def _categories(plain: str, reading: Reading) -> tuple[Category, ...]:
    if reading.verdict.intent is Intent.REPORT or len(plain) > 200:
        return reading.verdict.categories
    reproach = any(word in plain for word in words()["tone"]["reproach"])
    least = _TOPIC_ENOUGH if reproach else ENOUGH
    ranked = sorted(reading.scales.scores.items(), key=lambda item: -item[1])
    return tuple(c for c, score in ranked if score >= (ENOUGH if c.is_misconduct else least))


def _polarity(
    plain: str, score: int | None, categories: tuple[Category, ...], reading: Reading, care: bool
) -> Polarity:
    if score is not None:
        if score >= 3 and _BRIBES.intersection(categories):
            return Polarity.NEGATIVE
        return Polarity.POSITIVE if score >= 4 else Polarity.NEGATIVE if score <= 2 else Polarity.NEUTRAL
    tone = words()["tone"]
    bad = _count(tone["negative"], plain) + len(categories)
    good = _count(tone["positive"], plain) + (reading.verdict.intent is Intent.PRAISE)
    if reading.verdict.intent in (Intent.REPORT, Intent.COMPLAINT) and not care:
        bad += 1
    if good == bad:
        return Polarity.NEUTRAL
    return Polarity.POSITIVE if good > bad else Polarity.NEGATIVE


def _opts_out(plain: str) -> bool:
    group = words()["opt_out"]
    bare = plain.strip(_EDGES)
    if bare in group["alone"]:
        return True
    last = bare.replace("。", ",").replace(" ", ",").replace("!", ",").split(",")[-1]
    if last in group["alone"] and len(last) > 1:
        return True
    rest = plain
    for word in group["not"]:
        rest = rest.replace(word, "")
    return any(phrase in rest for phrase in group["phrases"])


def _needs_care(plain: str) -> bool:
    return any(_has_sign(clause) for clause in _PAUSES.split(plain))


def _has_sign(clause: str) -> bool:
    group = words()["care"]
    if any(word in clause for word in group["not"]):
        return False
    for sign in group["signs"]:
        at = clause.find(sign)
        if at >= 0 and not clause[max(0, at - 2) : at].endswith(_DENIALS):
            return True
    return False


def _count(group: Iterable[str], plain: str) -> int:
    return sum(word in plain for word in group)
