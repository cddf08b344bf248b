"""What a hand-in keeps, and that an anonymous one keeps nothing of whoever gave it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import inspect, select
from sqlmodel import Session

from storage.deposits import deposits_of
from storage.errors import HandInMoved, SealError
from storage.events import Event
from storage.followup.unlinked import blurred
from storage.hand_ins.giving import give_anonymously, hand_in_by_code, hand_ins_of, take_back
from storage.hand_ins.handling import receive
from storage.hand_ins.rows import PHOTO, Given, HandIn, HandInState, open_given
from storage.letters import Letter
from storage.tables import METADATA
from tests.duties import make_employee
from tests.factories import MONDAY, make_house, make_member
from tests.storage.hand_ins.givers import MARK, PHOTO_FILE, an_envelope, anonymous, by_name

HOUSE = make_house()


def test_what_was_given_is_sealed_and_reads_as_it_was(session: Session) -> None:
    row, employee, _ = by_name(session, HOUSE)
    assert open_given(row, vault=HOUSE.vault) == an_envelope()
    assert MARK.encode() not in (row.given or b"")
    assert row.employee_id == employee.id
    assert row.number == f"SJ-2025-{row.id:04d}"
    assert hand_ins_of(session, employee.id) == [row]


def test_the_limit_is_the_close_of_the_third_working_day_after(session: Session) -> None:
    row, _, _ = by_name(session, HOUSE, on=date(2025, 11, 21))  # a Friday
    assert row.due_at == datetime(2025, 11, 26, 9, 0, tzinfo=UTC)
    assert not row.late


def test_what_is_reported_after_the_limit_is_late(session: Session) -> None:
    row, _, _ = by_name(session, HOUSE, on=date(2025, 11, 18))
    assert row.late


def test_holidays_do_not_count(session: Session) -> None:
    row, _, _ = by_name(session, HOUSE, on=date(2026, 9, 30), now=datetime(2026, 10, 8, 2, 0, tzinfo=UTC))
    assert row.due_at == datetime(2026, 10, 10, 9, 0, tzinfo=UTC)  # 8, 9 and the make-up Saturday
    assert not row.late


def test_an_anonymous_one_joins_nobody_to_itself(session: Session) -> None:
    """Everything that is written by it is looked at: no time but the day, nobody's number, no letter."""
    employee, member = make_employee(session, HOUSE)
    assert member is not None
    tables = METADATA.tables.keys() & set(inspect(session.connection()).get_table_names())
    before = {name: _rows(session, name) for name in tables}
    row, code = anonymous(session, HOUSE, files=(PHOTO_FILE,))
    session.flush()
    written = {name: [one for one in _rows(session, name) if one not in before[name]] for name in tables}
    assert {name for name, rows in written.items() if rows} == {"hand_ins", "deposits", "events"}
    exact = int(MONDAY.timestamp())
    for name, rows in written.items():
        for one in rows:
            said = str(one)
            assert member.sender not in said, name
            assert code not in said, name
            assert str(exact) not in said, name
            assert f"member:{member.id}" not in said, name
    assert row.employee_id is None
    assert row.reported_at == blurred(MONDAY, HOUSE)
    (event,) = session.execute(select(Event)).scalars().all()
    assert (event.actor, event.at) == ("reporter", blurred(MONDAY, HOUSE))
    assert employee.id is not None


def _rows(session: Session, name: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.execute(select(METADATA.tables[name]))]


def test_the_office_hears_of_an_anonymous_one_at_the_next_full_hour(session: Session) -> None:
    row, _ = anonymous(session, HOUSE, now=MONDAY + timedelta(minutes=17))
    assert row.next_at == datetime(2025, 11, 24, 2, 0, tzinfo=UTC)
    assert session.execute(select(Letter)).first() is None


def test_only_the_code_finds_it(session: Session) -> None:
    row, code = anonymous(session, HOUSE)
    assert hand_in_by_code(session, code, vault=HOUSE.vault) == row
    assert hand_in_by_code(session, "0" * 16, vault=HOUSE.vault) is None
    assert hand_ins_of(session, None) == []


def test_two_have_different_codes(session: Session) -> None:
    assert len({anonymous(session, HOUSE)[1] for _ in range(20)}) == 20


def test_whose_it_is_cannot_be_written_in_afterwards(session: Session) -> None:
    """Who may write to the database puts somebody's number on an anonymous one, or their own code."""
    employee, _ = make_employee(session, HOUSE)
    row, _ = anonymous(session, HOUSE)
    row.employee_id = employee.id
    with pytest.raises(SealError):
        open_given(row, vault=HOUSE.vault)
    row.employee_id, row.receipt = None, "mine"
    with pytest.raises(SealError):
        open_given(row, vault=HOUSE.vault)


def test_taken_back_nothing_of_it_stays(session: Session) -> None:
    row, _, member = by_name(session, HOUSE, files=(PHOTO_FILE,))
    take_back(session, row, by=member, house=HOUSE, now=MONDAY)
    assert (row.state, row.next_at, row.given) == (HandInState.WITHDRAWN, None, None)
    assert open_given(row, vault=HOUSE.vault) == Given("")
    assert deposits_of(session, f"{PHOTO}:{row.id}") == []
    with pytest.raises(HandInMoved):
        take_back(session, row, by=member, house=HOUSE, now=MONDAY)


def test_taken_back_without_a_name_tells_no_hour(session: Session) -> None:
    row, _ = anonymous(session, HOUSE)
    take_back(session, row, by=None, house=HOUSE, now=MONDAY + timedelta(minutes=7))
    assert row.ended_at == blurred(MONDAY, HOUSE)
    assert {event.actor for event in session.execute(select(Event)).scalars()} == {"reporter"}


def test_what_the_office_has_in_hand_is_not_taken_back(session: Session) -> None:
    row, _, member = by_name(session, HOUSE)
    receive(session, row, make_member(session, HOUSE), version=row.version, now=MONDAY)
    with pytest.raises(HandInMoved):
        take_back(session, row, by=member, house=HOUSE, now=MONDAY)


def test_numbers_are_never_given_twice(session: Session) -> None:
    row, _ = anonymous(session, HOUSE)
    first = row.id
    session.delete(row)
    session.flush()
    again, _ = give_anonymously(
        session, an_envelope(), received_on=date(2025, 11, 24), house=HOUSE, now=MONDAY
    )
    assert isinstance(again, HandIn)
    assert again.id != first
