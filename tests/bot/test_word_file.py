"""words.csv: the encodings that Excel and Notepad write, and each kind of mistake in one line."""

from pathlib import Path

import pytest

from bot.config_text import wording
from bot.hospital_file import problems, write_samples
from bot.word_file import FILE, load_words, word_problems
from nlp.list_checks import check_shipped
from nlp.own_checks import check_own
from storage.errors import ConfigError

HEAD = "类型,词语,分类,分量,指的是,备注\n"
ROWS = HEAD + "科室,国际医疗部\n人名,铁手张,,,张伟\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_what_excel_and_notepad_write_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / FILE).write_bytes(ROWS.replace("\n", "\r\n").encode(encoding))
    words = load_words(tmp_path)
    assert words.departments == ("国际医疗部",)
    assert words.names[0].means == "张伟"


def test_no_file_is_fine(tmp_path: Path) -> None:
    assert not load_words(tmp_path)
    assert word_problems(tmp_path) == []


def test_sample_has_no_word_yet_and_opens_in_excel(tmp_path: Path) -> None:
    assert tmp_path / FILE in write_samples(tmp_path)
    assert (tmp_path / FILE).read_bytes().startswith("\ufeff".encode())
    assert not load_words(tmp_path)


def test_examples_of_the_sample_are_right_once_they_are_uncommented(tmp_path: Path) -> None:
    write_samples(tmp_path)
    text = (tmp_path / FILE).read_text("utf-8-sig")
    (tmp_path / FILE).write_text("".join(line.removeprefix("# ") for line in text.splitlines(True)), "utf-8")
    words = load_words(tmp_path)
    assert (len(words.terms), len(words.innocent), len(words.departments), len(words.names)) == (2, 1, 1, 1)
    assert check_own(words, FILE) == []


@pytest.mark.parametrize(
    ("text", "line", "key", "message", "example"),
    [
        ("科室,骨科\n", 1, "", "first row must name the columns", "类型,词语,"),
        ("类型,词语,份量\n", 1, "", "did you mean `分量`?", "类型,词语,"),
        ("类型,备注\n", 1, "词语", "missing", "类型,词语,"),
        (HEAD + "科室,骨\n", 2, "词语", "two characters", "科室,国际医疗部"),
        (HEAD + "线索词,过路钱\n", 2, "分类", "needs a category", "线索词,过路钱,"),
        (HEAD + "线索词,过路钱,红包礼品\n", 2, "分类", "did you mean `红包礼金`?", "线索词,过路钱,"),
        (HEAD + "线索,过路钱,回扣,五\n", 2, "分量", "`五` is not a number", "线索词,过路钱,"),
        (HEAD + "词,过路钱,回扣\n", 2, "类型", "none of 线索词", "线索词,过路钱,"),
        (HEAD + "人名,铁手张,回扣\n", 2, "分类", "leave the cell empty", "人名,铁手张"),
        (HEAD + '无关词,"红包树\n', 2, "", "without its partner", "类型,词语,"),
        (ROWS + "科室,国际医疗部\n", 4, "词语", "the first is on line 2", "科室,国际医疗部"),
    ],
)
def test_each_mistake_is_explained(
    tmp_path: Path, text: str, line: int, key: str, message: str, example: str
) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    (found,) = word_problems(tmp_path)
    assert (found.file, found.line, found.key) == (FILE, line, key)
    assert message in found.message
    assert found.example.startswith(example)
    with pytest.raises(ConfigError) as caught:
        load_words(tmp_path)
    assert str(caught.value) == str(found)


def test_further_mistakes_are_counted_and_all_listed(tmp_path: Path) -> None:
    write_samples(tmp_path)
    (tmp_path / FILE).write_text(HEAD + "科室,骨\n科室,\n", "utf-8")
    with pytest.raises(ConfigError, match="1 more"):
        load_words(tmp_path)
    assert [(one.file, one.line) for one in problems(tmp_path)] == [(FILE, 2), (FILE, 3)]


def test_unreadable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xff\x80")
    assert "neither UTF-8" in word_problems(tmp_path)[0].message
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    assert "cannot be read" in word_problems(tmp_path)[0].message


def test_every_kind_of_mistake_has_its_words() -> None:
    kinds = (
        "no_heading no_column unknown_column repeated_column quotes too_many no_kind unknown_kind no_word "
        "too_short too_long no_category unknown_category bad_weight not_here repeated"
    )
    assert set(kinds.split()) <= set(wording()["words"])
    assert check_shipped() == []
