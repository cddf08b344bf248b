"""The limits a case runs under, and the moments somebody must be reminded of them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from nlp.taxonomy import Intent
from storage.clocks import (
    Clock,
    Limit,
    advance,
    due_reminders,
    earliest_due,
    limits_for,
    running_clocks,
    start_clocks,
    stop_clocks,
)  # fmt: skip
from storage.hospital import Clocks
from tests.factories import MONDAY, make_house, open_a_case

HOUSE = make_house()
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of the hospital's clock in the weeks after MONDAY, 24 November 2025."""
    return datetime(2025, month, day, hour - 8, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("intent", "several", "limits"),
    [
        (Intent.REPORT, False, {"first_look": 1, "decide": 3, "notice": 15, "answer": 60}),
        (Intent.COMPLAINT, False, {"first_look": 1, "decide": 3, "answer": 5}),
        (Intent.COMPLAINT, True, {"first_look": 1, "decide": 3, "answer": 10}),
        (Intent.INQUIRY, False, {"first_look": 1, "decide": 3, "answer": 5}),
        (Intent.OTHER, False, {"first_look": 1, "decide": 3, "answer": 5}),
        (Intent.PRAISE, False, {"first_look": 1}),
    ],
)
def test_each_kind_of_message_has_its_limits(intent: Intent, several: bool, limits: dict[str, int]) -> None:
    assert limits_for(intent, several, Clocks()) == limits


def only(session: Session, kind: Limit, days: int) -> Clock:
    case = open_a_case(session, HOUSE)
    stop_clocks(session, case.id or 0, now=MONDAY)
    start_clocks(session, case.id or 0, {kind: days}, house=HOUSE, now=MONDAY)
    [clock] = running_clocks(session, case.id or 0)
    return clock


def test_reminds_at_half_at_eighty_at_the_limit_and_then_every_working_morning(session: Session) -> None:
    clock = only(session, Limit.ANSWER, 5)
    told = []
    for _ in range(6):
        now = clock.remind_at
        assert due_reminders(session, now=now - timedelta(minutes=1)) == []
        assert due_reminders(session, now=now) == [clock]
        told.append((now, advance(session, clock, house=HOUSE, now=now)))
    assert told == [
        (at(27, 13), 50), (at(28, 17), 80), (at(1, 17, month=12), 100),
        (at(2, 9, month=12), 100), (at(3, 9, month=12), 100), (at(4, 9, month=12), 100),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "percent", "following"),
    [
        (at(27, 20), 50, at(28, 17)),
        (at(30, 12), 80, at(1, 17, month=12)),
        (at(1, 18, month=12), 100, at(2, 9, month=12)),
        (at(5, 18, month=12), 100, at(8, 9, month=12)),
    ],
)
def test_what_was_missed_while_nobody_looked_is_one_reminder(
    session: Session, now: datetime, percent: int, following: datetime
) -> None:
    clock = only(session, Limit.ANSWER, 5)
    assert advance(session, clock, house=HOUSE, now=now) == percent
    assert clock.remind_at == following


def test_a_clock_put_back_neither_repeats_nor_forgets_a_stage(session: Session) -> None:
    clock = only(session, Limit.ANSWER, 5)
    assert advance(session, clock, house=HOUSE, now=clock.remind_at + HOUR) == 50
    stage, following = clock.stage, clock.remind_at
    assert due_reminders(session, now=clock.remind_at - 2 * HOUR) == []
    advance(session, clock, house=HOUSE, now=MONDAY)
    assert (clock.stage, clock.remind_at) == (stage, following)


@pytest.mark.parametrize("percents", [(), (100,), (30,)])
def test_other_percentages_work_as_well(session: Session, percents: tuple[int, ...]) -> None:
    house = make_house(clocks={"reminders": percents})
    case = open_a_case(session, house)
    stop_clocks(session, case.id or 0, now=MONDAY)
    start_clocks(session, case.id or 0, {Limit.DECIDE: 3}, house=house, now=MONDAY)
    [clock] = running_clocks(session, case.id or 0)
    moments = []
    for _ in range(3):
        moments.append(clock.remind_at)
        advance(session, clock, house=house, now=clock.remind_at)
    assert moments == sorted(set(moments))
    assert moments[-1] > clock.due_at


def test_the_next_limit_is_the_earliest_that_runs(session: Session) -> None:
    case = open_a_case(session, HOUSE)
    assert case.due_at == earliest_due(session, case.id or 0) == at(25, 17)
    stop_clocks(session, case.id or 0, Limit.FIRST_LOOK, now=MONDAY)
    assert earliest_due(session, case.id or 0) == at(27, 17)
    stop_clocks(session, case.id or 0, now=MONDAY)
    assert earliest_due(session, case.id or 0) is None
    assert due_reminders(session, now=MONDAY + timedelta(days=900)) == []
    start_clocks(session, case.id or 0, {}, house=HOUSE, now=MONDAY)
    assert running_clocks(session, case.id or 0) == []


def test_a_limit_beyond_the_known_calendar_says_so(session: Session) -> None:
    case = open_a_case(session, HOUSE, now=datetime(2031, 3, 3, 2, tzinfo=UTC))
    assert {clock.certain for clock in running_clocks(session, case.id or 0)} == {False}
