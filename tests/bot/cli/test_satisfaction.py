"""lianxin satisfaction writes a table and a picture for their owner alone."""

import stat
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.data_folder import DataFolder
from storage.events import Event
from tests.bot.cli.conftest import Command
from tests.surveys import add_surveys

MONTH = ("--month", "2025-10")


@pytest.fixture
def asked(folder: DataFolder) -> None:
    def fill(session: Session) -> None:
        add_surveys(session, "2025-10", "骨科", "一病区", scores=[5] * 30 + [2] * 5)
        add_surveys(session, "2025-09", "眼科", scores=[5] * 3)

    folder.database.run_now(fill)


def test_a_table_and_a_picture(
    lianxin: Command, data: Path, folder: DataFolder, asked: None, tmp_path: Path
) -> None:
    out, picture = tmp_path / "figures.xlsx", tmp_path / "figures.png"
    ended = lianxin("satisfaction", *MONTH, "--out", out, "--picture", picture, "--data", data)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"Figures up to 2025-10 are in {out} and {picture}.\n"
    assert out.read_bytes().startswith(b"PK")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert {stat.S_IMODE(file.stat().st_mode) for file in (out, picture)} == {0o600}
    told = folder.database.run_now(lambda session: list(session.exec(select(Event.action, Event.detail))))
    assert [tuple(one) for one in told[-2:]] == [
        ("figures_exported", '{"what": "table"}'), ("figures_exported", '{"what": "picture"}'),
    ]  # fmt: skip


def test_nothing_is_overwritten_unless_told_to(
    lianxin: Command, data: Path, asked: None, tmp_path: Path
) -> None:
    out = tmp_path / "figures.xlsx"
    out.write_bytes(b"mine")
    ended = lianxin("satisfaction", *MONTH, "--out", out, "--data", data)
    assert (ended.code, out.read_bytes()) == (1, b"mine")
    assert lianxin("satisfaction", *MONTH, "--out", out, "--force", "--data", data).code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--month", "2025-13"), "--month: 2025-13 is no month"),
        (("--month", "2999-01"), "--month: 2999-01 is no month"),
        ((*MONTH, "--department", "火箭科"), "nobody of 火箭科 was asked; departments: 眼科, 骨科"),
        (("--month", "2025-09"), "fewer than 10 people answered"),
    ],
)
def test_a_mistake_is_one_line(
    lianxin: Command, data: Path, asked: None, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    ended = lianxin("satisfaction", *options, "--picture", tmp_path / "x.png", "--data", data)
    assert ended.code == 1
    assert words in ended.err
    assert ended.err.count("\n") == 1
    assert not (tmp_path / "x.png").exists()


def test_without_a_file_there_is_nothing_to_do(lianxin: Command, data: Path) -> None:
    ended = lianxin("satisfaction", "--data", data)
    assert ended.code == 2
    assert "--out" in ended.err
