"""The tables of answers are counted as they are labelled."""

from pathlib import Path

import pytest

from benchmarks.survey_answers import print_survey_answers


def test_each_table_of_a_folder_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scales.tsv").write_text(
        "# note\nscale\tvalue\ttext\nasked\t0\t没有\nasked\t1\t没有\n", "utf-8"
    )
    (tmp_path / "stays.tsv").write_text("# note\nscore\ttone\tflags\treply\n5\t+\t\t5分\n", "utf-8")
    assert print_survey_answers(tmp_path, worst=1) == 2
    out = capsys.readouterr().out
    assert "asked        accuracy 0.500  (2)" in out
    assert "score        accuracy 1.000" in out


def test_a_folder_without_tables_has_none(tmp_path: Path) -> None:
    assert print_survey_answers(tmp_path, worst=0) == 0
