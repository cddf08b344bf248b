"""A file of messages goes through the same dispatcher as the web chat's."""

import json
from pathlib import Path
from tempfile import gettempdir

from sqlmodel import select

from bot.cli.replay_tables import _times
from bot.cli.replaying import Run
from bot.data_folder import DataFolder, serving
from storage.cases import Case
from tests.bot.cli.conftest import Command

TEXTS = ["骨科王医生收了我两千块红包", "你好", "食堂几点开门？", "护士态度很差，骂人"]


def messages(path: Path, *lines: str) -> Path:
    told = [json.dumps({"id": number, "text": text}, ensure_ascii=False) for number, text in enumerate(TEXTS)]
    path.write_text("\n".join([*told, *lines, ""]), "utf-8")
    return path


def test_tables_tell_what_became_of_the_messages(lianxin: Command, tmp_path: Path) -> None:
    ended = lianxin("replay", messages(tmp_path / "in.jsonl"))
    assert ended.code == 0, ended.err
    for word in (
        "intent",
        "category",
        "lead office",
        "red_envelope",
        "纪检办",
        "4 messages in",
        "p50",
        "p95",
        "p99",
    ):
        assert word in ended.out


def test_temporary_folder_is_gone_afterwards(lianxin: Command, tmp_path: Path) -> None:
    before = set(Path(gettempdir()).glob("lianxin-replay-*"))
    lianxin("replay", messages(tmp_path / "in.jsonl"))
    assert set(Path(gettempdir()).glob("lianxin-replay-*")) == before
    assert not (tmp_path / "var").exists()


def test_named_folder_keeps_the_cases(
    lianxin: Command, data: Path, folder: DataFolder, tmp_path: Path
) -> None:
    assert lianxin("replay", messages(tmp_path / "in.jsonl"), "--data", data).code == 0
    cases = folder.database.run_now(lambda session: list(session.exec(select(Case))))
    assert "纪检办" in {case.lead_office for case in cases}


def test_bad_lines_are_told_and_the_others_played(lianxin: Command, tmp_path: Path) -> None:
    ended = lianxin("replay", messages(tmp_path / "in.jsonl", "nonsense", '{"id": 1}', "[]"))
    assert ended.code == 1
    assert [line.split(":")[1] for line in ended.err.splitlines()] == [" line 5", " line 6", " line 7"]
    assert "4 messages in" in ended.out


def test_odd_texts_break_nothing(lianxin: Command, tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    texts = ["", " ", "\x00", "\ud800", "🧧" * 50, "红包" * 20_000, "/join", "/start", "1", "撤回"]
    path.write_text("\n".join(json.dumps({"text": text}) for text in texts), "utf-8")
    ended = lianxin("replay", path, "--together", "3")
    assert (ended.code, ended.err) == (0, "")
    assert "failed" not in ended.out


def test_empty_file_is_no_error(lianxin: Command, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    ended = lianxin("replay", tmp_path / "empty.jsonl")
    assert ended.code == 0
    assert "No messages." in ended.out


def test_missing_file_or_a_folder_is_one_line(lianxin: Command, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.jsonl", tmp_path):
        ended = lianxin("replay", path)
        assert (ended.code, ended.err.count("\n")) == (1, 1)
        assert f"{path}: cannot be read" in ended.err


def test_folder_that_is_served_is_refused(lianxin: Command, data: Path, tmp_path: Path) -> None:
    with serving(data):
        ended = lianxin("replay", messages(tmp_path / "in.jsonl"), "--data", data)
    assert ended.code == 1
    assert "another 'lianxin serve'" in ended.err


def test_percentiles_are_of_the_messages() -> None:
    told = _times(Run(spent=[number / 1000 for number in range(100, 0, -1)], seconds=2.0))
    assert told == "100 messages in 2.0 s: 50 messages/s; ms per message: p50 51.0, p95 96.0, p99 100.0"
