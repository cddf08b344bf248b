"""The measuring counts what it says it counts."""

import json
from pathlib import Path

import pytest

from benchmarks.evaluate import main
from benchmarks.measuring import Counts, measure
from nlp.reading import Reader

ROWS = [
    {
        "id": "1",
        "text": "医生收了我两千块红包",
        "intent": "report",
        "categories": ["red_envelope"],
        "urgent": False,
    },
    {"id": "2", "text": "你好", "intent": "report", "categories": ["kickback"], "urgent": True},
    {"id": "3", "text": "在吗", "intent": "other", "categories": [], "urgent": False},
]


def test_report_set_aside_with_confidence_is_a_missed_report() -> None:
    result = measure(Reader.load(), ROWS)
    assert (result.rows, result.intents, result.reports, result.missed_reports) == (3, 2, 2, 1)
    assert (result.gifts.hit, result.gifts.missed, result.urgency.missed) == (1, 1, 1)


def test_f1_of_nothing_is_zero() -> None:
    assert Counts().f1 == 0.0


def test_folder_without_labels_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["evaluate", str(tmp_path)])
    assert main() == 2
    assert "no labelled messages" in capsys.readouterr().err


def test_chat_file_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
    (tmp_path / "dev_chat.jsonl").write_text(lines, "utf-8")
    monkeypatch.setattr("sys.argv", ["evaluate", str(tmp_path)])
    assert main() == 0
    assert "(1 of 2)" in capsys.readouterr().out
