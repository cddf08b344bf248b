"""Holds what was learned from labelled messages: weights of words and signs, in a table that can be read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from nlp.tables import ListError
from nlp.taxonomy import Category, Intent

FILE = "weights.tsv"
URGENT = "urgent"
LABELS: tuple[str, ...] = (*Intent, *Category, URGENT)
"""What a message can be, each scored for itself."""
GENRES = ("chat", "letter")
"""People write otherwise in a chat than in a letter or public review: each has weights of its own."""
COLUMNS = tuple(f"{genre}.{label}" for genre in GENRES for label in LABELS)
"""The order of a feature's weights."""
SIGN = "~"
"""Stands before a feature that is no word of the text but a sign of what the lists found."""
BIAS, LEAST = "(bias)", "(least)"
"""Rows that are no features: what is added to every score, and the score from which a label counts."""
_HEADER = "\t".join(("feature", "rarity", "letter", *COLUMNS))


@dataclass(frozen=True, slots=True)
class Feature:
    """A word or sign: its rarity (inverse document frequency) and its weights, already times the rarity.

    `letter` is what it says for a letter and against a chat message; `weights` are in the order of COLUMNS.
    """

    name: str
    rarity: float
    letter: float
    weights: Sequence[float]


@dataclass(frozen=True, slots=True)
class Weights:
    """All that was learned. `bias` and `least` are log-odds in the order of COLUMNS."""

    features: Iterable[Feature]
    bias: Sequence[float]
    least: Sequence[float]
    letter_bias: float

    def lines(self) -> Iterator[str]:
        """The rows of the file; weights that change no verdict are left out."""
        yield _HEADER
        yield _line(Feature(BIAS, 0.0, self.letter_bias, self.bias), 2, 0.0)
        yield _line(Feature(LEAST, 0.0, 0.0, self.least), 2, 0.0)
        for one in self.features:
            yield _line(one, 1, _SMALL)


_SMALL = 1.5
"""A text's weights are divided by the norm of its rarities, some 20 to 80: less than this says nothing."""


def _line(feature: Feature, decimals: int, least: float) -> str:
    cells = [
        f"{weight:.{decimals}f}" if abs(weight) >= least and weight else "" for weight in feature.weights
    ]
    return "\t".join((feature.name, f"{feature.rarity:.2f}", f"{feature.letter:.{decimals}f}", *cells))


def shipped_weights() -> Weights:
    """The weights of nlp/data; its features are read one by one as they are asked for, and once.

    Raises ListError for a row that is none, also while the features are read.
    """
    found = read_features(files("nlp").joinpath("data", FILE).read_text("utf-8"))
    bias, least = next(found, None), next(found, None)
    if bias is None or least is None or (bias.name, least.name) != (BIAS, LEAST):
        raise ListError(f"{FILE}: the first two rows must be {BIAS} and {LEAST}")
    return Weights(found, bias.weights, least.weights, bias.letter)


def read_features(text: str) -> Iterator[Feature]:
    """The rows of the file after its header, one by one. Raises ListError."""
    lines = iter(enumerate(text.splitlines(), start=1))
    header = next((line for _, line in lines if not line.startswith("#")), "")
    if header != _HEADER:
        raise ListError(f"{FILE}: the columns are not those that this version knows; run make train")
    for number, line in lines:
        name, *cells = line.split("\t")
        try:
            rarity, letter, *weights = [float(cell) if cell else 0.0 for cell in cells]
        except ValueError:
            raise ListError(f"{FILE}, line {number}: expected numbers") from None
        if len(weights) != len(COLUMNS):
            raise ListError(f"{FILE}, line {number}: expected {len(COLUMNS)} weights")
        yield Feature(name, rarity, letter, weights)
