"""What staff owe, in small: a book of duties, people of the roster, an occurrence that was given out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session

from storage.duties.assignments import Assignment, find_assignment
from storage.duties.book import Answers, DutyBook, Proof
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.house import House
from storage.members import Member, Role
from storage.staff.employees import Employee, add_employee
from tests.factories import MONDAY, make_house, make_member

STUDY: dict[str, Any] = {
    "key": "study", "title": "专题学习", "text": "学习九项准则。", "owed_by": {"everyone": True},
    "when": {"dates": ["2025-12-05"]},
}  # fmt: skip
"""A duty that everybody answers by having read."""
_numbers = count(1)


def make_book(*duties: dict[str, Any], **sections: Any) -> DutyBook:
    """A book of these duties, each with what STUDY says where it says nothing."""
    return DutyBook.model_validate({"duties": [STUDY | duty for duty in duties or ({},)], **sections})


def duty_house(*duties: dict[str, Any], sections: dict[str, Any] | None = None, **changes: Any) -> House:
    """The usual house, with a book of these duties."""
    return replace(make_house(**changes), duties=make_book(*duties, **(sections or {})))


def make_employee(
    session: Session,
    house: House,
    name: str = "赵敏",
    office: str = "药剂科",
    role: Role = Role.STAFF,
    *,
    joined: bool = True,
    channel: str = "web",
    now: datetime = MONDAY,
    **fields: Any,
) -> tuple[Employee, Member | None]:
    """Somebody of the roster, who joined (as staff, an officer or a head) unless told otherwise."""
    member = make_member(session, house, name, office, role, channel=channel, now=now) if joined else None
    joined_as = member.id if member else None
    employee = add_employee(
        session, name, office, role=role, number=f"n{next(_numbers)}", member_id=joined_as, vault=house.vault,
        now=now, **fields,
    )  # fmt: skip
    return employee, member


def give_out(
    session: Session,
    house: House,
    key: str = "study",
    *,
    people: Sequence[Employee] = (),
    offices: Sequence[str] = (),
    due_in: timedelta = timedelta(days=7),
    now: datetime = MONDAY,
    **fields: Any,
) -> Occurrence:
    """An open occurrence of a duty of the book, owed by these people, or by these offices as one."""
    duty = house.duties.by_key[key]
    occurrence = Occurrence(
        duty=key, period=f"p{next(_numbers)}", title=duty.title, proof=duty.done, each=duty.each,
        to_office=duty.to_office, stage=OccurrenceStage.OPEN, opens_at=now, due_at=now + due_in,
        opened_at=now, next_at=now + due_in, changed_at=now, **fields,
    )  # fmt: skip
    session.add(occurrence)
    session.flush()
    assert occurrence.id is not None
    for person in people if duty.each is Answers.PERSON else ():
        session.add(Assignment(occurrence_id=occurrence.id, employee_id=person.id, office=person.office))
    for office in offices:
        session.add(Assignment(occurrence_id=occurrence.id, office=office))
    session.flush()
    return occurrence


def occurrence_due(due_at: datetime, key: str = "study") -> Occurrence:
    """An occurrence that stands in no table."""
    return Occurrence(
        duty=key, period="p", title="", proof=Proof.READING, opens_at=due_at, due_at=due_at, changed_at=due_at
    )


def owed(session: Session, occurrence: Occurrence, employee: Employee) -> Assignment:
    """What somebody owes for an occurrence."""
    assignment = find_assignment(session, occurrence, employee)
    assert assignment is not None
    return assignment
