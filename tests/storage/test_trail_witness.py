"""Who has the tables and not the keys removes no case and no message of a reporter without being found."""

from datetime import datetime

import pytest
from sqlalchemy import delete, text
from sqlmodel import Session, col

from storage import trail_witness
from storage.entries import EntryRow, Kind
from storage.errors import TrailBroken
from storage.intake import add_to_case
from storage.retention import SLICE, purge_due
from storage.trail_witness import check_cases
from tests.factories import make_house, open_a_case
from tests.storage.tampering import running

HOUSE = make_house()


@pytest.fixture(params=[1, 2000], ids=["in pages", "in one page"])
def cases(
    session: Session, now: datetime, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Session:
    """Three cases, the second with an addition."""
    monkeypatch.setattr(trail_witness, "PAGE", request.param)
    for number in range(3):
        case = open_a_case(session, HOUSE, f"骨科主任收了红包{number}")
        if number == 1:
            add_to_case(session, case, "还有一次", house=HOUSE, now=now)
    return session


def found(session: Session) -> str:
    try:
        check_cases(running(session))
    except TrailBroken as error:
        return str(error)
    return ""


def test_all_is_well(cases: Session) -> None:
    assert found(cases) == ""


def test_no_case_at_all_is_well(session: Session) -> None:
    assert found(session) == ""


def test_removed_case(cases: Session) -> None:
    cases.connection().execute(text("PRAGMA defer_foreign_keys=ON"))
    cases.connection().execute(text("DELETE FROM cases WHERE id = 2"))
    assert found(cases) == "case 2 stands in the trail and nowhere else: it was removed"


@pytest.mark.parametrize("kind", [Kind.REPORT, Kind.ADDITION])
def test_removed_message(cases: Session, kind: Kind) -> None:
    cases.execute(delete(EntryRow).where(col(EntryRow.kind) == kind, col(EntryRow.case_id) == 2))
    assert found(cases) == "case 2: the trail tells of 2 messages by its reporter, there are 1"


def test_message_repeated_under_another_id(cases: Session) -> None:
    columns = "uid, case_id, kind, member_id, body, created_at, seen_at"
    copy = f"INSERT INTO entries ({columns}) SELECT {columns} FROM entries WHERE id = 1"  # noqa: S608
    cases.connection().execute(text(copy))
    assert found(cases) == "case 1: the trail tells of 1 messages by its reporter, there are 2"


def test_content_that_was_destroyed_by_the_rules_is_not_missed(cases: Session, now: datetime) -> None:
    long_ago = "UPDATE cases SET status = 'closed', closed_at = 0, warned_at = 1 WHERE id = 2"
    cases.connection().execute(text(long_ago))
    cases.connection().execute(text("UPDATE entries SET created_at = 0 WHERE case_id = 2"))
    assert len(purge_due(cases, HOUSE.hospital.retention, now=now, limit=SLICE)) == 1
    assert found(cases) == ""


def test_content_that_was_made_to_look_destroyed_is_missed(cases: Session) -> None:
    cases.execute(delete(EntryRow).where(col(EntryRow.case_id) == 3))
    cases.connection().execute(text("UPDATE cases SET purged_at = 1 WHERE id = 3"))
    assert "case 3: the trail tells of 1 messages" in found(cases)
