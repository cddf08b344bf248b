"""purge: shows what would go, asks, destroys, and tells nothing of what was written."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.data_folder import DataFolder
from nlp.taxonomy import Intent
from storage.cases import Case, Outcome, Status
from storage.entries import EntryRow, Kind, add_entry
from storage.files import FileStore, attach_files
from storage.messages import Upload
from tests.bot.cli.conftest import Command
from tests.storage.samples import picture

WORDS = "骨科王医生收了我两千块红包"


@pytest.fixture
def closed(folder: DataFolder) -> DataFolder:
    """Case 1 is due; case 2 is held; case 3 was closed yesterday."""
    now, vault = datetime.now(UTC), folder.house.vault
    files = FileStore(folder.files, vault, folder.house.hospital.files)
    stored = files.keep(Upload("a.png", picture("PNG")))

    def make(session) -> None:  # type: ignore[no-untyped-def]
        for number, days in enumerate((100, 100, 1), start=1):
            closed_at = now - timedelta(days=days)
            session.add(
                Case(
                    uid=f"{number}", year=2026, receipt=f"r{number}", status=Status.CLOSED,
                    intent=Intent.REPORT, lead_office="纪检办", received_at=closed_at, closed_at=closed_at,
                    outcome=Outcome.SUBSTANTIATED, held_at=now if number == 2 else None,
                    warned_at=now - timedelta(days=20) if days == 100 else None,
                )
            )  # fmt: skip
            session.flush()
            entry = add_entry(
                session, number, Kind.REPORT, WORDS, receipt=f"r{number}", vault=vault, now=closed_at
            )
            if number == 1:
                attach_files(session, [stored], case_id=1, entry_id=entry, vault=vault, now=closed_at)

    folder.database.run_now(make)
    return folder


def entries(folder: DataFolder) -> set[int]:
    return set(folder.database.run_now(lambda session: list(session.exec(select(EntryRow.case_id)))))


def kept(folder: DataFolder) -> int:
    return len([path for path in folder.files.rglob("*") if path.is_file()])


def test_a_dry_run_lists_what_would_go_and_changes_nothing(lianxin: Command, closed: DataFolder) -> None:
    ended = lianxin("purge", "--dry-run", "--data", closed.path)
    assert ended.code == 0
    assert "2026-00001" in ended.out
    assert "2026-00002" not in ended.out
    assert "1 case: 1 entries, 1 files" in ended.out
    assert "Nothing was changed." in ended.out
    assert WORDS not in ended.out + ended.err
    assert (entries(closed), kept(closed)) == ({1, 2, 3}, 1)


def test_it_asks_and_a_no_changes_nothing(lianxin: Command, closed: DataFolder) -> None:
    ended = lianxin("purge", "--data", closed.path, stdin=b"n\n")
    assert ended.code != 0
    assert entries(closed) == {1, 2, 3}


@pytest.mark.parametrize(("options", "stdin"), [(["--yes"], b""), ([], b"y\n")])
def test_what_is_due_goes_with_its_files(
    lianxin: Command, closed: DataFolder, options: list[str], stdin: bytes
) -> None:
    ended = lianxin("purge", *options, "--data", closed.path, stdin=stdin)
    assert ended.code == 0
    assert "The content of 1 case is destroyed." in ended.out
    assert (entries(closed), kept(closed)) == ({2, 3}, 0)
    assert "Nothing is due." in lianxin("purge", "--yes", "--data", closed.path).out


@pytest.mark.parametrize(
    ("number", "why"),
    [("2", "held as evidence"), ("2026-00003", "goes on"), ("9", "no such case")],
)
def test_one_case_tells_what_it_waits_for(
    lianxin: Command, closed: DataFolder, number: str, why: str
) -> None:
    ended = lianxin("purge", "--case", number, "--yes", "--data", closed.path)
    assert ended.code == 0
    assert why in ended.out
    assert entries(closed) == {1, 2, 3}


def test_a_number_that_is_none_is_told_in_one_line(lianxin: Command, closed: DataFolder) -> None:
    ended = lianxin("purge", "--case", "abc", "--data", closed.path)
    assert ended.code == 2
    assert len(ended.err.strip().splitlines()) == 1


def test_a_case_that_waits_although_its_day_is_over_tells_why(lianxin: Command, closed: DataFolder) -> None:
    def add(session) -> None:  # type: ignore[no-untyped-def]
        vault = closed.house.vault
        add_entry(session, 1, Kind.ADDITION, WORDS, vault=vault, now=datetime.now(UTC))

    closed.database.run_now(add)
    ended = lianxin("purge", "--case", "1", "--data", closed.path)
    assert (ended.code, ended.err) == (0, "")
    assert "its reporter added to it" in ended.out
