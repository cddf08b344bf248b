"""lianxin hand-ins writes totals without names, sums or words of single ones."""

import stat
from pathlib import Path

from sqlmodel import Session, select

from bot.data_folder import DataFolder
from storage.events import Event
from tests.bot.cli.conftest import Command
from tests.bot.test_satisfaction_file import opened
from tests.storage.hand_ins.givers import MARK, anonymous, by_name


def test_totals_and_a_list_of_numbers(
    lianxin: Command, data: Path, folder: DataFolder, tmp_path: Path
) -> None:
    def fill(session: Session) -> None:
        for _ in range(3):
            anonymous(session, folder.house)
        by_name(session, folder.house, "=cmd")

    folder.database.run_now(fill)
    out = tmp_path / "hand-ins.xlsx"
    ended = lianxin("hand-ins", "--month", "2025-11", "--out", out, "--data", data)
    assert (ended.code, ended.err) == (0, "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    totals, listed, _ = opened(out.read_bytes()).values()
    assert totals[1][:5] == ["2025-11", 4, 8000, 0, 0]
    assert [row[0] for row in listed[1:]] == [f"SJ-2025-000{number}" for number in range(1, 5)]
    cells = str(totals + listed)
    for hidden in (MARK, "cmd", "两千"):
        assert hidden not in cells
    actions = folder.database.run_now(lambda session: list(session.exec(select(Event.action))))
    assert actions[-1] == "hand_ins_exported"


def test_few_are_not_told(lianxin: Command, data: Path, folder: DataFolder, tmp_path: Path) -> None:
    folder.database.run_now(lambda session: anonymous(session, folder.house))
    out = tmp_path / "hand-ins.xlsx"
    assert lianxin("hand-ins", "--month", "2025-11", "--out", out, "--data", data).code == 0
    totals = opened(out.read_bytes())["按月合计"]
    assert totals[1][1:4] == ["不满 3", "不显示", 0]


def test_no_month_and_no_overwriting(
    lianxin: Command, data: Path, folder: DataFolder, tmp_path: Path
) -> None:
    out = tmp_path / "mine.xlsx"
    ended = lianxin("hand-ins", "--month", "2999-01", "--out", out, "--data", data)
    assert (ended.code, out.exists()) == (1, False)
    assert "--month" in ended.err
    out.write_bytes(b"mine")
    assert lianxin("hand-ins", "--out", out, "--data", data).code == 1
    assert out.read_bytes() == b"mine"
    assert lianxin("hand-ins", "--out", out, "--force", "--data", data).code == 0
