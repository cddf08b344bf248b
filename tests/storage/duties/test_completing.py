"""What counts as done, late, excused, and owed again; and how far all are."""

from datetime import timedelta

from sqlmodel import Session

from storage.duties.assignments import AssignmentState, Excuse
from storage.duties.completing import acknowledge, complete, excuse, owe_again
from storage.duties.progress import progress_by_office, progress_of
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY

HOUSE = duty_house({}, {"key": "figures", "each": "office", "done": "figure"})
WEEK = timedelta(days=7)


def test_answer_counts_once_and_cards_learn_of_it(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    occurrence = give_out(session, HOUSE, people=[person])
    mine = owed(session, occurrence, person)
    later = MONDAY + timedelta(hours=1)
    assert [complete(session, mine, by=person, now=later) for _ in range(2)] == [True, False]
    assert (mine.state, mine.late, mine.done_by) == (AssignmentState.DONE, False, person.id)
    assert occurrence.changed_at == later


def test_answer_after_the_due_time_is_late_unless_more_time_was_granted(session: Session) -> None:
    people = [make_employee(session, HOUSE, name)[0] for name in ("赵敏", "钱进")]
    occurrence = give_out(session, HOUSE, people=people)
    first, second = (owed(session, occurrence, person) for person in people)
    second.extended_until = occurrence.due_at + WEEK
    for mine, person in ((first, people[0]), (second, people[1])):
        complete(session, mine, by=person, now=occurrence.due_at + timedelta(days=1))
    assert (first.late, second.late) == (True, False)


def test_office_answers_as_one(session: Session) -> None:
    first, _ = make_employee(session, HOUSE, "赵敏")
    second, _ = make_employee(session, HOUSE, "钱进")
    occurrence = give_out(session, HOUSE, "figures", offices=["药剂科", "医务科"])
    mine = owed(session, occurrence, first)
    assert mine is owed(session, occurrence, second)
    complete(session, mine, by=second, now=MONDAY)
    assert {office: one.done for office, one in progress_by_office(session, occurrence.id or 0).items()} == {
        "药剂科": 1, "医务科": 0,
    }  # fmt: skip


def test_who_is_excused_is_not_expected_but_may_still_answer(session: Session) -> None:
    people = [make_employee(session, HOUSE, name)[0] for name in ("赵敏", "钱进", "孙丽")]
    occurrence = give_out(session, HOUSE, people=people)
    for person in people[:2]:
        mine = owed(session, occurrence, person)
        excuse(session, mine, Excuse.LEAVE, now=MONDAY)
    complete(session, mine, by=people[1], now=MONDAY)
    found = progress_of(session, occurrence.id or 0, "药剂科")
    assert (found.expected, found.done, found.excused, found.missing) == (2, 1, 1, 1)
    owe_again(session, mine, now=MONDAY)
    assert progress_of(session, occurrence.id or 0).missing == 2


def test_having_read_is_kept_apart_from_being_done(session: Session) -> None:
    person, _ = make_employee(session, HOUSE)
    occurrence = give_out(session, HOUSE, people=[person])
    mine = owed(session, occurrence, person)
    acknowledge(session, mine, now=MONDAY)
    acknowledge(session, mine, now=MONDAY + WEEK)
    assert (mine.acknowledged_at, mine.state) == (MONDAY, AssignmentState.OPEN)
    assert progress_of(session, occurrence.id or 0).acknowledged == 1
