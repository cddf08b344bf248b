"""People who give envelopes up, and officers who take them."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from storage.hand_ins.giving import give_anonymously, give_by_name
from storage.hand_ins.rows import Given, HandIn
from storage.house import House
from storage.members import Member
from storage.messages import StoredFile
from storage.staff.employees import Employee
from tests.duties import make_employee
from tests.factories import MONDAY

MARK = "黑曜石一般的记号"
TODAY = date(2025, 11, 24)
PHOTO_FILE = StoredFile("a" * 32, "照片.jpg", "image/jpeg", 10)


def an_envelope(**changes: Any) -> Given:
    """Two thousand yuan in cash, given in a ward that nobody else speaks of."""
    given = Given("两千块现金", Decimal(2000), ward=MARK, patient=f"{MARK}床")
    return replace(given, **changes)


def by_name(
    session: Session,
    house: House,
    name: str = "赵敏",
    office: str = "药剂科",
    *,
    given: Given | None = None,
    on: date = TODAY,
    now: datetime = MONDAY,
    files: tuple[StoredFile, ...] = (),
) -> tuple[HandIn, Employee, Member]:
    """A hand-in by name of somebody who joined."""
    employee, member = make_employee(session, house, name, office)
    assert member is not None
    row = give_by_name(
        session, given or an_envelope(), employee, member, received_on=on, files=files, house=house, now=now
    )
    return row, employee, member


def anonymous(
    session: Session,
    house: House,
    *,
    given: Given | None = None,
    on: date = TODAY,
    now: datetime = MONDAY,
    files: tuple[StoredFile, ...] = (),
) -> tuple[HandIn, str]:
    """A hand-in of nobody, with its code."""
    what = given or an_envelope()
    return give_anonymously(session, what, received_on=on, files=files, house=house, now=now)
