"""Heads hear of a month on its first working morning, once, whatever is restarted when."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from scheduler.satisfaction import tell_of_month
from storage.errands import Errand, ErrandKind
from storage.house import House
from storage.members import Role
from tests.factories import make_house, make_member
from tests.surveys import add_surveys

SUNDAY = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
MONDAY_NIGHT = datetime(2026, 11, 1, 22, 0, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def staff(session: Session, house: House) -> dict[int, str]:
    """Who is here, by number; in October patients of 骨科 were asked."""
    add_surveys(session, "2026-10", "骨科", scores=[5] * 20)
    people = (
        ("骨主任", "骨科", Role.HEAD), ("内主任", "内科", Role.HEAD), ("何主任", "投诉办", Role.HEAD),
        ("钱书记", "纪检办", Role.SUPERVISOR), ("管理员", "信息科", Role.ADMINISTRATOR),
        ("小李", "骨科", Role.OFFICER), ("小王", "骨科", Role.STAFF),
    )  # fmt: skip
    return {make_member(session, house, *one).id or 0: one[0] for one in people}


def told(session: Session, staff: dict[int, str]) -> dict[str, str]:
    """Department by name of whoever is told."""
    found = session.exec(select(Errand).where(Errand.kind == ErrandKind.MONTHLY))
    return {staff[one.member_id]: json.loads(one.arguments)["department"] for one in found}


def test_on_the_first_working_morning_everybody_hears_of_what_is_theirs(
    session: Session, house: House, staff: dict[int, str]
) -> None:
    assert tell_of_month(session, house=house, now=MONDAY_MORNING) == 5
    assert told(session, staff) == {"骨主任": "骨科", "内主任": "", "何主任": "", "钱书记": "", "管理员": ""}
    assert json.loads(session.exec(select(Errand)).first().arguments)["month"] == "2026-10"  # type: ignore[union-attr]


@pytest.mark.parametrize("now", [SUNDAY, MONDAY_NIGHT])
def test_nobody_is_woken_at_night_or_on_a_day_off(
    session: Session, house: House, staff: dict[int, str], now: datetime
) -> None:
    assert tell_of_month(session, house=house, now=now) == 0
    assert tell_of_month(session, house=house, now=MONDAY_MORNING) == 5


def test_once_a_month_however_often_it_is_asked(
    session: Session, house: House, staff: dict[int, str]
) -> None:
    told_at = [tell_of_month(session, house=house, now=MONDAY_MORNING + timedelta(days=d)) for d in range(28)]
    assert told_at == [5] + [0] * 27


def test_who_was_switched_off_that_day_tells_on_the_next(
    session: Session, house: House, staff: dict[int, str]
) -> None:
    assert tell_of_month(session, house=house, now=MONDAY_MORNING + timedelta(days=3)) == 5


def test_a_month_in_which_nobody_was_asked_is_not_told_of(
    session: Session, house: House, staff: dict[int, str]
) -> None:
    assert tell_of_month(session, house=house, now=MONDAY_MORNING - timedelta(days=90)) == 0


def test_who_joins_later_that_month_is_told_where_nobody_was_there(session: Session, house: House) -> None:
    add_surveys(session, "2026-10", "骨科", scores=[5] * 20)
    assert tell_of_month(session, house=house, now=MONDAY_MORNING) == 0
    make_member(session, house, "骨主任", "骨科", Role.HEAD)
    assert tell_of_month(session, house=house, now=MONDAY_MORNING + timedelta(days=1)) == 1


def test_nothing_is_told_where_patients_are_not_asked(session: Session, staff: dict[int, str]) -> None:
    house = make_house(followup={"enabled": False})
    assert tell_of_month(session, house=house, now=MONDAY_MORNING) == 0
