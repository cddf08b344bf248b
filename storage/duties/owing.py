"""Who owes a duty: people by office, group and role, or offices that answer as one."""

import hashlib
import json
from typing import Protocol

from storage.duties.book import Answers, Duty, DutyBook
from storage.hospital import Hospital
from storage.members import Role


class Person(Protocol):
    """What is looked at: an Employee, or a row with these columns of one."""

    @property
    def office(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def groups(self) -> str: ...


def owes(duty: Duty, employee: Person, book: DutyBook) -> bool:
    """Whether a person owes a duty, as they stand on the roster now.

    With `roles` alone, everybody with such a role does; with nothing at all, nobody.
    """
    owed = duty.owed_by
    if owed.roles and employee.role not in owed.roles:
        return False
    if owed.everyone or employee.office in owed.offices:
        return True
    if owed.groups:
        belongs = book.groups_of_office(employee.office).union(json.loads(employee.groups))
        return not belongs.isdisjoint(owed.groups)
    return bool(owed.roles) and not owed.offices


def offices_owing(duty: Duty, book: DutyBook, hospital: Hospital) -> tuple[str, ...]:
    """The offices and departments that owe a duty which each answers as one, in the hospital's order."""
    owed = duty.owed_by
    if owed.everyone:
        return hospital.places
    named = {*owed.offices, *(office for group in book.groups if group.name in owed.groups
                              for office in group.offices)}  # fmt: skip
    return tuple(place for place in hospital.places if place in named)


def owing_key(duty: Duty, book: DutyBook, hospital: Hospital) -> str:
    """Changes with everything in the hospital's files that decides who owes a duty; 12 characters."""
    groups = {group.name: group.offices for group in book.groups if group.name in duty.owed_by.groups}
    offices = offices_owing(duty, book, hospital) if duty.each is Answers.OFFICE else ()
    told = json.dumps([duty.owed_by.model_dump(mode="json"), groups, offices], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
