"""Working days: make-up workdays, unknown years, the hospital's own list, and the arithmetic."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.working_days import Due, WorkingDays

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = WorkingDays("Asia/Shanghai", time(9), time(17))

PLAN_2027 = {date(2027, 10, day): True for day in range(1, 8)}
PLAN_2027 |= {date(2027, 2, day): True for day in range(6, 13)}
PLAN_2027 |= {date(2027, 2, 14): False}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-01", False),
        ("2026-01-04", True),  # Sunday made up
        ("2026-02-14", True),  # Saturday before the Spring Festival
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-02-28", True),  # Saturday after it
        ("2026-05-01", False),
        ("2026-05-09", True),
        ("2026-09-20", True),  # Sunday before the National Day
        ("2026-09-26", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday after it
        ("2026-10-11", False),
        ("2026-11-21", False),  # an ordinary Saturday
        ("2020-01-31", False),  # the lengthened Spring Festival of 2020
        ("2027-10-01", True),  # a Friday of a year not known: plain weekends
        ("2027-10-02", False),
        ("1999-10-01", True),
    ],
)
def test_days_follow_the_state_council_calendar(day: str, works: bool) -> None:
    assert OFFICE.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-11-18 10:00", 1, "2026-11-19 17:00"),
        ("2026-11-18 00:00", 1, "2026-11-19 17:00"),
        ("2026-11-18 23:59", 1, "2026-11-19 17:00"),
        ("2026-11-20 11:00", 1, "2026-11-23 17:00"),  # Friday to Monday
        ("2026-11-21 11:00", 1, "2026-11-23 17:00"),  # Saturday to Monday
        ("2026-02-13 10:00", 1, "2026-02-14 17:00"),  # Friday to the working Saturday
        ("2026-02-13 10:00", 3, "2026-02-25 17:00"),  # over the Spring Festival
        ("2026-09-30 09:00", 3, "2026-10-10 17:00"),  # 8, 9 and the working Saturday
        ("2026-12-31 09:00", 1, "2027-01-01 17:00"),  # not known: says so, see below
    ],
)
def test_due_is_closing_time_of_the_last_day(received: str, days: int, due: str) -> None:
    assert OFFICE.due(local(received), days).at == local(due)


def test_receipt_is_dated_by_local_time_not_utc() -> None:
    late_monday_utc = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)  # Tuesday 01:00 in Shanghai
    assert OFFICE.due(late_monday_utc, 1) == Due(datetime(2026, 11, 18, 9, 0, tzinfo=UTC), True)


def test_results_are_utc() -> None:
    received = local("2026-11-18 10:00")
    for at in (
        OFFICE.due(received, 2).at,
        OFFICE.fraction(received, 2, 30),
        OFFICE.next_working_morning(received),
    ):
        assert at.tzinfo is UTC


def test_due_beyond_the_known_years_says_so() -> None:
    assert OFFICE.due(local("2026-12-01 10:00"), 5).certain
    assert not OFFICE.due(local("2026-12-25 10:00"), 10).certain
    assert not OFFICE.due(local("2030-05-05 10:00"), 1).certain
    assert not OFFICE.is_certain(2027)


def test_listed_year_is_certain_and_followed() -> None:
    office = WorkingDays("Asia/Shanghai", time(9), time(17), PLAN_2027)
    assert office.due(local("2027-09-30 10:00"), 1) == Due(local("2027-10-08 17:00").astimezone(UTC), True)
    assert office.is_working_day(date(2027, 2, 14))  # a Sunday
    assert not office.due(local("2028-01-01 10:00"), 1).certain


def test_single_day_off_does_not_make_a_year_certain() -> None:
    office = WorkingDays("Asia/Shanghai", time(9), time(17), {date(2027, 5, 20): True})
    assert not office.is_working_day(date(2027, 5, 20))
    assert not office.due(local("2027-05-19 10:00"), 1).certain


def test_list_overrides_known_years() -> None:
    office = WorkingDays(
        "Asia/Shanghai", time(9), time(17), {date(2026, 11, 19): True, date(2026, 11, 21): False}
    )
    assert office.due(local("2026-11-18 10:00"), 1).at == local("2026-11-20 17:00")
    assert office.due(local("2026-11-18 10:00"), 2).at == local("2026-11-21 17:00")


@pytest.mark.parametrize(
    ("days", "percent", "at"),
    [
        (1, 0, "2026-11-19 09:00"),
        (1, 50, "2026-11-19 13:00"),
        (1, 80, "2026-11-19 15:24"),
        (1, 100, "2026-11-19 17:00"),
        (2, 50, "2026-11-19 17:00"),  # the full day ends here, the next begins tomorrow
        (3, 50, "2026-11-20 13:00"),
        (3, 80, "2026-11-23 12:12"),
        (5, 80, "2026-11-24 17:00"),
        (15, 50, "2026-11-30 13:00"),
    ],
)
def test_fraction_counts_office_hours(days: int, percent: int, at: str) -> None:
    assert OFFICE.fraction(local("2026-11-18 10:00"), days, percent) == local(at)


@pytest.mark.parametrize(
    ("after", "morning"),
    [
        ("2026-11-19 08:59", "2026-11-19 09:00"),
        ("2026-11-19 09:00", "2026-11-20 09:00"),
        ("2026-11-20 17:00", "2026-11-23 09:00"),
        ("2026-11-21 08:00", "2026-11-23 09:00"),
        ("2026-02-14 18:00", "2026-02-24 09:00"),
        ("2026-12-31 18:00", "2027-01-01 09:00"),
    ],
)
def test_next_working_morning_is_later_than_now(after: str, morning: str) -> None:
    assert OFFICE.next_working_morning(local(after)) == local(morning)


def test_summer_time_keeps_wall_clock_hours() -> None:
    berlin = WorkingDays("Europe/Berlin", time(9), time(17))
    friday_before_change = datetime(2027, 3, 26, 9, 0, tzinfo=UTC)
    assert berlin.due(friday_before_change, 1).at == datetime(2027, 3, 29, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("days", [0, -3])
def test_no_days_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        OFFICE.due(local("2026-11-18 10:00"), days)
    with pytest.raises(ValueError, match="1 or more"):
        OFFICE.fraction(local("2026-11-18 10:00"), days, 50)


def test_wrong_hours_percent_and_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="open before"):
        WorkingDays("Asia/Shanghai", time(17), time(9))
    with pytest.raises(ValueError, match="percent"):
        OFFICE.fraction(local("2026-11-18 10:00"), 1, 101)
    with pytest.raises(ValueError, match="zone"):
        OFFICE.due(datetime(2026, 11, 18, 10), 1)  # noqa: DTZ001


instants = st.datetimes(datetime(2023, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
counts = st.integers(1, 250)


@given(instants, counts)
def test_due_is_the_end_of_a_working_day_after_receipt(start: datetime, days: int) -> None:
    at = OFFICE.due(start, days).at.astimezone(SHANGHAI)
    assert OFFICE.is_working_day(at.date())
    assert at.time() == time(17)
    assert at.date() > start.astimezone(SHANGHAI).date()


@given(instants, counts)
def test_due_has_exactly_that_many_working_days(start: datetime, days: int) -> None:
    first = start.astimezone(SHANGHAI).date()
    last = OFFICE.due(start, days).at.astimezone(SHANGHAI).date()
    between = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    assert sum(map(OFFICE.is_working_day, between)) == days


@given(instants, st.timedeltas(timedelta(0), timedelta(days=400)), counts, counts)
def test_due_never_comes_earlier_for_more(start: datetime, later: timedelta, days: int, more: int) -> None:
    assert OFFICE.due(start, days).at <= OFFICE.due(start + later, days).at
    assert OFFICE.due(start, days).at < OFFICE.due(start, days + more).at


@given(instants, counts, st.integers(0, 100), st.integers(0, 100))
def test_fractions_rise_to_the_due_time(start: datetime, days: int, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert start < OFFICE.fraction(start, days, low) <= OFFICE.fraction(start, days, high)
    assert OFFICE.fraction(start, days, 100) == OFFICE.due(start, days).at


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 10, 1), 0, date(2026, 9, 30)),
        (date(2026, 9, 30), 0, date(2026, 9, 30)),
        (date(2026, 10, 3), 1, date(2026, 10, 8)),
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 10, 8), -3, date(2026, 9, 28)),
        (date(2026, 1, 1), -1, date(2025, 12, 31)),
        (date(2026, 1, 1), 1, date(2026, 1, 4)),
        (date(2026, 2, 24), -1, date(2026, 2, 14)),
        (date(2026, 1, 5), -260, date(2024, 12, 17)),
    ],
)
def test_steps_of_working_days_forth_and_back(day: date, count: int, found: date) -> None:
    assert WorkingDays("Asia/Shanghai", time(9), time(17)).step(day, count) == found
