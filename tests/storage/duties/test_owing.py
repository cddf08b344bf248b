"""Who owes a duty: people by office, group and role, offices that answer as one."""

from typing import Any

import pytest
from sqlmodel import Session

from storage.duties.owing import offices_owing, owes
from storage.members import Role
from tests.duties import duty_house, make_book, make_employee
from tests.factories import make_hospital

WARDS = [{"name": "临床", "offices": ["骨科", "内科"]}]


@pytest.mark.parametrize(
    ("owed_by", "office", "role", "groups", "expected"),
    [
        ({"everyone": True}, "药剂科", Role.STAFF, (), True),
        ({"everyone": True}, "药剂科", Role.SUPERVISOR, (), True),
        ({"everyone": True, "roles": ["head"]}, "药剂科", Role.STAFF, (), False),
        ({"everyone": True, "roles": ["head"]}, "药剂科", Role.HEAD, (), True),
        ({"roles": ["head", "officer"]}, "骨科", Role.OFFICER, (), True),
        ({"roles": ["head"]}, "骨科", Role.STAFF, (), False),
        ({"offices": ["药剂科"]}, "药剂科", Role.STAFF, (), True),
        ({"offices": ["药剂科"]}, "医务科", Role.STAFF, (), False),
        ({"offices": ["药剂科"], "roles": ["head"]}, "医务科", Role.HEAD, (), False),
        ({"groups": ["临床"]}, "骨科", Role.STAFF, (), True),
        ({"groups": ["临床"]}, "医务科", Role.STAFF, (), False),
        ({"groups": ["采购"]}, "医务科", Role.STAFF, ("采购",), True),
        ({"groups": ["采购"], "offices": ["药剂科"]}, "医务科", Role.STAFF, ("采购",), True),
        ({"groups": ["采购"], "roles": ["head"]}, "医务科", Role.STAFF, ("采购",), False),
        ({}, "药剂科", Role.HEAD, (), False),
    ],
)
def test_who_owes(
    session: Session,
    owed_by: dict[str, Any],
    office: str,
    role: Role,
    groups: tuple[str, ...],
    expected: bool,
) -> None:
    house = duty_house()
    book = make_book({"owed_by": owed_by}, groups=WARDS)
    employee, _ = make_employee(session, house, office=office, role=role, groups=groups)
    assert owes(book.duties[0], employee, book) is expected


@pytest.mark.parametrize(
    ("owed_by", "expected"),
    [
        ({"offices": ["医务科", "纪检办"]}, ("纪检办", "医务科")),
        ({"groups": ["临床"]}, ("骨科",)),  # the hospital has no 内科
        ({"offices": ["药剂科"], "groups": ["临床"]}, ("药剂科", "骨科")),
    ],
)
def test_which_offices_owe(owed_by: dict[str, Any], expected: tuple[str, ...]) -> None:
    book = make_book({"owed_by": owed_by, "each": "office"}, groups=WARDS)
    assert offices_owing(book.duties[0], book, make_hospital(departments=["骨科"])) == expected


def test_everyone_means_every_office_and_department() -> None:
    book, hospital = make_book(), make_hospital(departments=["骨科"])
    assert offices_owing(book.duties[0], book, hospital) == hospital.places
