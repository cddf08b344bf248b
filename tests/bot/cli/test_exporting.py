"""The ledger as a file: no text, no identity, no formula, for its owner alone."""

import io
import re
import stat
import zipfile
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.cli.ledger_file import LedgerFile
from bot.data_folder import DataFolder
from bot.workbook import as_text
from handlers.words import words_for
from nlp.taxonomy import Category, Intent
from storage.cases import Case, Outcome, Status
from storage.clocks import Limit
from storage.events import Event
from storage.ledger import Extent, Kept, LedgerRow, ledger_page
from storage.members import Role
from storage.triage import accept_case, close_case
from tests.bot.cli.conftest import Command
from tests.factories import MONDAY, make_member, open_a_case


def cells(content: bytes) -> str:
    """Everything that stands in the table, and whatever else the file holds."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())


def numbers(path: Path) -> list[str]:
    return re.findall(r"20\d\d-\d{5}", cells(path.read_bytes()))


@pytest.fixture
def cases(folder: DataFolder) -> list[str]:
    """Numbers: one of 药剂科 (closed), one of 纪检办, one sealed, one that leaves 王芳 out."""
    house = folder.house

    def fill(session: Session) -> list[str]:
        anna = make_member(session, house, "王芳", "药剂科")
        make_member(session, house, "何平", "人事科", Role.SUPERVISOR)
        make_member(session, house, "吴工", "信息科", Role.ADMINISTRATOR)
        first = open_a_case(session, house, "唯一的故事王芳收了红包", lead="药剂科")
        others = [
            open_a_case(session, house, lead="纪检办"),
            open_a_case(session, house, lead="纪检办", sealed=True),
            open_a_case(session, house, lead="药剂科", left_out_people=[anna.id]),
        ]
        make_member(session, house, "孙立")
        accept_case(session, first, anna, house=house, now=MONDAY)
        close_case(session, first, anna, Outcome.SUBSTANTIATED, "已退款", "查实了", house=house, now=MONDAY)
        return [case.number for case in (first, *others)]

    return folder.database.run_now(fill)


def test_the_ledger_has_numbers_and_dates_but_no_words_of_anybody(
    lianxin: Command, data: Path, folder: DataFolder, cases: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "ledger.xlsx"
    ended = lianxin("export", "--out", out, "--data", data)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"3 cases are in {out}.\n"
    text = cells(out.read_bytes())
    assert numbers(out) == [cases[0], cases[1], cases[3]]
    for word in ("编号", "红包", "药剂科", "查实", "按时"):
        assert word in text
    for word in ("唯一的故事", "王芳", "何平", "已退款", "查实了"):
        assert word not in text
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"var", "ledger.xlsx"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [(["--sealed"], [0, 1, 2, 3]), (["--as", "1"], [0]), (["--as", "2"], [0, 1, 3]),
     (["--as", "2", "--sealed"], [0, 1, 2, 3]), (["--as", "1", "--sealed"], [0])],
)  # fmt: skip
def test_each_export_holds_what_that_member_may_see(
    lianxin: Command, data: Path, folder: DataFolder, cases: list[str], tmp_path: Path, options: list[str],
    expected: list[int],
) -> None:  # fmt: skip
    out = tmp_path / "ledger.xlsx"
    assert lianxin("export", "--out", out, *options, "--data", data).code == 0
    assert numbers(out) == [cases[place] for place in expected]


@pytest.mark.parametrize(("whose", "said"), [("9", "no member 9"), ("3", "handles no cases")])
def test_nothing_is_written_for_who_sees_no_cases(
    lianxin: Command, data: Path, folder: DataFolder, cases: list[str], tmp_path: Path, whose: str, said: str
) -> None:
    ended = lianxin("export", "--out", tmp_path / "x.xlsx", "--as", whose, "--data", data)
    assert ended.code == 1
    assert said in ended.err
    assert not (tmp_path / "x.xlsx").exists()


def test_a_file_is_replaced_only_by_force(lianxin: Command, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "ledger.xlsx"
    out.write_text("mine")
    ended = lianxin("export", "--out", out, "--data", data)
    assert ended.code == 1
    assert "exists already" in ended.err
    assert out.read_text() == "mine"
    assert lianxin("export", "--out", out, "--force", "--data", data).code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_one_line(lianxin: Command, data: Path, tmp_path: Path) -> None:
    ended = lianxin("export", "--out", tmp_path / "no" / "x.xlsx", "--data", data)
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 1


def test_the_trail_tells_who_got_what(
    lianxin: Command, data: Path, folder: DataFolder, cases: list[str], tmp_path: Path
) -> None:
    lianxin("export", "--out", tmp_path / "x.xlsx", "--as", "1", "--data", data)

    def last(session: Session) -> tuple[str, str]:
        event = session.exec(select(Event).where(Event.action == "exported")).one()
        return event.actor, event.detail

    assert folder.database.run_now(last) == ("console", '{"cases": 1, "member": 1, "sealed": false}')


@pytest.mark.parametrize("office", ['=HYPERLINK("http://x")', "+1", "-2", "@SUM(A1)", "\t=1", "＝1"])
def test_no_cell_is_a_formula(office: str) -> None:
    row = LedgerRow(
        1, "2026-00001", MONDAY, Intent.REPORT, (Category.KICKBACK,), Status.RECEIVED, office,
        {Limit.DECIDE: Kept.RUNNING}, None, None, False,
    )  # fmt: skip
    table = LedgerFile(words_for("zh"), "Asia/Shanghai")
    table.add(row)
    text = cells(table.finish())
    assert "<f>" not in text
    assert "<hyperlinks>" not in text
    assert as_text(office) == f"'{office}"
    assert as_text("药剂科") == "药剂科"


def test_a_limit_that_was_missed_once_stays_missed(folder: DataFolder, cases: list[str]) -> None:
    from datetime import timedelta

    late = MONDAY + timedelta(days=30)

    def page(session: Session) -> list[LedgerRow]:
        return ledger_page(session, Extent(folder.house.hospital, sealed=True), after=0, count=9, now=late)

    first, second, *_ = folder.database.run_now(page)
    assert set(first.limits.values()) == {Kept.KEPT}
    assert second.limits[Limit.DECIDE] is Kept.MISSED
    assert second.limits[Limit.ANSWER] is Kept.RUNNING
    assert folder.database.run_now(lambda session: len(session.exec(select(Case.id)).all())) == 4
