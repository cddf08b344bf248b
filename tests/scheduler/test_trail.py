"""The head goes to the supervisors once a month, in office hours; what was counted goes into the trail."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from scheduler.trail import tend_trail
from storage.database import Database
from storage.event_names import EventName
from storage.events import Event
from storage.house import House
from storage.letters import Letter
from storage.members import Role
from storage.tallies import count_up
from tests.factories import make_database, make_house, make_member

TUESDAY = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""09:30 in Shanghai, a working day."""


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return make_database(tmp_path / "lianxin.db")


def tend(database: Database, now: datetime, *, often: str = "monthly", role: Role = Role.SUPERVISOR) -> bool:
    house = make_house(trail={"head_to_supervisors": often})

    def work(session: Session) -> bool:
        if role is not None:
            make_member(session, house, "郑监督", "纪检办", role)
        return tend_trail(session, house=house, now=now)

    return database.run_now(work)


def notices(database: Database) -> int:
    letters = database.run_now(
        lambda session: list(session.exec(select(Letter).where(Letter.notice == "trail.head")))
    )
    assert {letter.audience for letter in letters} <= {"supervisors"}
    assert all(letter.case_id is None for letter in letters)
    assert {letter.arguments for letter in letters} == {"{}"}, "the head is read when it is sent"
    return len(letters)


def test_head_is_sent_once_a_month_and_again_in_the_next(database: Database) -> None:
    sent = [tend(database, TUESDAY + timedelta(days=day)) for day in (0, 1, 3, 7, 8)]
    assert sent == [True, False, False, True, False]
    assert notices(database) == 2


def test_head_is_sent_once_a_week(database: Database) -> None:
    sent = [tend(database, TUESDAY + timedelta(days=day), often="weekly") for day in (0, 2, 6, 7)]
    assert sent == [True, False, True, False]


def test_head_is_never_sent_where_nobody_wants_it(database: Database) -> None:
    assert not tend(database, TUESDAY, often="never")


@pytest.mark.parametrize(
    "moment",
    [TUESDAY + timedelta(hours=12), datetime(2026, 11, 22, 2, 0, tzinfo=UTC)],
    ids=["night", "Sunday"],
)
def test_head_waits_for_office_hours(database: Database, moment: datetime) -> None:
    assert not tend(database, moment)
    assert tend(database, TUESDAY)


def test_head_waits_for_a_supervisor(database: Database) -> None:
    assert not tend(database, TUESDAY, role=Role.OFFICER)
    assert tend(database, TUESDAY + timedelta(minutes=10))


def test_windows_that_are_over_become_events(database: Database) -> None:
    def count(session: Session) -> None:
        for minute in range(10):
            count_up(session, EventName.WRONG_CODES, now=TUESDAY + timedelta(minutes=minute))

    database.run_now(count)
    tend(database, TUESDAY + timedelta(minutes=14), often="never")
    tend(database, TUESDAY + timedelta(minutes=20), often="never")
    events = database.run_now(lambda session: list(session.exec(select(Event).order_by(col(Event.id)))))
    assert [(one.action, one.detail, one.case_id) for one in events] == [
        ("wrong_codes", '{"count": 10}', None)
    ]


def test_house_has_a_default() -> None:
    house: House = make_house()
    assert house.hospital.trail.head_to_supervisors == "monthly"
