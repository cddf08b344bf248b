"""The learned weights are a file that is read as it was written, and a mistake in it is told."""

import pytest

from nlp import weights
from nlp.tables import ListError
from nlp.weights import LABELS, Feature, Weights, shipped_weights


@pytest.fixture(autouse=True)
def _forget() -> object:
    shipped_weights.cache_clear()
    yield
    shipped_weights.cache_clear()


def read_back(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> Weights:
    rows = [tuple(line.split("\t")) for line in lines[1:]]
    monkeypatch.setattr(weights, "rows", lambda name, width: iter(rows))
    return shipped_weights()


def test_weights_are_read_as_they_were_written(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Feature("两条烟", 7.5, {"chat": {"red_envelope": 12.0, "praise": -3.0}, "letter": {}}, -2.0)
    both = {genre: {"report": 0.25} for genre in weights.GENRES}
    written = Weights((words,), both, both, -1.5)
    assert read_back(monkeypatch, list(written.lines())) == written


def test_weights_too_small_to_change_a_verdict_are_not_written() -> None:
    small = Feature("的", 1.0, {"chat": {"report": 0.1}, "letter": {}}, 0.0)
    assert not any("report" in line for line in Weights((small,)).lines())


@pytest.mark.parametrize("cell", ["bribery:2.0", "report:much", "report"])
def test_row_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, cell: str) -> None:
    with pytest.raises(ListError, match="钱"):
        read_back(monkeypatch, ["", f"钱\t2.0\t{cell}\t\t0"])


def test_shipped_weights_know_both_genres_and_every_label() -> None:
    shipped = shipped_weights()
    assert len(shipped.features) > 1_000
    for genre in weights.GENRES:
        assert set(shipped.least[genre]) == set(LABELS)
