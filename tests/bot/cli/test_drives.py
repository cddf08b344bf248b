"""lianxin drives: a drive from a sample, its days, its ledger and summary for their owner alone, its end."""

import stat
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.data_folder import DataFolder
from storage.events import Event
from tests.bot.cli.conftest import Command

NEW = ("drives", "new", "mobilise", "--key", "clean")


@pytest.fixture
def start() -> str:
    """A day in every test's future."""
    return "2031-03-03"


@pytest.fixture
def drive(lianxin: Command, data: Path, start: str) -> str:
    ended = lianxin(*NEW, "--start", start, "--data", data)
    assert (ended.code, ended.err) == (0, "")
    assert "clean.toml: 红包回扣专项整治, 2031-03-03" in ended.out
    assert "the holidays of 2031 are not known" in ended.out
    return "clean"


def test_samples_are_listed(lianxin: Command) -> None:
    ended = lianxin("drives", "samples")
    assert ended.code == 0
    for shape in ("examination", "education", "exchange", "mobilise", "quarterly", "single", "lookback"):
        assert shape in ended.out


def test_a_new_drive_is_listed_previewed_and_without_mistakes(
    lianxin: Command, data: Path, drive: str
) -> None:
    listed = lianxin("drives", "list", "--data", data)
    assert "clean" in listed.out
    assert "begun" in listed.out
    days = lianxin("drives", "preview", drive, "--data", data)
    assert "2031-03-17 Mon 17:00" in days.out or "2031-03-14 Fri 17:00" in days.out
    assert lianxin("check", "--data", data).code == 0


def test_a_mistake_in_a_drive_is_found_by_check(lianxin: Command, data: Path, drive: str) -> None:
    path = data / "drives" / "clean.toml"
    path.write_text(path.read_text("utf-8").replace('lead = "纪检办"', 'lead = "纪检科"'), "utf-8")
    ended = lianxin("check", "--data", data)
    assert ended.code == 1
    assert "drives/clean.toml, line 6, lead" in ended.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("drives", "new", "round", "--start", "2031-03-03"), "there is no shape round"),
        (("drives", "new", "single", "--start", "soon"), "--start: soon is no date"),
        (("drives", "new", "single", "--start", "2020-01-01"), "has passed"),
        (("drives", "new", "single", "--start", "2031-03-03", "--lead", "无"), "--lead"),
        (("drives", "preview", "none"), "there is no drive none"),
        (("drives", "ledger", "none", "--out", "x.xlsx"), "there is no drive none"),
        (("drives", "summary", "none", "--out", "x.pdf"), "must end with .docx or .txt"),
        (("drives", "end", "none", "--yes"), "there is no drive none"),
    ],
)
def test_wrong_wishes_get_one_line(
    lianxin: Command, data: Path, arguments: tuple[str, ...], told: str
) -> None:
    ended = lianxin(*arguments, "--data", data)
    assert ended.code != 0
    assert ended.err.count("\n") == 1
    assert told in ended.err


def test_ledger_and_summary_are_for_their_owner_and_in_the_trail(
    lianxin: Command, data: Path, drive: str, folder: DataFolder, tmp_path: Path
) -> None:
    for what, name in (("ledger", "l.xlsx"), ("summary", "s.docx"), ("summary", "s.txt")):
        out = tmp_path / name
        assert lianxin("drives", what, drive, "--out", out, "--data", data).code == 0
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        again = lianxin("drives", what, drive, "--out", out, "--data", data)
        assert "exists already" in again.err
        assert lianxin("drives", what, drive, "--out", out, "--force", "--data", data).code == 0
    assert "【请填写】" in (tmp_path / "s.txt").read_text("utf-8")
    told = folder.database.run_now(lambda session: list(session.exec(select(Event.action))))
    assert told.count("drive_exported") == 6


def test_a_drive_that_has_not_begun_is_not_ended(lianxin: Command, data: Path, drive: str) -> None:
    ended = lianxin("drives", "end", drive, "--yes", "--data", data)
    assert "has not begun" in ended.err


def test_a_running_drive_is_ended_in_its_file(lianxin: Command, data: Path) -> None:
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    assert lianxin(*NEW, "--start", today.isoformat(), "--data", data).code == 0
    ended = lianxin("drives", "end", "clean", "--yes", "--data", data)
    assert (ended.code, ended.err) == (0, "")
    assert f"\nended = {today}" in (data / "drives" / "clean.toml").read_text("utf-8")
    assert "already" in lianxin("drives", "end", "clean", "--yes", "--data", data).err
    assert "over" in lianxin("drives", "list", "--data", data).out
