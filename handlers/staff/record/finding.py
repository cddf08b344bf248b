"""Finds a person of the roster by name or staff number; of several of one name one is chosen."""

from dataclasses import dataclass

from sqlmodel import select

from handlers.turn import Turn
from nlp.normalise import normalise
from storage.errors import SealError
from storage.mentions import plain_name
from storage.messages import Choice
from storage.staff.employees import Employee, Employment, find_employee, open_sealed

MOST = 8
_TAIL = 3
"""Digits at the end of a staff number that are shown."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here, as they are shown to who keeps records."""

    employee: Employee
    name: str
    number: str


def people_called(turn: Turn, words: str) -> list[Person]:
    """Everybody who works here of this staff number, or else of this name."""
    vault, wanted = turn.house.vault, normalise(words).text.strip()
    for number in dict.fromkeys((words.strip(), words.strip().upper())):  # a roster is read in capitals
        by_number = find_employee(turn.session, number, vault=vault) if number else None
        if by_number is not None and by_number.standing is Employment.ACTIVE:
            return [person_of(turn, by_number)]
    everybody = turn.session.exec(select(Employee).where(Employee.standing == Employment.ACTIVE))
    found = []
    for employee in everybody:
        try:
            if plain_name(open_sealed(employee, "name", vault=vault)) == plain_name(wanted):
                found.append(person_of(turn, employee))
        except SealError:  # changed from outside: found by number alone
            continue
    return found


def person_of(turn: Turn, employee: Employee) -> Person:
    """Name and number in clear; words in their place where they do not open."""
    vault = turn.house.vault
    try:
        name, number = (open_sealed(employee, column, vault=vault) for column in ("name", "number"))
    except SealError:
        return Person(employee, turn.words("record.unopened"), "")
    return Person(employee, name, number)


def choose_rows(turn: Turn, people: list[Person], verb: str) -> tuple[tuple[Choice, ...], ...]:
    """A button for each, told apart by office and the end of the number."""
    return tuple((Choice(_label(turn, one), f"record:{verb}:{one.employee.id}"),) for one in people[:MOST])


def _label(turn: Turn, person: Person) -> str:
    tail = person.number[-_TAIL:]
    shown = turn.words("record.tail", tail=tail) if tail else turn.words("record.no_number")
    return turn.words("record.person_button", office=person.employee.office, name=person.name, tail=shown)
