"""The measured sweep finds what it is said to find: as many surveys in each round, and no more."""

from pathlib import Path

import pytest

from benchmarks import followup_sweep
from benchmarks.followup_sweep import _sweep_here, lay_out


def test_each_round_finds_exactly_what_is_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followup_sweep, "DUE", 50)
    lay_out(tmp_path, 200)
    for half in (0, 1):
        measured = _sweep_here(tmp_path, half)  # raises where it found another number
        assert measured.seconds > 0
        assert measured.megabytes > 10
