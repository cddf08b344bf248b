"""check tells of material that staff would not see, and of mistakes in the hospital's own questions."""

from pathlib import Path

from bot.cli.checking import advice
from bot.data_folder import DataFolder
from tests.bot.cli.conftest import Command
from tests.bot.cli.test_serving import NOW
from tests.storage.documents import pdf

DUTY = """
[[duties]]
key = "read"
title = "学习准则"
owed_by = { everyone = true }
when = { on_request = true }
file = "准则.pdf"
"""


def put(data: Path, content: bytes) -> None:
    (data / "duties.toml").write_text(DUTY, "utf-8")
    (data / "materials").mkdir()
    (data / "materials" / "准则.pdf").write_bytes(content)


def test_material_that_can_be_shown_is_not_spoken_of(folder: DataFolder) -> None:
    put(folder.path, pdf())
    assert not [line for line in advice(folder, now=NOW) if "materials" in line]


def test_a_program_called_pdf_is_told(folder: DataFolder) -> None:
    put(folder.path, b"MZ\x90\x00 is no paper")
    [told] = [line for line in advice(folder, now=NOW) if "materials" in line]
    assert told == "materials/准则.pdf is no PDF, picture, Word file or slides: staff will not see it"


def test_missing_material_stops_check(lianxin: Command, data: Path) -> None:
    (data / "duties.toml").write_text(DUTY, "utf-8")
    ended = lianxin("check", "--data", data)
    assert ended.code == 1
    assert "duties.toml, line 7, duties.0.file" in ended.err


def test_a_mistake_in_questions_stops_check_with_line_and_example(lianxin: Command, data: Path) -> None:
    (data / "questions.toml").write_text('[[questions]]\nkey = "a_1"\nkind = "simple"\n', "utf-8")
    ended = lianxin("check", "--data", data)
    assert ended.code == 1
    assert "questions.toml, line 3, questions.0.kind" in ended.err
    assert 'Example: kind = "single"' in ended.err
