"""`lianxin qr`: who gets a sheet, what it holds, and what is left when it ends half way."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from sqlmodel import Session, select

import bot.followup.printing
from bot.cli import printing
from bot.data_folder import DataFolder
from bot.new_file import save
from storage.events import Event
from storage.followup.discharges import Discharge, Standing
from storage.followup.importing import DischargeRow, put_discharges
from storage.followup.joining import Joined, redeem
from storage.followup.tickets import Ticket
from tests.bot.cli.conftest import Command
from tests.bot.followup.test_sheets import codes_in

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PAGE = "https://report.hospital.example"


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch, lianxin: Command) -> None:
    monkeypatch.setattr(printing, "utc_now", lambda: NOW)
    monkeypatch.setenv("LIANXIN_PUBLIC_URL", PAGE)


def leave(
    folder: DataFolder, *numbers: str, department: str = "骨科", days_ago: int = 0, **more: Any
) -> None:
    rows = [DischargeRow(number, department, NOW - timedelta(days=days_ago), **more) for number in numbers]
    folder.database.run_now(lambda session: put_discharges(session, rows, house=folder.house, now=NOW))


def rows(folder: DataFolder, table: Any) -> list[Any]:
    return folder.database.run_now(lambda session: list(session.exec(select(table))))


def read(path: Path) -> str:
    (link,) = codes_in(Image.open(path))
    return link


def come(folder: DataFolder, code: str) -> Any:
    def use(session: Session) -> Any:
        return redeem(
            session, code, sender="s", channel="telegram", chat="c", address="a", house=folder.house, now=NOW
        )

    return folder.database.run_now(use)


def test_one_discharge_gets_a_picture_and_a_page(
    lianxin: Command, folder: DataFolder, tmp_path: Path
) -> None:
    leave(folder, "ZY001", "ZY002")
    ended = lianxin("qr", "--discharge", "ZY001", "--out", tmp_path / "s", "--data", folder.path)
    assert (ended.code, ended.err) == (0, "")
    assert {path.name for path in (tmp_path / "s").iterdir()} == {"ZY001.png", "ZY001.pdf"}
    link = read(tmp_path / "s" / "ZY001.png")
    assert link.startswith(f"{PAGE}/f#")
    assert isinstance(come(folder, link.partition("#")[2]), Joined)
    assert link.partition("#")[2] not in ended.out
    with pikepdf.open(tmp_path / "s" / "ZY001.pdf") as pdf:
        assert len(pdf.pages) == 1


def test_what_is_written_is_for_its_owner_alone(lianxin: Command, folder: DataFolder, tmp_path: Path) -> None:
    leave(folder, "ZY001")
    lianxin("qr", "--discharge", "ZY001", "--out", tmp_path / "s", "--data", folder.path)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "s").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700


def test_a_department_since_a_day_gets_one_pdf(lianxin: Command, folder: DataFolder, tmp_path: Path) -> None:
    leave(folder, "A/1", "A-1", "../A1")
    leave(folder, "B1", department="眼科")
    leave(folder, "OLD", days_ago=2)
    leave(folder, "DEAD", standing=Standing.DECEASED)
    out = tmp_path / "s"
    ended = lianxin(
        "qr", "--department", "骨科", "--since", "2026-11-22", "--telegram", "@ExampleHospitalBot",
        "--out", out, "--data", folder.path,
    )  # fmt: skip
    assert "3 sheets are in" in ended.out
    assert {path.name for path in out.iterdir()} == {"A-1.png", "A-1-2.png", "A1.png", "sheets.pdf"}
    assert len(codes_in(Image.open(out / "A1.png"))) == 2
    with pikepdf.open(out / "sheets.pdf") as pdf:
        assert len(pdf.pages) == 3
    assert [event.detail for event in rows(folder, Event) if event.action == "sheets_printed"] == [
        '{"count": 3}'
    ]


def test_who_has_joined_needs_no_sheet_unless_asked_for(
    lianxin: Command, folder: DataFolder, tmp_path: Path
) -> None:
    leave(folder, "ZY001")
    lianxin("qr", "--discharge", "ZY001", "--out", tmp_path / "s", "--data", folder.path)
    come(folder, read(tmp_path / "s" / "ZY001.png").partition("#")[2])
    ended = lianxin("qr", "--department", "骨科", "--out", tmp_path / "t", "--data", folder.path)
    assert ended.out == "Nobody like that is waiting for a sheet.\n"
    assert not (tmp_path / "t").exists()
    again = lianxin("qr", "--discharge", "ZY001", "--out", tmp_path / "t", "--data", folder.path)
    assert again.code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "give --discharge, or --department and --since"),
        (("--discharge", "A", "--department", "骨科"), "give --discharge, or"),
        (("--discharge", "NONE"), "there is no discharge 'NONE'"),
        (("--discharge", "GONE"), "is not asked any more (withdrawn)"),
        (("--since", "yesterday"), "yesterday"),
        (("--discharge", "ZY001", "--telegram", "no name"), "TELEGRAM_BOT_NAME: expected"),
    ],
)
def test_a_mistake_gets_one_line(
    lianxin: Command, folder: DataFolder, arguments: tuple[str, ...], words: str
) -> None:
    leave(folder, "ZY001")
    leave(folder, "GONE", standing=Standing.WITHDRAWN)
    ended = lianxin("qr", *arguments, "--data", folder.path)
    assert ended.code != 0
    assert words in ended.err
    assert len(ended.err.splitlines()) == 1
    assert rows(folder, Ticket) == []


def test_without_any_way_to_come_nothing_is_printed(
    lianxin: Command, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIANXIN_PUBLIC_URL")
    leave(folder, "ZY001")
    ended = lianxin("qr", "--discharge", "ZY001", "--data", folder.path)
    assert ended.code == 1
    assert "LIANXIN_PUBLIC_URL" in ended.err


def test_a_telegram_out_of_reach_is_told_and_the_page_is_printed(
    lianxin: Command, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:AAE-secret_part")
    monkeypatch.setenv("TELEGRAM_API_BASE", "http://127.0.0.1:9")
    leave(folder, "ZY001")
    ended = lianxin("qr", "--discharge", "ZY001", "--out", tmp_path / "s", "--data", folder.path)
    assert ended.code == 0
    assert "Telegram does not answer" in ended.err
    assert "secret" not in ended.err
    assert read(tmp_path / "s" / "ZY001.png").startswith(PAGE)


def test_nothing_is_overwritten_and_no_code_is_left_over(
    lianxin: Command, folder: DataFolder, tmp_path: Path
) -> None:
    leave(folder, "ZY001")
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "ZY001.png").write_text("mine")
    ended = lianxin("qr", "--discharge", "ZY001", "--out", tmp_path / "s", "--data", folder.path)
    assert "exists already" in ended.err
    assert (tmp_path / "s" / "ZY001.png").read_text() == "mine"
    assert rows(folder, Ticket) == []
    assert lianxin(
        "qr", "--discharge", "ZY001", "--out", tmp_path / "s", "--force", "--data", folder.path
    ).code == 0  # fmt: skip


def test_interrupted_half_way_it_takes_back_what_it_made(
    lianxin: Command, folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(folder, "ZY001", "ZY002", "ZY003")
    calls: list[str] = []

    def save_two(content: bytes, path: Path, *, force: bool) -> None:
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(path.name)
        save(content, path, force=force)

    monkeypatch.setattr(bot.followup.printing, "save", save_two)
    ended = lianxin("qr", "--department", "骨科", "--out", tmp_path / "s", "--data", folder.path)
    assert ended.code == 130
    assert list((tmp_path / "s").iterdir()) == []
    assert rows(folder, Ticket) == []


def test_who_has_nothing_left_to_be_asked_gets_no_sheet(lianxin: Command, folder: DataFolder) -> None:
    leave(folder, "LONG-AGO", days_ago=200)
    ended = lianxin("qr", "--discharge", "LONG-AGO", "--data", folder.path)
    assert ended.out == "1 discharges have nothing left to be asked: no sheet.\n"
    assert len(rows(folder, Discharge)) == 1
    assert rows(folder, Ticket) == []
