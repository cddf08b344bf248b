"""How rules are known is counted, shown of at least five people, and tells of nobody."""

from datetime import timedelta

from sqlmodel import Session

from storage.house import House
from storage.training.knowledge import (
    LEAST_PEOPLE,
    Known,
    count_first_answers,
    knowledge,
    knowledge_by_office,
    may_be_shown,
)
from tests.duties import give_out, make_employee, owed
from tests.factories import MONDAY


def answered(
    session: Session, house: House, office: str, people: int, *, right: bool = True, rule: int = 8
) -> int:
    """So many people of an office answered one question; the occurrence."""
    staff = [make_employee(session, house, f"{office}{n}", office, joined=False)[0] for n in range(people)]
    occurrence = give_out(session, house, "nine", people=staff)
    for person in staff:
        count_first_answers(session, owed(session, occurrence, person), {rule: [right], 0: [True]})
    return occurrence.id or 0


def test_rules_are_counted_by_occurrence_office_and_period(session: Session, house: House) -> None:
    one = answered(session, house, "药剂科", 6)
    answered(session, house, "医务科", 5, right=False)
    assert knowledge(session, one)[8] == Known(6, 6, 6)
    assert knowledge(session, office="医务科")[8].share == 0.0
    assert knowledge(session)[8] == Known(11, 11, 6)
    assert knowledge(session)[3] == Known()
    assert set(knowledge(session)) == set(range(1, 10))
    assert set(knowledge_by_office(session)) == {"药剂科", "医务科"}
    before = MONDAY + timedelta(days=7)
    assert knowledge(session, until=before)[8] == Known()
    assert knowledge(session, since=before, until=before + timedelta(days=1))[8].people == 11


def test_fewer_than_five_are_not_shown(session: Session, house: House) -> None:
    answered(session, house, "药剂科", LEAST_PEOPLE - 1)
    assert knowledge(session)[8].share is None


def test_one_person_asked_every_month_is_one_person(session: Session, house: House) -> None:
    person, _ = make_employee(session, house, joined=False)
    for _ in range(12):
        occurrence = give_out(session, house, "nine", people=[person])
        count_first_answers(session, owed(session, occurrence, person), {8: [False]})
    assert knowledge(session)[8] == Known(1, 12, 0)
    assert knowledge(session)[8].share is None


def test_what_is_hidden_cannot_be_found_by_taking_away(session: Session, house: House) -> None:
    """A house of 16 with one office of three: the house less the shown offices would be those three."""
    answered(session, house, "药剂科", 3, right=False)
    answered(session, house, "医务科", 6)
    answered(session, house, "纪检办", 7)
    shown = may_be_shown(knowledge_by_office(session))
    assert list(shown) == ["纪检办"]


def test_offices_are_shown_from_the_best_to_the_weakest(session: Session, house: House) -> None:
    answered(session, house, "药剂科", 5, right=False)
    answered(session, house, "医务科", 6)
    assert list(may_be_shown(knowledge_by_office(session))) == ["医务科", "药剂科"]
    assert may_be_shown({}) == {}
