"""What is open follows the book when it names others: given to them, taken from the rest, nothing twice."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from storage.duties.assignments import Assignment, AssignmentState, Excuse, find_assignment
from storage.duties.completing import complete
from storage.duties.following import follow_owing
from storage.duties.moments import next_digest
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.opening import open_occurrence
from storage.duties.planning import plan_occurrences
from storage.events import Event
from storage.house import House
from storage.members import Role
from storage.staff.employees import Employee
from tests.duties import duty_house, make_employee, owed

NOON = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)
"""A working Monday, noon in Shanghai."""
LATER = NOON + timedelta(hours=1)
MARCH = {"dates": ["2026-03-31"]}


def book(owed_by: dict[str, Any], *offices: str, **fields: Any) -> House:
    """A house with one duty, owed so; `offices` are those of the group 重点."""
    sections = {"groups": [{"name": "重点", "offices": list(offices)}]}
    return duty_house({"when": MARCH, "owed_by": owed_by, **fields}, sections=sections)


def planned(session: Session, house: House, now: datetime = NOON) -> Occurrence:
    """Plans until nothing is left; the one occurrence."""
    while plan_occurrences(session, house=house, now=now):
        pass
    return session.exec(select(Occurrence)).one()


def given_out(session: Session, house: House) -> Occurrence:
    occurrence = planned(session, house)
    open_occurrence(session, occurrence, house=house, now=NOON)
    return occurrence


def person(session: Session, house: House, name: str, office: str, **what: Any) -> Employee:
    return make_employee(session, house, name, office, now=NOON, **what)[0]


def test_who_owes_it_now_is_given_it_and_told_and_who_does_not_is_excused(session: Session) -> None:
    house = book({"offices": ["药剂科"]})
    pharmacist, done, doctor = (
        person(session, house, name, office)
        for name, office in (("赵敏", "药剂科"), ("钱进", "药剂科"), ("孙立", "医务科"))
    )
    occurrence = given_out(session, house)
    complete(session, owed(session, occurrence, done), by=done, now=NOON)
    other = book({"offices": ["医务科"]})
    planned(session, other, LATER)
    assert owed(session, occurrence, pharmacist).excuse is Excuse.MOVED
    assert owed(session, occurrence, done).state is AssignmentState.DONE
    assert owed(session, occurrence, doctor).state is AssignmentState.OPEN
    assert doctor.remind_at == next_digest(LATER, other)
    assert pharmacist.remind_at is None
    told = session.exec(select(Event).where(Event.action == "duty_owed_by_others")).one()
    assert json.loads(told.detail) == {"occurrence": occurrence.id, "more": 1, "fewer": 1}
    planned(session, house, LATER)
    assert owed(session, occurrence, pharmacist).state is AssignmentState.OPEN, "taken back again"
    assert owed(session, occurrence, doctor).excuse is Excuse.MOVED
    assert pharmacist.remind_at == next_digest(LATER, house)


def test_an_office_that_joins_a_group_follows_and_a_second_look_changes_nothing(session: Session) -> None:
    house = book({"groups": ["重点"]}, "药剂科")
    person(session, house, "赵敏", "药剂科")
    doctor = person(session, house, "孙立", "医务科")
    away = person(session, house, "李四", "医务科")
    away.leave_from, away.leave_until = date(2026, 3, 30), date(2026, 4, 2)
    occurrence = given_out(session, house)
    wider = book({"groups": ["重点"]}, "药剂科", "医务科")
    assert follow_owing(session, house=wider, now=LATER) == 1
    assert follow_owing(session, house=wider, now=LATER) == 0
    assert owed(session, occurrence, doctor).state is AssignmentState.OPEN
    assert owed(session, occurrence, away).excuse is Excuse.LEAVE
    assert away.remind_at is None
    assert len(session.exec(select(Assignment)).all()) == 3


def test_offices_that_answer_as_one_follow_too_and_their_heads_are_told(session: Session) -> None:
    house = book({"offices": ["药剂科"]}, each="office", done="text")
    head = person(session, house, "何主任", "医务科", role=Role.HEAD)
    clerk = person(session, house, "周全", "医务科")
    occurrence = given_out(session, house)
    both = book({"offices": ["药剂科", "医务科"]}, each="office", done="text")
    planned(session, both, LATER)
    rows = {one.office: one.state for one in session.exec(select(Assignment))}
    assert rows == {"药剂科": AssignmentState.OPEN, "医务科": AssignmentState.OPEN}
    assert head.remind_at is not None
    assert clerk.remind_at is None
    planned(session, book({"offices": ["医务科"]}, each="office", done="text"), LATER)
    former = session.exec(select(Assignment).where(Assignment.office == "药剂科")).one()
    assert former.excuse is Excuse.MOVED
    assert occurrence.stage is OccurrenceStage.OPEN


def test_what_is_overdue_is_owed_by_whom_it_was_given_to(session: Session) -> None:
    house = book({"offices": ["药剂科"]})
    pharmacist, doctor = person(session, house, "赵敏", "药剂科"), person(session, house, "孙立", "医务科")
    occurrence = given_out(session, house)
    planned(session, book({"offices": ["医务科"]}), NOON + timedelta(days=17))
    assert owed(session, occurrence, pharmacist).state is AssignmentState.OPEN
    assert find_assignment(session, occurrence, doctor) is None


def test_a_change_of_words_alone_moves_nobody(session: Session) -> None:
    house = book({"offices": ["药剂科"]})
    person(session, house, "赵敏", "药剂科")
    given_out(session, house)
    assert follow_owing(session, house=book({"offices": ["药剂科"]}, text="新的话。"), now=LATER) == 0
