"""Who comes gets what is open; who moves, is away or goes owes what they still owe."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.completing import complete, excuse
from storage.duties.moments import next_digest
from storage.duties.newcomers import give_what_is_open, take_back_from
from storage.staff.employees import Employee, Employment
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY

HOUSE = duty_house(
    {}, {"key": "drugs", "owed_by": {"offices": ["药剂科"]}}, {"key": "figures", "each": "office"}
)
HOUR = timedelta(hours=1)


def owing(session: Session, employee: Employee) -> list[tuple[str, str]]:
    rows = session.exec(
        select(Assignment).where(Assignment.employee_id == employee.id).order_by(col(Assignment.id))
    )
    return [(one.office, one.state.value) for one in rows]


def give(session: Session, employee: Employee, **when: Any) -> int:
    return give_what_is_open(session, employee, house=HOUSE, now=when.get("now", MONDAY))


def test_a_newcomer_gets_what_is_open_and_not_yet_due_once(session: Session) -> None:
    study = give_out(session, HOUSE)
    give_out(session, HOUSE, "drugs")
    give_out(session, HOUSE, due_in=-HOUR)
    give_out(session, HOUSE, "figures", offices=["药剂科"])
    other = give_out(session, HOUSE, scope="医务科")
    person, _ = make_employee(session, HOUSE, "新来")
    assert give(session, person, now=MONDAY + HOUR) == 2
    assert give(session, person, now=MONDAY + HOUR) == 0
    assert owing(session, person) == [("药剂科", "open")] * 2
    assert study.changed_at == MONDAY + HOUR
    assert other.changed_at == MONDAY
    assert person.remind_at == next_digest(MONDAY + HOUR, HOUSE)


def test_who_has_not_joined_gets_it_and_no_letter(session: Session) -> None:
    give_out(session, HOUSE)
    person, _ = make_employee(session, HOUSE, "新来", joined=False)
    assert give(session, person) == 1
    assert person.remind_at is None


def test_a_newcomer_who_is_away_on_the_due_day_is_excused(session: Session) -> None:
    give_out(session, HOUSE)
    person, _ = make_employee(session, HOUSE, "新来")
    person.leave_from, person.leave_until = date(2025, 12, 1), date(2025, 12, 1)
    assert give(session, person) == 0
    assert owing(session, person) == [("药剂科", "excused")]


def test_who_left_owes_nothing_and_what_they_did_stays(session: Session) -> None:
    person, _ = make_employee(session, HOUSE, "赵敏")
    done, open_ = (give_out(session, HOUSE, people=[person]) for _ in range(2))
    complete(session, owed(session, done, person), by=person, now=MONDAY)
    person.standing, person.remind_at = Employment.LEFT, MONDAY
    assert take_back_from(session, person, Excuse.LEFT, house=HOUSE, now=MONDAY) == 1
    assert owed(session, done, person).state is AssignmentState.DONE
    assert owed(session, open_, person).excuse is Excuse.LEFT
    assert person.remind_at is None
    person.standing = Employment.ACTIVE
    assert give(session, person) == 1
    assert owed(session, open_, person).state is AssignmentState.OPEN


def test_who_moves_takes_along_what_is_owed_there_too(session: Session) -> None:
    person, _ = make_employee(session, HOUSE, "赵敏")
    study, drugs = (
        give_out(session, HOUSE, people=[person]),
        give_out(session, HOUSE, "drugs", people=[person]),
    )
    for_the_office = give_out(session, HOUSE, people=[person], scope="药剂科")
    person.office = "医务科"
    assert take_back_from(session, person, Excuse.MOVED, house=HOUSE, now=MONDAY) == 2
    assert owed(session, study, person).office == "医务科"
    for occurrence in (drugs, for_the_office):
        assert owed(session, occurrence, person).excuse is Excuse.MOVED
    person.office = "药剂科"
    take_back_from(session, person, Excuse.MOVED, house=HOUSE, now=MONDAY)
    assert give(session, person) == 2
    assert owing(session, person) == [("药剂科", "open")] * 3


def test_who_is_away_is_excused_from_what_falls_due_then_and_owes_it_again_when_back(
    session: Session,
) -> None:
    person, _ = make_employee(session, HOUSE, "赵敏")
    soon = give_out(session, HOUSE, people=[person], due_in=timedelta(days=2))
    later = give_out(session, HOUSE, people=[person], due_in=timedelta(days=9))
    longer = give_out(session, HOUSE, people=[person], due_in=timedelta(days=2))
    owed(session, longer, person).extended_until = MONDAY + timedelta(days=9)
    person.leave_from, person.leave_until = date(2025, 11, 25), date(2025, 11, 28)
    session.flush()
    assert take_back_from(session, person, Excuse.LEAVE, house=HOUSE, now=MONDAY) == 1
    assert owed(session, soon, person).excuse is Excuse.LEAVE
    for occurrence in (later, longer):
        assert owed(session, occurrence, person).state is AssignmentState.OPEN
    person.leave_from = person.leave_until = None
    assert give(session, person) == 1
    assert owed(session, soon, person).state is AssignmentState.OPEN


def test_whom_a_head_excused_stays_excused(session: Session) -> None:
    person, _ = make_employee(session, HOUSE, "赵敏")
    occurrence = give_out(session, HOUSE, people=[person])
    excuse(session, owed(session, occurrence, person), Excuse.HEAD, now=MONDAY)
    assert give(session, person) == 0
    assert owed(session, occurrence, person).excuse is Excuse.HEAD
