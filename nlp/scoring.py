"""Scores a text for every label by the learned weights of its words and signs."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from math import exp, sqrt
from operator import add
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.lanes import ONE, Lanes
from nlp.weights import GENRES, LABELS, NOTHING, SIGN, Feature, Row, Weights, shipped_weights

_LETTER, _NORM = len(GENRES) * len(LABELS), len(GENRES) * len(LABELS) + 1
WEIGHED = 300
"""Characters of a text whose words are weighed: who writes longer says early what it is about."""
Place = tuple[int, int, int]
"""A word in a text: its number, start and end in characters of the normalised text."""


class Vocabulary:
    """Finds words in a text: at each place the longest that begins there, none overlapping another."""

    def __init__(self, words: Sequence[str]) -> None:
        self._automaton = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest)

    def places(self, text: str) -> list[Place]:
        """Where words stand in the part of the text that is weighed, in the order of the text."""
        return self._automaton.find_matches_as_indexes(text[:WEIGHED])


class Scores(NamedTuple):
    """Log-odds of every label, and how far each is over the least that counts.

    `letter` is the probability that the text is a letter or a public review rather than a chat message;
    `places` is where the words stand that were weighed.
    """

    odds: dict[str, float]
    margin: dict[str, float]
    letter: float
    places: list[Place]

    def chance(self, label: str) -> float:
        """The probability of a label, 0 to 1."""
        return _chance(self.odds[label])


class Scorer:
    """Holds the weights, packed; safe to use from several threads."""

    def __init__(self, weights: Weights) -> None:
        words = [one for one in weights.features if not one.name.startswith(SIGN)]
        self._vocabulary = Vocabulary([one.name for one in words])
        self._lanes = Lanes(_NORM + 1)
        self._words = [self._lanes.pack(_row(one)) for one in words]
        signs = (one for one in weights.features if one.name.startswith(SIGN))
        self._signs = {one.name.removeprefix(SIGN): self._lanes.pack(_row(one)) for one in signs}
        self._letter_bias = weights.letter_bias
        self._bias = [_listed(weights.bias[genre]) for genre in GENRES]
        self._least = [_listed(weights.least[genre]) for genre in GENRES]
        self._telling = {genre: _by_label(words, genre) for genre in GENRES}

    def score(self, text: str, signs: Iterable[str]) -> Scores:
        """What the weights say of a normalised text with these signs."""
        places = self._vocabulary.places(text)
        words, taken = self._lanes.total(map(self._words.__getitem__, {place[0] for place in places}))
        known = self._signs
        seen, off = self._lanes.total([known[sign] for sign in signs if sign in known])
        by_word, by_sign = _unit(words[_NORM] - taken), _unit(seen[_NORM] - off)
        sums = [(a - taken) * by_word + (b - off) * by_sign for a, b in zip(words, seen, strict=True)]
        letter = _chance(sums[_LETTER] + self._letter_bias)
        chat = map(add, sums, self._bias[0])
        formal = map(add, sums[len(LABELS) : _LETTER], self._bias[1])
        odds = [one + letter * (other - one) for one, other in zip(chat, formal, strict=False)]
        margin = [
            one - low - letter * (high - low) for one, low, high in zip(odds, *self._least, strict=True)
        ]
        return Scores(
            dict(zip(LABELS, odds, strict=True)), dict(zip(LABELS, margin, strict=True)), letter, places
        )

    def telling(self, scores: Scores, labels: Iterable[str]) -> dict[str, list[Place]]:
        """For each label the words that speak for it, the weightiest first."""
        by_label = self._telling[GENRES[scores.letter >= 0.5]]
        told: dict[str, list[Place]] = {}
        for label in labels:
            weights = by_label[label]
            found = [(-weights[place[0]], place[1], place) for place in scores.places if place[0] in weights]
            told[label] = [place for _, _, place in sorted(found)]
        return told


@lru_cache(maxsize=1)
def shipped_scorer() -> Scorer:
    """The scorer of the weights that come along, made once per process. Raises ListError."""
    return Scorer(shipped_weights())


_TELLING = 3.0
"""Weight from which a word is worth showing."""


def _by_label(words: Sequence[Feature], genre: str) -> dict[str, dict[int, float]]:
    """For each label the words of two characters or more that speak for it, by number."""
    told: dict[str, dict[int, float]] = {label: {} for label in LABELS}
    for number, word in enumerate(words):
        if len(word.name) > 1:
            for label, weight in word.weights.get(genre, NOTHING).items():
                if weight >= _TELLING:
                    told[label][number] = weight
    return told


def _row(feature: Feature) -> list[float]:
    weights = [_listed(feature.weights.get(genre, NOTHING)) for genre in GENRES]
    return [*chain.from_iterable(weights), feature.letter, feature.rarity**2]


def _listed(row: Row) -> list[float]:
    return [row.get(label, 0.0) for label in LABELS]


def _unit(square: int) -> float:
    """One over the norm whose packed square this is, and over what packed numbers are stored by."""
    return 1 / sqrt(square * ONE) if square > 0 else 0.0


def _chance(odds: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
