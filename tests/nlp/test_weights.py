"""The learned weights are a file that is read as it was written, and a mistake in it is told."""

import pytest

from nlp import weights
from nlp.tables import ListError
from nlp.weights import LABELS, Feature, Weights, shipped_weights


def read_back(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> Weights:
    cells = [tuple(line.split("\t")) for line in lines[1:]]
    monkeypatch.setattr(weights, "rows", lambda name, width: iter(cells))
    return shipped_weights()


def test_weights_are_read_as_they_were_written(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Feature("两条烟", 7.5, {"chat": {"red_envelope": 12.0, "praise": -3.0}, "letter": {}}, -2.0)
    both = {genre: {"report": 0.25} for genre in weights.GENRES}
    written = Weights([words], both, both, -1.5)
    read = read_back(monkeypatch, list(written.lines()))
    assert (list(read.features), read.bias, read.least, read.letter_bias) == ([words], both, both, -1.5)


def test_weights_too_small_to_change_a_verdict_are_not_written() -> None:
    none = {genre: dict[str, float]() for genre in weights.GENRES}
    small = Feature("的", 1.0, {"chat": {"report": 0.1}, "letter": {}}, 0.0)
    assert not any("report" in line for line in Weights((small,), none, none).lines())


@pytest.mark.parametrize("cell", ["bribery:2.0", "report:much", "report"])
def test_row_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, cell: str) -> None:
    rows = ["", "(bias)\t0\t\t\t0", "(least)\t0\t\t\t0", f"钱\t2.0\t{cell}\t\t0"]
    with pytest.raises(ListError, match="钱"):
        list(read_back(monkeypatch, rows).features)


def test_file_without_its_first_rows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ListError, match="first two rows"):
        read_back(monkeypatch, ["", "钱\t2.0\t\t\t0"])


def test_shipped_weights_know_both_genres_and_every_label() -> None:
    shipped = shipped_weights()
    assert len(list(shipped.features)) > 1_000
    for genre in weights.GENRES:
        assert set(shipped.least[genre]) == set(LABELS)
