"""Being away: what falls due meanwhile is excused, what comes after is owed again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from storage.duties.assignments import AssignmentState, Excuse
from storage.event_names import EventName
from storage.events import Event
from storage.letters import Letter
from storage.members import Role
from storage.staff.employees import Employment
from storage.staff.leave import LONGEST, come_back, current_leave, end_leaves, take_leave
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY

HOUSE = duty_house({"key": "study"}, {"key": "quiz"})
TODAY = date(2025, 11, 24)


def later(days: int) -> date:
    return TODAY + timedelta(days)


def test_what_falls_due_while_away_is_excused_and_the_rest_is_not(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    soon = give_out(session, HOUSE, "study", people=[person], due_in=timedelta(days=2))
    far = give_out(session, HOUSE, "quiz", people=[person], due_in=timedelta(days=20))
    take_leave(session, person, TODAY, later(4), house=HOUSE, now=MONDAY)
    assert (owed(session, soon, person).state, owed(session, soon, person).excuse) == (
        AssignmentState.EXCUSED,
        Excuse.LEAVE,
    )
    assert owed(session, far, person).state is AssignmentState.OPEN


def test_a_shorter_leave_makes_owed_again_what_is_still_to_come(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    soon = give_out(session, HOUSE, people=[person], due_in=timedelta(days=4))
    take_leave(session, person, TODAY, later(5), house=HOUSE, now=MONDAY)
    assert owed(session, soon, person).state is AssignmentState.EXCUSED
    take_leave(session, person, TODAY, later(2), house=HOUSE, now=MONDAY)
    assert owed(session, soon, person).state is AssignmentState.OPEN


def test_coming_back_early_makes_it_owed_again_and_is_told_with_the_next_digest(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    soon = give_out(session, HOUSE, people=[person], due_in=timedelta(days=4))
    take_leave(session, person, TODAY, later(5), house=HOUSE, now=MONDAY)
    back = MONDAY + timedelta(days=2)
    assert come_back(session, person, house=HOUSE, now=back)
    assert owed(session, soon, person).state is AssignmentState.OPEN
    assert person.leave_until == later(1)
    assert person.remind_at is not None
    assert person.remind_at > back
    assert not come_back(session, person, house=HOUSE, now=back)


def test_what_fell_due_while_away_stays_excused_after_coming_back(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    soon = give_out(session, HOUSE, people=[person], due_in=timedelta(days=1))
    take_leave(session, person, TODAY, later(5), house=HOUSE, now=MONDAY)
    come_back(session, person, house=HOUSE, now=MONDAY + timedelta(days=3))
    assert owed(session, soon, person).excuse is Excuse.LEAVE


def test_a_leave_that_was_not_begun_is_taken_back_whole(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    take_leave(session, person, later(3), later(5), house=HOUSE, now=MONDAY)
    assert current_leave(person, house=HOUSE, now=MONDAY) == (later(3), later(5))
    assert come_back(session, person, house=HOUSE, now=MONDAY)
    assert (person.leave_from, person.leave_until) == (None, None)


def test_nobody_is_told_on_a_day_of_leave_but_with_the_digest_once_they_are_back(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    person.remind_at = MONDAY + timedelta(days=1)
    take_leave(session, person, TODAY, later(3), house=HOUSE, now=MONDAY)
    assert person.remind_at is None
    assert end_leaves(session, house=HOUSE, now=MONDAY + timedelta(days=3)) == 0
    early = MONDAY + timedelta(days=3, hours=16)  # after midnight of the day they are back
    assert end_leaves(session, house=HOUSE, now=early) == 1
    told = person.remind_at
    assert told is not None
    assert timedelta(0) < told - early < timedelta(hours=24)
    assert end_leaves(session, house=HOUSE, now=early) == 0


def test_heads_of_the_office_hear_of_it_without_the_reason_or_the_name(session: Session) -> None:
    person, _ = make_employee(session, HOUSE, "赵敏")
    take_leave(session, person, TODAY, later(1), house=HOUSE, now=MONDAY)
    letter = session.exec(select(Letter).where(Letter.notice == "leave.taken")).one()
    assert letter.audience == "every_head:药剂科"
    assert "赵敏" not in letter.arguments
    event = session.exec(select(Event).where(Event.action == EventName.LEAVE_TAKEN)).one()
    assert "赵敏" not in event.detail


@pytest.mark.parametrize(
    ("first", "last"),
    [(0, -1), (-5, -1), (0, LONGEST), (LONGEST + 1, LONGEST + 2)],
)
def test_days_that_cannot_be_are_refused(session: Session, first: int, last: int) -> None:
    person, _ = make_employee(session, HOUSE)
    with pytest.raises(ValueError, match="no days"):
        take_leave(session, person, later(first), later(last), house=HOUSE, now=MONDAY)
    assert person.leave_from is None


def test_the_same_leave_twice_is_told_once(session: Session) -> None:
    person, _ = make_employee(session, HOUSE, role=Role.STAFF)
    for _ in range(2):
        take_leave(session, person, TODAY, later(1), house=HOUSE, now=MONDAY)
    told = session.exec(select(Letter).where(col(Letter.notice) == "leave.taken")).all()
    assert len(told) == 1


def test_who_has_left_is_on_no_leave(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    person.standing = Employment.LEFT
    take_leave(session, person, TODAY, later(1), house=replace(HOUSE), now=MONDAY)
    assert person.leave_from is None
