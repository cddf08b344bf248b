"""A changed trail is noticed."""

from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from bot.data_folder import DataFolder
from storage.events import Event, record_event
from tests.bot.cli.conftest import Command


def write_three(session: Session) -> None:
    for action in ("opened", "accepted", "closed"):
        record_event(session, "system", action, now=datetime(2025, 3, 3, tzinfo=UTC))


def test_whole_trail_is_told(lianxin: Command, data: Path, folder: DataFolder) -> None:
    folder.database.run_now(write_three)
    ended = lianxin("audit", "verify", "--data", data)
    assert (ended.code, ended.out) == (0, "The trail is whole: 3 events.\n")


def test_changed_trail_is_told(lianxin: Command, data: Path, folder: DataFolder) -> None:
    folder.database.run_now(write_three)

    def change(session: Session) -> None:
        session.get_one(Event, 2).action = "refused"

    folder.database.run_now(change)
    ended = lianxin("audit", "verify", "--data", data)
    assert (ended.code, ended.out) == (1, "")
    assert "broken at event 2" in ended.err
    assert ended.err.count("\n") == 1
