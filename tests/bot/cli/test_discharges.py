"""import-discharges: good rows go in, bad ones are told, and the same file again changes nothing."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from bot.data_folder import DataFolder
from storage.event_names import EventName
from storage.events import Event
from storage.followup.discharges import Discharge
from storage.followup.surveys import Survey
from tests.bot.cli.conftest import Command
from tests.bot.followup.tables import GOOD, HEADINGS, csv_of, row_with, xlsx_of

YESTERDAY = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"


def good(number: str = "Z1", **cells: object) -> tuple[object, ...]:
    return row_with(**({"number": number, "day": YESTERDAY} | cells))


def kept(folder: DataFolder) -> int:
    return folder.database.run_now(
        lambda session: session.exec(select(func.count()).select_from(Discharge)).one()
    )


def details(folder: DataFolder) -> list[str]:
    def read(session: Session) -> list[str]:
        return list(session.exec(select(Event.detail).where(Event.action == EventName.DISCHARGES_IN)))

    return folder.database.run_now(read)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "名单.csv"


def test_all_good_rows_go_in_and_again_nothing_changes(
    lianxin: Command, data: Path, folder: DataFolder, file: Path
) -> None:
    file.write_bytes(csv_of(good(), good("Z2")))
    assert lianxin("import-discharges", file, "--data", data).code == 0
    again = lianxin("import-discharges", file, "--data", data)
    assert (again.code, kept(folder)) == (0, 2)
    assert details(folder) == [
        '{"added": 2, "bad": 0, "changed": 0, "unchanged": 0}',
        '{"added": 0, "bad": 0, "changed": 0, "unchanged": 2}',
    ]


def test_bad_rows_are_told_and_the_good_ones_go_in(
    lianxin: Command, data: Path, folder: DataFolder, tmp_path: Path
) -> None:
    file, problems = tmp_path / "名单.xlsx", tmp_path / "问题.csv"
    rows = [
        ("出院名单",),
        (*HEADINGS, "姓名"),
        (*good(), "张三丰"),
        (*good("Z2", mobile="1380013"), "李四光"),
    ]
    file.write_bytes(xlsx_of(rows))
    ended = lianxin("import-discharges", file, "--problems-to", problems, "--data", data)
    assert (ended.code, kept(folder)) == (1, 1)
    told = problems.read_text("utf-8-sig")
    assert "名单.xlsx,4,手机号,不像手机号" in told
    assert stat.S_IMODE(problems.stat().st_mode) == 0o600
    for secret in ("张三丰", "李四光", "1380013", "13800138000", "Z2"):
        assert secret not in ended.out + ended.err + told
    assert "姓名" in ended.out


def test_a_dry_run_tells_the_same_and_keeps_nothing(
    lianxin: Command, data: Path, folder: DataFolder, file: Path
) -> None:
    file.write_bytes(csv_of(good(), good("Z2", day="x")))
    ended = lianxin("import-discharges", file, "--dry-run", "--data", data)
    assert (ended.code, kept(folder), details(folder)) == (1, 0, [])
    assert "dry run" in ended.out


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04nothing", csv_of(GOOD) + b'"'])
def test_what_cannot_be_read_is_one_line_and_changes_nothing(
    lianxin: Command, data: Path, folder: DataFolder, file: Path, content: bytes
) -> None:
    file.write_bytes(content)
    ended = lianxin("import-discharges", file, "--data", data)
    assert (ended.code, ended.err.count("\n"), kept(folder), details(folder)) == (2, 1, 0, [])


def test_a_missing_file_and_a_taken_name_are_used_wrongly(lianxin: Command, data: Path, file: Path) -> None:
    assert lianxin("import-discharges", file, "--data", data).code == 2
    file.write_bytes(csv_of(good()))
    assert lianxin("import-discharges", file, "--problems-to", file, "--data", data).code == 2


def test_a_number_of_another_stay_is_a_bad_row(lianxin: Command, data: Path, file: Path) -> None:
    file.write_bytes(csv_of(good(day="2025-01-05")))
    lianxin("import-discharges", file, "--data", data)
    file.write_bytes(csv_of(good("Z0"), good()))
    ended = lianxin("import-discharges", file, "--data", data)
    assert ended.code == 1
    assert "以前登记过" in ended.out


def test_what_stands_in_headings_writes_nothing_into_the_terminal(
    lianxin: Command, data: Path, file: Path
) -> None:
    file.write_bytes(csv_of((*good(), "x"), headings=(*HEADINGS, "姓名\x1b]0;x\x07[red]")))
    assert "\x1b" not in lianxin("import-discharges", file, "--data", data).out


def test_25_000_rows_go_in_and_come_again(
    lianxin: Command, data: Path, folder: DataFolder, file: Path
) -> None:
    rows = [good(f"Z{n}", mobile=13_000_000_000 + n) for n in range(25_000)]
    file.write_bytes(csv_of(*rows))
    assert lianxin("import-discharges", file, "--data", data).code == 0
    assert lianxin("import-discharges", file, "--data", data).code == 0
    assert kept(folder) == 25_000
    surveys = select(func.count()).select_from(Survey)
    assert folder.database.run_now(lambda session: session.exec(surveys).one()) == 50_000
    assert details(folder)[1] == '{"added": 0, "bad": 0, "changed": 0, "unchanged": 25000}'


def test_help_shows_an_example(lianxin: Command) -> None:
    assert "Example: lianxin import-discharges" in lianxin("import-discharges", "--help").out
