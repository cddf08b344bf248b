"""A changed trail is noticed, a cut-off one against a head, and looking at it is told as well."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from bot.data_folder import DataFolder
from storage.events import Event, record_event
from tests.bot.cli.conftest import Command
from tests.storage.tampering import unguarded


@pytest.fixture
def three(folder: DataFolder) -> DataFolder:
    """A folder with three events, the second a refusal."""

    def write(session: Session) -> None:
        for day, action in enumerate(("accepted", "refused", "closed"), 3):
            who = "member:7" if action == "refused" else "system"
            record_event(session, who, action, case_id=2, now=datetime(2025, 3, day, tzinfo=UTC))

    folder.database.run_now(write)
    return folder


def cut(folder: DataFolder) -> None:
    def work(session: Session) -> None:
        with unguarded(session):
            session.execute(delete(Event).where(col(Event.id) == 3))

    folder.database.run_now(work)


def test_whole_trail_is_told_with_count_and_head(lianxin: Command, data: Path, three: DataFolder) -> None:
    ended = lianxin("audit", "verify", "--data", data)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("The trail is whole: 3 events.\nHead: 3-")
    head = lianxin("audit", "head", "--data", data).out
    assert head.split()[1] == ended.out.split("Head: ")[1].strip()


def test_changed_trail_is_told(lianxin: Command, data: Path, three: DataFolder) -> None:
    def change(session: Session) -> None:
        with unguarded(session):
            session.connection().execute(text("UPDATE events SET actor = 'member:8' WHERE id = 2"))

    three.database.run_now(change)
    ended = lianxin("audit", "verify", "--data", data)
    assert (ended.code, ended.out) == (1, "")
    assert "broken at event 2" in ended.err
    assert ended.err.count("\n") == 1


def test_cut_off_end_is_found_by_a_head_and_by_a_file_of_heads(
    lianxin: Command, data: Path, three: DataFolder, tmp_path: Path
) -> None:
    head = lianxin("audit", "head", "--data", data).out.strip()
    file = tmp_path / "kept.txt"
    file.write_text(f"# in the safe\n{head}\n", "utf-8")
    assert "all that the head told" in lianxin("audit", "verify", "--head", head, "--data", data).out
    cut(three)
    assert lianxin("audit", "verify", "--data", data).code == 0
    for option, value in (("--head", head), ("--heads", str(file))):
        ended = lianxin("audit", "verify", option, value, "--data", data)
        assert (ended.code, ended.out) == (1, "")
        assert "the end of the trail is missing" in ended.err


@pytest.mark.parametrize(
    ("written", "told"), [("12345", "no head in it"), ("3-AAAA-BBBB-CCCC-DDDD-EEEE", "copied wrongly")]
)
def test_wrong_head_is_no_alarm(
    lianxin: Command, data: Path, tmp_path: Path, written: str, told: str
) -> None:
    (tmp_path / "kept.txt").write_text(f"\n{written}\n", "utf-8")
    for option, value in (("--head", written), ("--heads", str(tmp_path / "kept.txt"))):
        ended = lianxin("audit", "verify", option, value, "--data", data)
        assert (ended.code, ended.err.count("\n")) == (1, 1)
        assert told in ended.err
    assert "line 2" in ended.err


def test_missing_file_of_heads_is_told(lianxin: Command, data: Path) -> None:
    ended = lianxin("audit", "verify", "--heads", "nowhere.txt", "--data", data)
    assert (ended.code, ended.err) == (1, "lianxin: nowhere.txt: cannot be read (FileNotFoundError)\n")


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ((), ["accepted", "refused", "closed"]),
        (("--refusals",), ["refused"]),
        (("--member", "7"), ["refused"]),
        (("--case", "2025-00002"), ["accepted", "refused", "closed"]),
        (("--case", "3"), []),
        (("--since", "2025-03-05"), ["closed"]),
    ],
)
def test_events_are_listed(
    lianxin: Command, data: Path, three: DataFolder, options: tuple[str, ...], shown: list[str]
) -> None:
    ended = lianxin("audit", "list", *options, "--data", data)
    assert ended.code == 0
    told = [word for word in ended.out.split() if word in ("accepted", "refused", "closed")]
    assert told == shown


def test_looking_at_the_trail_is_in_the_trail(lianxin: Command, data: Path, three: DataFolder) -> None:
    lianxin("audit", "list", "--refusals", "--member", "7", "--data", data)
    last = three.database.run_now(
        lambda session: session.exec(select(Event).order_by(col(Event.id).desc())).first()
    )
    assert last is not None
    assert (last.actor, last.action, last.detail) == (
        "console",
        "trail_read",
        '{"member": 7, "refusals": true}',
    )


def test_case_that_is_no_number_is_told(lianxin: Command, data: Path) -> None:
    ended = lianxin("audit", "list", "--case", "x", "--data", data)
    assert ended.code == 2
    assert "2026-00042" in ended.err


def test_the_heads_in_the_data_folder_are_looked_at_unasked(
    lianxin: Command, data: Path, three: DataFolder
) -> None:
    head = lianxin("audit", "head", "--data", data).out
    (data / "heads.txt").write_text(head, "utf-8")
    assert "all that the head told of" in lianxin("audit", "verify", "--data", data).out
    cut(three)
    ended = lianxin("audit", "verify", "--data", data)
    assert (ended.code, ended.out) == (1, "")
    assert "the end of the trail is missing" in ended.err
