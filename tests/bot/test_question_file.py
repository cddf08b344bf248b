"""questions.toml is read, and every mistake in it explained with line and example."""

from importlib.resources import files
from pathlib import Path

import pytest

from bot.duty_file import duty_problems
from bot.hospital_file import problems
from bot.question_file import FILE, load_questions, question_problems
from storage.errors import ConfigError
from storage.training.bank import nine_rules

GOOD = """
[[questions]]
key = "price_1"
bank = "price"
kind = "single"
text = "价格变了，应当怎么做？"
choices = ["先收费", "先公示"]
right = "B"
explanation = "先公示，再收费。"
"""


def put(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, "utf-8")
    return folder


def test_without_the_file_there_are_ours(tmp_path: Path) -> None:
    assert len(load_questions(tmp_path).of()) == len(nine_rules().questions)
    assert question_problems(tmp_path) == []


def test_own_questions_make_a_bank_of_their_own(tmp_path: Path) -> None:
    bank = load_questions(put(tmp_path, GOOD))
    assert [one.key for one in bank.of("price")] == ["price_1"]
    assert len(bank.of()) == len(nine_rules().questions)


def test_the_sample_has_no_mistake_with_and_without_its_examples(tmp_path: Path) -> None:
    sample = files("bot").joinpath("data", FILE).read_text("utf-8")
    assert load_questions(put(tmp_path, sample)).of("price") == []
    start = sample.index("# [[questions]]")
    used = sample[:start] + sample[start:].replace("# ", "").replace("#\n", "\n")
    assert len(load_questions(put(tmp_path, used)).of("price")) == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ('right = "B"', 'right = "C"', 2, "right must be letters"),
        ('kind = "single"', 'kind = "judge"', 2, "a judge question has no choices"),
        ('choices = ["先收费", "先公示"]', 'choices = ["先收费", "先收费"]', 2, "stands here twice"),
        ('choices = ["先收费", "先公示"]', "choices = [1.5]", 7, "quotation marks"),
        ('kind = "single"', 'kind = "simple"', 5, "must be one of"),
        ('right = "B"', "right = 2", 8, "must be"),
        ('right = "B"', 'rihgt = "B"', 8, "did you mean `right`"),
        ('text = "价格变了，应当怎么做？"\n', "", 2, "this key is missing"),
        ('key = "price_1"', 'key = "Price 1"', 3, "short word"),
        ('key = "price_1"', 'key = "nine_101"', 3, "there is a question `nine_101` already"),
        ('bank = "price"', "rule = 10", 4, "must be 9 or less"),
        ('[[questions]]\n', "[[question]]\n", 2, "unknown key"),
        ('right = "B"', "right = ", 8, "not TOML"),
    ],
)  # fmt: skip
def test_mistakes_are_explained_with_their_line(
    tmp_path: Path, old: str, new: str, line: int, told: str
) -> None:
    assert old in GOOD
    folder = put(tmp_path, GOOD.replace(old, new))
    problem = next(one for one in question_problems(folder) if told in one.message)
    assert (problem.file, problem.line) == (FILE, line)
    assert problem.example
    with pytest.raises(ConfigError, match=FILE):
        load_questions(folder)


def test_check_tells_of_them(tmp_path: Path) -> None:
    assert FILE in {one.file for one in problems(put(tmp_path, "[[questions]]\n"))}


def test_a_duty_that_asks_more_than_its_bank_has_is_told(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    duty = """
[[duties]]
key = "price"
title = "价格培训"
owed_by = { everyone = true }
when = { on_request = true }
done = "quiz"
quiz = { bank = "%s", questions = %s }
"""
    from tests.factories import make_hospital

    def found(bank: str, count: int) -> list[str]:
        (tmp_path / "duties.toml").write_text(duty % (bank, count), "utf-8")
        return [str(one) for one in duty_problems(tmp_path, make_hospital())]

    assert found("price", 1) == []
    assert len(found("price", 2)) == 1
    assert len(found("nothing", 1)) == 1
