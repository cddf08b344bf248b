"""Holds what was learned from labelled messages: weights of words and signs, in a file that can be read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from nlp.tables import ListError, rows
from nlp.taxonomy import Category, Intent

FILE = "weights.tsv"
URGENT, LETTER = "urgent", "letter"
LABELS: tuple[str, ...] = (*Intent, *Category, URGENT)
"""What a message can be, each scored for itself."""
GENRES = ("chat", "letter")
"""People write otherwise in a chat than in a letter or public review: each has weights of its own."""
SIGN = "~"
"""Stands before a feature that is no word of the text but a sign of what the lists found."""
BIAS, LEAST = "(bias)", "(least)"
"""Rows that are no features: what is added to every score, and the score from which a label counts."""

Row = Mapping[str, float]
NOTHING: Row = {}


@dataclass(frozen=True, slots=True)
class Feature:
    """A word or sign: its rarity (inverse document frequency) and its weights, already times the rarity.

    `letter` is what it says for a letter and against a chat message.
    """

    name: str
    rarity: float
    weights: Mapping[str, Row]
    letter: float


@dataclass(frozen=True, slots=True)
class Weights:
    """All that was learned. `bias` and `least` are by genre and label, in log-odds."""

    features: Iterable[Feature]
    bias: Mapping[str, Row]
    least: Mapping[str, Row]
    letter_bias: float = 0.0

    def lines(self) -> Iterator[str]:
        """The rows of the file; weights that change no verdict are left out."""
        yield "\t".join(("feature", "rarity", *GENRES, "genre"))
        yield _line(Feature(BIAS, 0.0, self.bias, self.letter_bias), 2, 0.0)
        yield _line(Feature(LEAST, 0.0, self.least, 0.0), 2, 0.0)
        for one in self.features:
            yield _line(one, 1, _SMALL)


_SMALL = 1.5
"""A text's weights are divided by the norm of its rarities, some 20 to 80: less than this says nothing."""


def _line(feature: Feature, decimals: int, least: float) -> str:
    cells = []
    for genre in GENRES:
        row = feature.weights.get(genre, NOTHING)
        kept = sorted((item for item in row.items() if abs(item[1]) >= least), key=lambda item: -abs(item[1]))
        cells.append(" ".join(f"{label}:{weight:+.{decimals}f}" for label, weight in kept))
    return "\t".join((feature.name, f"{feature.rarity:.2f}", *cells, f"{feature.letter:.{decimals}f}"))


def shipped_weights() -> Weights:
    """The weights of nlp/data; its features are read one by one as they are asked for, and once.

    Raises ListError for a row that is none, also while the features are read.
    """
    found = _features()
    others = {one.name: one for one in islice(found, 2)}
    if others.keys() != {BIAS, LEAST}:
        raise ListError(f"{FILE}: the first two rows must be {BIAS} and {LEAST}")
    return Weights(found, others[BIAS].weights, others[LEAST].weights, others[BIAS].letter)


def _features() -> Iterator[Feature]:
    for name, rarity, chat, letter, genre in rows(FILE, 5):
        try:
            weights = {key: _read(cell) for key, cell in zip(GENRES, (chat, letter), strict=True)}
            yield Feature(name, float(rarity), weights, float(genre or 0))
        except ValueError:
            raise ListError(f'{FILE}, "{name}": expected numbers and label:weight pairs') from None


def _read(cell: str) -> Row:
    row = {label: float(weight) for label, _, weight in (pair.partition(":") for pair in cell.split())}
    if not row.keys() <= set(LABELS):
        raise ValueError
    return row
