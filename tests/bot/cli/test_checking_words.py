"""check tells which words are of no use; classify, rate, explain and serve read with the own words."""

import json
from pathlib import Path

import pytest

from bot.cli.checking import advice
from bot.data_folder import DataFolder
from nlp.taxonomy import Category
from storage.members import Role
from tests.bot.cli.conftest import Command
from tests.bot.cli.test_serving import NOW, join

HEAD = "类型,词语,分类,分量,指的是\n"
TEXT = "今天有过路钱"


def write(data: Path, rows: str) -> None:
    (data / "words.csv").write_text(HEAD + rows, "utf-8")


def test_words_of_no_use_are_told_with_their_line(lianxin: Command, data: Path) -> None:
    write(data, "无关词,喷水池\n线索词,塞钱,回扣\n线索词,塞钱,红包礼金,0.5\n")
    ended = lianxin("check", "--data", data)
    assert ended.code == 0
    assert "words.csv, line 2: `喷水池`" in ended.out
    assert "words.csv, line 3: `塞钱` speaks for red_envelope" in ended.out
    assert "words.csv, line 4: `塞钱` weighs 0.6" in ended.out


def test_names_that_nobody_has_are_told(folder: DataFolder) -> None:
    write(folder.path, "人名,铁手张,,,张伟\n人名,财神,,,药房\n人名,小灵通,,,王芳\n")
    join(folder, folder.house.hospital.discipline_office, Role.OFFICER)
    told = [line for line in advice(folder, now=NOW) if "words.csv" in line]
    assert len(told) == 1
    assert told[0].startswith("words.csv, line 2: `铁手张` means 张伟")


def test_a_mistake_stops_check_and_start(lianxin: Command, data: Path) -> None:
    write(data, "科室,骨\n")
    for command in (("check",), ("serve", "--port", "0"), ("explain", TEXT), ("classify",), ("rate",)):
        ended = lianxin(*command, "--data", data)
        assert ended.code == 1
        assert "words.csv, line 2, 词语" in ended.err
        assert "Example: 科室,国际医疗部" in ended.err


@pytest.mark.parametrize("command", ["classify", "rate"])
def test_own_words_are_read_from_the_folder(lianxin: Command, data: Path, command: str) -> None:
    write(data, "线索词,过路钱,红包礼金\n")
    line = json.dumps({"id": 1, "text": TEXT}).encode()
    known = json.loads(lianxin(command, "--data", data, stdin=line).out)
    assert known["categories"][0] == Category.RED_ENVELOPE
    (data / "words.csv").unlink()
    without = lianxin(command, "--data", data, stdin=line).out
    assert "the hospital's own word" not in without
    assert json.loads(without)["categories"] != known["categories"]


def test_explain_knows_own_words_of_the_folder_from_the_environment(
    lianxin: Command, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(data, "线索词,过路钱,红包礼金\n")
    monkeypatch.setenv("LIANXIN_DATA", str(data))
    assert "red_envelope" in lianxin("explain", TEXT).out


def test_a_named_folder_must_be_there(lianxin: Command, tmp_path: Path) -> None:
    ended = lianxin("explain", TEXT, "--data", tmp_path / "vra")
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "there is no data yet" in ended.err


def test_own_words_reach_the_bot(folder: DataFolder) -> None:
    write(folder.path, "线索词,过路钱,红包礼金\n人名,铁手张,,,张伟\n")
    assert folder.reader.read(TEXT).categories == (Category.RED_ENVELOPE,)
    assert folder.house.hospital.nicknames == {"铁手张": "张伟"}
