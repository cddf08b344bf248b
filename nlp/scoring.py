"""Scores a text for every label by the learned weights of its words and signs."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import exp, sqrt
from operator import sub
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.lanes import ONE, Lanes
from nlp.weights import COLUMNS, GENRES, LABELS, SIGN, Feature, Weights, shipped_weights

_LETTER, _NORM = len(COLUMNS), len(COLUMNS) + 1
WEIGHED = 600
"""Characters of a text whose words are weighed: who writes longer says early what it is about."""
_PARTS = [slice(genre * len(LABELS), (genre + 1) * len(LABELS)) for genre in range(len(GENRES))]
Place = tuple[int, int, int]
"""A word in a text: its number, start and end in characters of the normalised text."""


class Vocabulary:
    """Finds words in a text: at each place the longest that begins there, none overlapping another."""

    def __init__(self, words: Sequence[str]) -> None:
        self._automaton = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest)

    def places(self, text: str) -> list[Place]:
        """Where words stand in the part of the text that is weighed, in the order of the text."""
        return self._automaton.find_matches_as_indexes(text[:WEIGHED])


PLACE_OF = {label: place for place, label in enumerate(LABELS)}
"""Where a label stands in the lists of Scores."""
_CLEAR = 0.1
"""How far the probability of a letter may be from 0 or 1 where the weights of one genre are enough."""


class Weighed(NamedTuple):
    """The words of a text, weighed: where they stand, the packed sums, and what to take off each."""

    places: list[Place]
    sums: tuple[int, ...]
    off: int


class Scores(NamedTuple):
    """Log-odds of the labels in the order of LABELS, and how far each is over the least that counts.

    `letter` is the probability that the text is a letter or a public review rather than a chat message;
    `places` is where the words stand that were weighed.
    """

    odds: list[float]
    margin: list[float]
    letter: float
    places: list[Place]


class Scorer:
    """Holds the weights, packed; safe to use from several threads."""

    def __init__(self, weights: Weights) -> None:
        words: list[str] = []
        self._lanes = Lanes(_NORM + 1)
        self._words: list[int] = []
        self._signs: dict[str, int] = {}
        self._telling: list[dict[int, float]] = [{} for _ in COLUMNS]
        for feature in weights.features:
            packed = self._lanes.pack([*feature.weights, feature.letter, feature.rarity**2])
            if feature.name.startswith(SIGN):
                self._signs[feature.name.removeprefix(SIGN)] = packed
            else:
                self._note_telling(feature, len(words))
                words.append(feature.name)
                self._words.append(packed)
        self._vocabulary = Vocabulary(words)
        self._letter_bias = weights.letter_bias
        self._bias = [weights.bias[part] for part in _PARTS]
        self._least = [weights.least[part] for part in _PARTS]

    def _note_telling(self, word: Feature, number: int) -> None:
        """Remembers what a word speaks for; a single character must speak loudly to be shown."""
        least = _TELLING if len(word.name) > 1 else 2 * _TELLING
        if max(word.weights) >= least:
            for column, weight in enumerate(word.weights):
                if weight >= least:
                    self._telling[column][number] = weight

    def weigh(self, text: str) -> Weighed:
        """The words of a normalised text."""
        places = self._vocabulary.places(text)
        numbers = {number for number, _, _ in places}
        return Weighed(places, *self._lanes.total(map(self._words.__getitem__, numbers)))

    def score(self, words: Weighed, signs: Iterable[str]) -> Scores:
        """What the weights say of a text with these words and signs."""
        known = self._signs
        seen, off = self._lanes.total([known[sign] for sign in signs if sign in known])
        by_word, by_sign = _unit(words.sums[_NORM] - words.off), _unit(seen[_NORM] - off)
        off_words, sums = words.off, words.sums
        told = (sums[_LETTER] - off_words) * by_word + (seen[_LETTER] - off) * by_sign
        letter = chance(told + self._letter_bias)
        both: list[list[float]] = []
        for genre, part in enumerate(_PARTS):
            if abs(letter - genre) > 1 - _CLEAR:  # plainly the other one
                both.append([])
                continue
            odds = [
                (word - off_words) * by_word + (sign - off) * by_sign + bias
                for word, sign, bias in zip(sums[part], seen[part], self._bias[genre], strict=True)
            ]
            both.append(odds)
        margins = [list(map(sub, odds, self._least[genre])) for genre, odds in enumerate(both)]
        return Scores(_blend(both, letter), _blend(margins, letter), letter, words.places)

    def telling(self, scores: Scores, labels: Iterable[str]) -> dict[str, list[Place]]:
        """For each label the words that speak for it, the weightiest first."""
        first = len(LABELS) * (scores.letter >= 0.5)
        told: dict[str, list[Place]] = {}
        for label in labels:
            weights = self._telling[first + PLACE_OF[label]]
            found = [(-weights[place[0]], place[1], place) for place in scores.places if place[0] in weights]
            told[label] = [place for _, _, place in sorted(found)]
        return told


def _blend(both: Sequence[list[float]], letter: float) -> list[float]:
    """What both genres say, by how likely each is; where it is clear which, the other is left empty."""
    chat, formal = both
    if chat and formal:
        return [one + letter * (other - one) for one, other in zip(chat, formal, strict=True)]
    return chat or formal


@lru_cache(maxsize=1)
def shipped_scorer() -> Scorer:
    """The scorer of the weights that come along, made once per process. Raises ListError."""
    return Scorer(shipped_weights())


_TELLING = 1.5
"""Weight from which a word is worth showing."""


def _unit(square: int) -> float:
    """One over the norm whose packed square this is, and over what packed numbers are stored by."""
    return 1 / sqrt(square * ONE) if square > 0 else 0.0


def chance(odds: float) -> float:
    """The probability, 0 to 1, of these log-odds."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
