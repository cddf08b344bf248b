"""Learns nlp/data/weights.tsv from the project's own labelled messages: `python -m benchmarks.train`."""

import argparse
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import Progress
from rjieba import cut
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import normalize

import nlp
from benchmarks.own_messages import FOLDER, Message, messages
from nlp.normalise import normalise
from nlp.reading import Reader
from nlp.scoring import WEIGHED, Vocabulary
from nlp.taxonomy import Category, Intent
from nlp.weights import FILE, GENRES, LABELS, SIGN, Feature, Weights

_SEEN_IN = 3
"""Rows a word must stand in to be learned: two messages, as each is there twice."""
_WORDS = 14_000
_SIGNS_SHARE = 0.7
_C, _C_GENRE = 4.0, 10.0
_ELSEWHERE = {"chat": 0.05, "letter": 0.0}
"""How much a message of the other genre counts: letters tell chat a little, chat tells letters nothing."""
_BY_CONTRAST = frozenset(("letter", intent) for intent in Intent)
"""Where real texts are further from ours: what a letter wants is better told by the plainest words alone."""
_SAYS_NOTHING = re.compile(r"[\s\d.:/-]+")
"""No word of its own: a number says nothing about what somebody wants."""
_FOLDS = 4
_NEVER = -8.0
_CAUTION = {"chat": 0.5, "letter": -0.5}
"""Added to the thresholds; measured on the development messages, where people write otherwise than we do."""
_KEEN: dict[tuple[str, str], float] = {("chat", Category.RED_ENVELOPE): 0.4, ("chat", Category.KICKBACK): 0.4}
"""Taken off again where the avoided word matters most: a bribe overlooked is worse than one asked after."""
_MOST_WEIGHT = 4.0


class Corpus:
    """The messages with their features, each twice: seen at a glance, and looked at closer.

    So the same weights serve for both. `number` tells which rows are one message.
    """

    def __init__(self, chat: Sequence[Message], letters: Sequence[Message], reader: Reader) -> None:
        read = [*chat, *letters]
        glances, looks = zip(*(reader.signs(one.text) for one in read), strict=True)
        self.messages = [*read, *read]
        self.number = np.array([*range(len(read))] * 2)
        self.is_letter = np.array(([0] * len(chat) + [1] * len(letters)) * 2)
        self.texts = [normalise(one.text).text for one in read] * 2
        self.signs = [[SIGN + one for one in at_once] for at_once in glances]
        self.signs += [
            [SIGN + one for one in (*at_once, *then)] for at_once, then in zip(glances, looks, strict=True)
        ]
        self.truth = np.array([[label in one.labels for label in LABELS] for one in self.messages], dtype=int)

    def counts(self, vocabulary: Sequence[str]) -> list[list[str]]:
        """The words of each message."""
        finder = Vocabulary(vocabulary)
        return [sorted({vocabulary[number] for number, _, _ in finder.places(text)}) for text in self.texts]


class Block:
    """Features of one kind: their names, their rarity, and the matrix of messages by features."""

    def __init__(self, found: Sequence[Sequence[str]], share: float) -> None:
        seen = Counter(name for one in found for name in one)
        self.names = sorted(name for name, count in seen.items() if count >= _SEEN_IN)
        self.share = share
        number = {name: at for at, name in enumerate(self.names)}
        self.rarity = np.array([np.log((1 + len(found)) / (1 + seen[name])) + 1 for name in self.names])
        places = [(row, number[name]) for row, one in enumerate(found) for name in one if name in number]
        rows, columns = zip(*places, strict=True)
        raw = csr_matrix((np.ones(len(places)), (rows, columns)), shape=(len(found), len(self.names)))
        self.matrix = normalize(raw @ diags(self.rarity)) * share


def learn(corpus: Corpus, progress: Progress) -> Weights:
    """Weights of the words that tell most and of all signs."""
    segmented = [sorted(set(cut(text[:WEIGHED]))) for text in corpus.texts]
    vocabulary = [name for name in Block(segmented, 1.0).names if not _SAYS_NOTHING.fullmatch(name)]
    words, signs = Block(corpus.counts(vocabulary), 1.0), Block(corpus.signs, _SIGNS_SHARE)
    coefficients, _ = _fit(corpus, _joined(words, signs), progress, "choosing words")
    strength = np.max([np.abs(one).max(axis=0) for one in coefficients.values()], axis=0)[: len(words.names)]
    best = np.argsort(-strength * words.rarity)[:_WORDS]
    vocabulary = [words.names[at] for at in best]
    words = Block(corpus.counts(vocabulary), 1.0)
    matrix = _joined(words, signs)
    coefficients, biases = _fit(corpus, matrix, progress, "learning weights")
    least = _least(corpus, matrix, progress)
    genre_model = LogisticRegression(C=_C_GENRE, max_iter=500, solver="liblinear").fit(
        matrix, corpus.is_letter
    )
    names = [*words.names, *signs.names]
    rarity = np.concatenate([words.rarity, signs.rarity])
    scale = np.concatenate([words.rarity, signs.rarity * _SIGNS_SHARE])
    weights = np.vstack([coefficients[genre] for genre in GENRES]) * scale
    letter = genre_model.coef_[0] * scale
    features = [
        Feature(name, float(rarity[at]), float(letter[at]), weights[:, at].tolist())
        for at, name in enumerate(names)
    ]
    bias = np.concatenate([biases[genre] for genre in GENRES]).tolist()
    return Weights(features, bias, least, float(genre_model.intercept_[0]))


