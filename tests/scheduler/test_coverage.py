"""Heads hear of the week once, on its first working morning, each of what is theirs."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from scheduler.coverage import tell_of_week
from storage.errands import Errand, ErrandKind
from storage.house import House
from storage.members import Role
from tests.duties import duty_house, give_out, make_employee
from tests.factories import make_member

MONDAY_MORNING = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
"""08:30 in Shanghai."""
DAY = timedelta(days=1)


@pytest.fixture
def house() -> House:
    return duty_house({}, departments=["骨科"])


@pytest.fixture
def staff(session: Session, house: House) -> dict[int, str]:
    """Who may hear of it, by number; last Friday somebody of 药剂科 owed something."""
    person, _ = make_employee(session, house, "赵敏", "药剂科")
    give_out(session, house, people=[person], due_in=-3 * DAY, now=MONDAY_MORNING)
    people = (
        ("药主任", "药剂科", Role.HEAD), ("骨主任", "骨科", Role.HEAD), ("纪主任", "纪检办", Role.HEAD),
        ("书记", "纪检办", Role.SUPERVISOR), ("管理员", "人事科", Role.ADMINISTRATOR),
        ("小李", "药剂科", Role.OFFICER), ("小王", "药剂科", Role.STAFF),
    )  # fmt: skip
    return {make_member(session, house, *one).id or 0: one[0] for one in people}


def told(session: Session, staff: dict[int, str]) -> dict[str, tuple[str, str]]:
    """Office and span by name of whoever is told."""
    found = session.exec(select(Errand).where(Errand.kind == ErrandKind.COVERAGE_WEEK))
    arguments = {staff[one.member_id]: json.loads(one.arguments) for one in found}
    return {name: (one["office"], one["span"]) for name, one in arguments.items()}


def test_each_hears_of_what_is_theirs_once(session: Session, house: House, staff: dict[int, str]) -> None:
    assert tell_of_week(session, house=house, now=MONDAY_MORNING) == 3
    week = "2026-W48"
    assert told(session, staff) == {"药主任": ("药剂科", week), "纪主任": ("", week), "书记": ("", week)}


def test_once_a_week_however_often_it_is_called(
    session: Session, house: House, staff: dict[int, str]
) -> None:
    hours = range(0, 24 * 7, 3)
    counts = [tell_of_week(session, house=house, now=MONDAY_MORNING + timedelta(hours=h)) for h in hours]
    assert [count for count in counts if count] == [3]


@pytest.mark.parametrize(
    "now",
    [
        MONDAY_MORNING - DAY,  # Sunday
        MONDAY_MORNING - timedelta(minutes=1),
        MONDAY_MORNING + timedelta(hours=12),  # 20:30
    ],
)
def test_nobody_is_woken_early_late_or_on_a_day_off(
    session: Session, house: House, staff: dict[int, str], now: datetime
) -> None:
    person, _ = make_employee(session, house, "钱进", "药剂科")
    give_out(session, house, people=[person], now=now)
    sunday = now < MONDAY_MORNING - timedelta(hours=1)
    if sunday:
        # Last week was told of already.
        tell_of_week(session, house=house, now=now - 6 * DAY)
    before = len(told(session, staff))
    assert tell_of_week(session, house=house, now=now) == 0
    assert len(told(session, staff)) == before


def test_after_national_day_it_comes_on_the_first_working_day(session: Session, house: House) -> None:
    """2026: 1 to 7 October are off; Thursday the 8th is the first day at work."""
    person, _ = make_employee(session, house, "赵敏", "药剂科")
    make_member(session, house, "药主任", "药剂科", Role.HEAD)
    monday = datetime(2026, 10, 5, 0, 30, tzinfo=UTC)
    give_out(session, house, people=[person], due_in=4 * DAY, now=monday)
    assert [tell_of_week(session, house=house, now=monday + n * DAY) for n in range(7)] == [
        0,
        0,
        0,
        1,
        0,
        0,
        0,
    ]


def test_another_day_can_be_chosen(session: Session, staff: dict[int, str]) -> None:
    house = duty_house({}, sections={"reminding": {"coverage_day": 3}}, departments=["骨科"])
    tell_of_week(session, house=house, now=MONDAY_MORNING - DAY * 3)  # the Friday before
    days = [tell_of_week(session, house=house, now=MONDAY_MORNING + n * DAY) for n in range(7)]
    assert [bool(count) for count in days] == [False, False, True, False, False, False, False]


def test_without_a_duty_nobody_is_written_to(session: Session, house: House) -> None:
    make_member(session, house, "药主任", "药剂科", Role.HEAD)
    make_member(session, house, "书记", "纪检办", Role.SUPERVISOR)
    assert tell_of_week(session, house=house, now=MONDAY_MORNING) == 0
    assert tell_of_week(session, house=house, now=MONDAY_MORNING + 7 * DAY) == 0


def test_what_waits_already_keeps_nobody_from_hearing(
    session: Session, house: House, staff: dict[int, str]
) -> None:
    from storage.errands import MOST_WAITING, ask_for

    for number, name in staff.items():
        for month in range(MOST_WAITING):
            what = {"span": f"2026-0{month + 1}", "office": "药剂科", "duty": ""}
            assert ask_for(session, ErrandKind.COVERAGE_PICTURE, number, now=MONDAY_MORNING, **what), name
    assert tell_of_week(session, house=house, now=MONDAY_MORNING) == 3
