"""The learned weights are a table that is read as it was written, and a mistake in it is told."""

import pytest

from nlp.tables import ListError
from nlp.weights import BIAS, COLUMNS, LEAST, Feature, Weights, read_features, shipped_weights

NONE = [0.0] * len(COLUMNS)


def weights(**of: float) -> list[float]:
    return [of.get(column.replace(".", "_"), 0.0) for column in COLUMNS]


def test_weights_are_read_as_they_were_written() -> None:
    word = Feature("两条烟", 7.5, -2.0, weights(chat_red_envelope=12.0, letter_praise=-3.0))
    bias, least = weights(chat_report=0.25), weights(letter_other=-0.5)
    written = "\n".join(("# learned", *Weights([word], bias, least, -1.5).lines()))
    assert list(read_features(written)) == [
        Feature(BIAS, 0.0, -1.5, bias),
        Feature(LEAST, 0.0, 0.0, least),
        word,
    ]


def test_weights_too_small_to_change_a_verdict_are_not_written() -> None:
    small = Feature("的", 1.0, 0.0, weights(chat_report=0.1))
    *_, line = Weights([small], NONE, NONE, 0.0).lines()
    assert set(line.split("\t")[3:]) == {""}


@pytest.mark.parametrize(
    ("line", "told"), [("钱\t2.0\tmuch" + "\t" * 56, "line 2"), ("钱\t2.0\t1.0\t5.0", "56 weights")]
)
def test_row_that_is_none_is_told(line: str, told: str) -> None:
    header, *_ = Weights([], NONE, NONE, 0.0).lines()
    with pytest.raises(ListError, match=told):
        list(read_features(f"{header}\n{line}"))


def test_table_of_another_version_is_told() -> None:
    with pytest.raises(ListError, match="make train"):
        list(read_features("feature\trarity\n"))


def test_shipped_weights_know_every_label() -> None:
    shipped = shipped_weights()
    assert len(shipped.bias) == len(shipped.least) == len(COLUMNS)
    assert sum(1 for _ in shipped.features) > 1_000