def _joined(words: Block, signs: Block) -> Any:
    return hstack([words.matrix, signs.matrix]).tocsr()


def _importance(corpus: Corpus, genre: str) -> Any:
    """How much each message counts for a genre, so that intents and categories come as often as in real mail.

    A message of the other genre counts little: words mean the same there, but people ask for other things.
    """
    mine = corpus.is_letter == GENRES.index(genre)
    shares = tomllib.loads((FOLDER / "shares.toml").read_text("utf-8"))[genre]
    weight = np.where(mine, 1.0, _ELSEWHERE[genre])
    for code, others in (("categories", slice(len(Intent), -1)), ("intents", slice(0, len(Intent)))):
        truth = corpus.truth[:, others]
        counted = (truth * (weight * mine)[:, None]).sum(axis=0) / (weight * mine).sum()
        wanted = np.array([shares[code][label] for label in LABELS[others]])
        ratio = wanted / np.maximum(counted, 1e-3)
        named = truth.sum(axis=1)
        factor = np.where(named > 0, (truth @ ratio) / np.maximum(named, 1), 1.0)
        weight = weight * np.clip(factor, 1 / _MOST_WEIGHT, _MOST_WEIGHT)
    return weight


def _fit(corpus: Corpus, matrix: Any, progress: Progress, what: str, rows: Any = None) -> Any:
    chosen = np.arange(matrix.shape[0]) if rows is None else rows
    coefficients, biases = {}, {}
    task = progress.add_task(what, total=len(GENRES) * len(LABELS))
    for genre in GENRES:
        weight = _importance(corpus, genre)[chosen]
        columns = []
        for at, label in enumerate(LABELS):
            told = (genre, label) in _BY_CONTRAST
            columns.append(_one(matrix[chosen], corpus.truth[chosen, at], weight, by_contrast=told))
            progress.advance(task)
        coefficients[genre] = np.vstack([one for one, _ in columns])
        biases[genre] = np.array([bias for _, bias in columns])
    return coefficients, biases


def _one(matrix: Any, truth: Any, weight: Any, *, by_contrast: bool) -> tuple[Any, float]:
    """Weights and bias for one label; where no message has it, or every one, there is nothing to learn.

    `by_contrast` scales features by how much more often they come with the label than without it (Wang and
    Manning 2012, Baselines and Bigrams): what says little about it by itself gets little say beside others.
    """
    if truth.min() == truth.max():
        return np.zeros(matrix.shape[1]), _NEVER if truth.max() == 0 else -_NEVER
    scale = np.ones(matrix.shape[1])
    if by_contrast:
        scale = _telling(matrix, weight * truth) - _telling(matrix, weight * (1 - truth))
    model = LogisticRegression(C=_C, max_iter=300, solver="liblinear").fit(
        matrix @ diags(scale), truth, sample_weight=weight
    )
    return model.coef_[0] * scale, float(model.intercept_[0])


def _telling(matrix: Any, weight: Any) -> Any:
    """The logarithm of each feature's share of all that stands in these messages."""
    found = 1 + matrix.T @ weight
    return np.log(found / found.sum())


def _least(corpus: Corpus, matrix: Any, progress: Progress) -> list[float]:
    """The log-odds from which a label is best taken as there, on messages that the weights have not seen."""
    odds = {genre: np.zeros(corpus.truth.shape) for genre in GENRES}
    folds = GroupKFold(_FOLDS, shuffle=True, random_state=0).split(corpus.truth, groups=corpus.number)
    for number, (train, test) in enumerate(folds, start=1):
        coefficients, biases = _fit(corpus, matrix, progress, f"thresholds {number}/{_FOLDS}", train)
        for genre in GENRES:
            odds[genre][test] = matrix[test] @ coefficients[genre].T + biases[genre]
    return [least for genre in GENRES for least in _best_cuts(corpus, odds[genre], genre)]


def _best_cuts(corpus: Corpus, odds: Any, genre: str) -> list[float]:
    weight = _importance(corpus, genre)
    cuts = np.arange(-3.0, 1.6, 0.1)
    best = []
    for at in range(len(LABELS)):
        truth = corpus.truth[:, at]
        taken = [odds[:, at] >= cut_at for cut_at in cuts]
        f1 = [
            2 * (weight * one * truth).sum() / max(1e-9, (weight * one).sum() + (weight * truth).sum())
            for one in taken
        ]
        keen = _KEEN.get((genre, LABELS[at]), 0.0)
        best.append(float(cuts[int(np.argmax(f1))]) + _CAUTION[genre] - keen)
    return best


def main() -> int:
    """Entry point; writes the file and says how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(nlp.__path__[0]) / "data" / FILE)
    options = parser.parse_args()
    with Progress() as progress:
        corpus = Corpus(messages("chat"), messages("letters"), Reader.by_keywords())
        weights = learn(corpus, progress)
    header = "# Learned by `make train` from benchmarks/messages; see docs/reading.md. Not written by hand.\n"
    options.out.write_text(header + "\n".join(weights.lines()) + "\n", "utf-8")
    print(f"{options.out}: {len(list(weights.features))} features, from {len(corpus.texts) // 2} messages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
