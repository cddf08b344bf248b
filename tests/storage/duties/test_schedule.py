"""Due days over all of 2026 with its holidays and make-up workdays, ends of months, leap days, time zones."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.duties.rhythms import rule_days
from storage.duties.schedule import Planned, due_days
from storage.working_days import WorkingDays
from tests.duties import make_book
from tests.strategies import bounded

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingDays("Asia/Shanghai", time(9), time(17))
YEAR = date(2026, 1, 1), date(2026, 12, 31)


def planned(
    when: dict[str, Any], first: date = YEAR[0], last: date = YEAR[1], *, calendar: WorkingDays = CALENDAR,
    others: tuple[dict[str, Any], ...] = (), **duty: Any,
) -> list[Planned]:  # fmt: skip
    book = make_book({"key": "it", "when": when, **duty}, *others)
    return due_days(
        book.by_key["it"], book=book, calendar=calendar, timezone="Asia/Shanghai", first=first, last=last
    )


def days(when: dict[str, Any], **more: Any) -> dict[str, str]:
    """Local due days, MM-DD, by period."""
    return {one.period: f"{one.due_at.astimezone(SHANGHAI):%m-%d}" for one in planned(when, **more)}


def months(*found: str) -> dict[str, str]:
    return {f"2026-{number:02}": day for number, day in enumerate(found, 1)}


@pytest.mark.parametrize(
    ("when", "more", "expected"),
    [
        (
            {"monthly": "last working day"}, {},
            months("01-30", "02-28", "03-31", "04-30", "05-29", "06-30", "07-31", "08-31", "09-30", "10-30",
                   "11-30", "12-31"),
        ),
        (
            {"monthly": 20}, {},
            months("01-20", "02-14", "03-20", "04-20", "05-20", "06-18", "07-20", "08-20", "09-20", "10-20",
                   "11-20", "12-18"),
        ),
        (
            {"monthly": 20}, {"shift": "after"},
            months("01-20", "02-24", "03-20", "04-20", "05-20", "06-22", "07-20", "08-20", "09-20", "10-20",
                   "11-20", "12-21"),
        ),
        (
            {"monthly": "first working day"}, {},
            months("01-04", "02-02", "03-02", "04-01", "05-06", "06-01", "07-01", "08-03", "09-01", "10-08",
                   "11-02", "12-01"),
        ),
        (
            {"monthly": "3rd working day"}, {},
            months("01-06", "02-04", "03-04", "04-03", "05-08", "06-03", "07-03", "08-05", "09-03", "10-10",
                   "11-04", "12-03"),
        ),
        (
            {"monthly": "last day"}, {"shift": "none"},
            months("01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31",
                   "11-30", "12-31"),
        ),
        (
            {"quarterly": 5, "month": 1}, {},
            {"2026-Q1": "01-05", "2026-Q2": "04-03", "2026-Q3": "07-03", "2026-Q4": "09-30"},
        ),
        ({"quarterly": "last day"}, {}, {"2026-Q1": "03-31", "2026-Q2": "06-30", "2026-Q3": "09-30",
                                         "2026-Q4": "12-31"}),
        ({"half_yearly": 15}, {}, {"2026-H1": "06-15", "2026-H2": "12-15"}),
        ({"half_yearly": "last working day", "month": 2}, {}, {"2026-H1": "02-28", "2026-H2": "08-31"}),
        ({"yearly": "06-30"}, {}, {"2026": "06-30"}),
        ({"yearly": ["03-25", "09-20"]}, {}, {"2026-03": "03-25", "2026-09": "09-20"}),
        ({"yearly": ["06-01", "06-30"]}, {}, {"2026-06-01": "06-01", "2026-06-30": "06-30"}),
        ({"yearly": "02-29"}, {}, {"2026": "02-28"}),
        ({"dates": ["2026-10-03", "2026-06-30", "2027-01-05"]}, {}, {"2026-06-30": "06-30",
                                                                    "2026-10-03": "09-30"}),
        ({"before_holidays": 1}, {}, {
            "2026-春节": "02-14", "2026-清明": "04-03", "2026-劳动节": "04-30", "2026-端午": "06-18",
            "2026-中秋": "09-24", "2026-国庆节": "09-30",
        }),
        ({"before_holidays": 3}, {}, {
            "2026-春节": "02-12", "2026-清明": "04-01", "2026-劳动节": "04-28", "2026-端午": "06-16",
            "2026-中秋": "09-22", "2026-国庆节": "09-28",
        }),
        ({"every": "2 months", "since": "2025-12-31"}, {}, {
            "2026-02-28": "02-28", "2026-04-30": "04-30", "2026-06-30": "06-30", "2026-08-31": "08-31",
            "2026-10-31": "10-30", "2026-12-31": "12-31",
        }),
        ({"rrule": "FREQ=MONTHLY;BYDAY=-1FR;BYMONTH=1,9"}, {},
         {"2026-01-30": "01-30", "2026-09-25": "09-24"}),
        ({"cron": "0 17 1 */5 *"}, {}, {"2026-06-01": "06-01", "2026-11-01": "10-30"}),
        ({"on_request": True, "days": 7}, {}, {}),
    ],
)  # fmt: skip
def test_the_whole_of_2026(when: dict[str, Any], more: dict[str, Any], expected: dict[str, str]) -> None:
    assert days(when, **more) == expected


def test_fridays_of_2026_around_spring_festival_and_national_day() -> None:
    found = days({"weekly": "周五"})
    assert found["2026-W07"] == "02-13"
    assert found["2026-W08"] == "02-14", "a make-up Saturday before the holiday"
    assert found["2026-W09"] == "02-27"
    assert found["2026-W39"] == "09-24"
    assert found["2026-W40"] == "09-30"
    assert found["2026-W41"] == "10-09"
    assert "2026-W01" not in found, "2 January is a holiday: it was due on 31 December 2025"
    assert len(found) == 51


def test_what_is_due_on_new_years_day_is_due_in_the_year_before() -> None:
    assert days({"yearly": "01-01"}) == {}
    december = planned({"yearly": "01-01"}, date(2025, 12, 1), date(2025, 12, 31))
    assert [(one.period, one.due_at.astimezone(SHANGHAI).date()) for one in december] == [
        ("2026", date(2025, 12, 31))
    ]


@pytest.mark.parametrize(
    ("year", "day"), [(2024, "02-29"), (2025, "02-28"), (2028, "02-29"), (2100, "02-28")]
)
def test_leap_days(year: int, day: str) -> None:
    found = planned({"yearly": "02-29"}, date(year, 1, 1), date(year, 12, 31), shift="none")
    assert [f"{one.due_at.astimezone(SHANGHAI):%m-%d}" for one in found] == [day]


def test_after_another_duty_counts_working_days_from_its_due_day() -> None:
    found = days({"after": "study", "days": 3}, others=({"key": "study", "when": {"monthly": 30}},))
    assert (found["2026-04"], found["2026-09"]) == ("05-08", "10-10")


def test_after_a_chain_and_in_a_circle() -> None:
    chain = ({"key": "b", "when": {"after": "c", "days": 1}}, {"key": "c", "when": {"yearly": "06-30"}})
    assert days({"after": "b", "days": 1}, others=chain) == {"2026": "07-02"}
    circle = ({"key": "b", "when": {"after": "it", "days": 1}},)
    assert days({"after": "b", "days": 1}, others=circle) == {}
    assert days({"after": "nobody"}) == {}


def test_leads_are_working_days_before_at_the_hour_of_the_digest() -> None:
    (one,) = planned({"dates": ["2026-10-09"]})
    assert one.opens_at.astimezone(SHANGHAI) == datetime(2026, 9, 22, 8, 30, tzinfo=SHANGHAI)
    assert one.due_at == datetime(2026, 10, 9, 9, 0, tzinfo=UTC)
    (same,) = planned({"dates": ["2026-10-09"]}, leads=[0])
    assert same.opens_at.astimezone(SHANGHAI) == datetime(2026, 10, 9, 8, 30, tzinfo=SHANGHAI)


def test_what_is_due_before_the_digest_is_given_out_the_working_day_before() -> None:
    (one,) = planned({"dates": ["2026-10-08"]}, leads=[0], at="08:00")
    assert one.opens_at.astimezone(SHANGHAI) == datetime(2026, 9, 30, 8, 30, tzinfo=SHANGHAI)


def test_what_stays_on_a_day_off_is_given_out_before_it() -> None:
    (one,) = planned({"dates": ["2026-10-03"]}, leads=[0], shift="none")
    assert one.due_at.astimezone(SHANGHAI).date() == date(2026, 10, 3)
    assert one.opens_at.astimezone(SHANGHAI).date() == date(2026, 9, 30)


def test_two_that_days_off_move_together_are_one() -> None:
    found = days({"every": "1 day", "since": "2026-01-01"})
    assert (
        len(found)
        == len(set(found.values()))
        == sum(CALENDAR.is_working_day(YEAR[0] + timedelta(days=number)) for number in range(365))
    )
    assert found["2026-10-08"] == "10-08"
    assert "2026-10-05" not in found


def test_a_year_whose_holidays_nobody_knows_is_uncertain() -> None:
    found = planned({"dates": ["2026-12-31", "2027-01-05", "2027-06-30"]}, last=date(2027, 12, 31))
    assert [one.certain for one in found] == [True, False, False]
    known = WorkingDays(
        "Asia/Shanghai", time(9), time(17), {date(2027, 1, day): True for day in range(1, 12)}
    )
    after = planned({"dates": ["2027-01-12"]}, last=date(2027, 12, 31), calendar=known)
    assert [one.certain for one in after] == [True]


def test_days_off_of_the_hospitals_own_make_a_holiday_too() -> None:
    off = {date(2027, 2, day): True for day in range(5, 12)} | {date(2026, 5, 6): True}
    calendar = WorkingDays("Asia/Shanghai", time(9), time(17), off)
    found = planned({"before_holidays": 1}, last=date(2027, 12, 31), calendar=calendar)
    assert found[-1].period == "2027-02-05"
    assert found[-1].due_at.astimezone(SHANGHAI).date() == date(2027, 2, 4)


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("Asia/Urumqi", datetime(2026, 3, 30, 11, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 30, 21, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 30, 15, tzinfo=UTC)),
    ],
)
def test_a_duty_may_have_a_time_zone_of_its_own(zone: str, due: datetime) -> None:
    """The clocks of Berlin go forward on 29 March 2026, those of New York on 8 March."""
    (one,) = planned({"dates": ["2026-03-30"]}, timezone=zone)
    assert one.due_at == due
    assert one.opens_at.astimezone(SHANGHAI).time() == time(8, 30), "in the hospital's morning"


def test_an_hour_that_does_not_exist_or_comes_twice_is_one_moment() -> None:
    missing, twice = planned({"dates": ["2026-03-29", "2026-10-25"]}, timezone="Europe/Berlin", at="02:30",
                             shift="none")  # fmt: skip
    assert missing.due_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert twice.due_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_periods_stay_the_same_when_the_plans_day_moves_within_the_month() -> None:
    for way in ("monthly", "quarterly", "half_yearly"):
        assert days({way: 5}).keys() == days({way: 25}).keys() == days({way: "last working day"}).keys()
    assert days({"yearly": "06-30"}).keys() == days({"yearly": "09-30"}).keys()


def test_a_rule_that_never_comes_true_ends() -> None:
    assert days({"rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}) == {}
    assert days({"rrule": "FREQ=WEEKLY;BYDAY=FR;UNTIL=20260110"}) == {"2026-01-09": "01-09"}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29", "2032-02-29"]),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=TH", ["2026-12-31", "2032-12-30"]),
        ("FREQ=DAILY;INTERVAL=1000", ["2028-09-27", "2031-06-24"]),
    ],
)
def test_a_rule_finds_its_years_whatever_else_they_are(rule: str, found: list[str]) -> None:
    days_found = rule_days(rule, date(2026, 1, 1), date(2026, 1, 2), date(2033, 1, 1))
    assert [f"{day}" for day in days_found] == found


SPOTS = st.integers(1, 28) | st.sampled_from(
    ["last day", "last working day", "first working day", "7th working day"]
)
DATES = st.dates(date(2020, 1, 1), date(2027, 12, 31))
RHYTHMS = st.one_of(
    st.builds(lambda spot: {"monthly": spot}, SPOTS),
    st.builds(lambda spot, month: {"quarterly": spot, "month": month}, SPOTS, st.integers(1, 3)),
    st.builds(lambda spot, month: {"half_yearly": spot, "month": month}, SPOTS, st.integers(1, 6)),
    st.builds(lambda day: {"weekly": day}, st.integers(1, 7)),
    st.builds(lambda day: {"yearly": f"{day:%m-%d}"}, DATES),
    st.builds(lambda found: {"dates": found}, st.lists(DATES, min_size=1, max_size=8)),
    st.builds(
        lambda count, unit, since: {"every": f"{count} {unit}", "since": since},
        st.integers(1, 30), st.sampled_from(["days", "weeks", "months"]), DATES,
    ),
    st.builds(lambda count: {"before_holidays": count}, st.integers(1, 10)),
)  # fmt: skip


@bounded(120)
@given(when=RHYTHMS, shift=st.sampled_from(["before", "after"]), first=DATES, length=st.integers(0, 400))
def test_moved_due_days_are_working_days_and_periods_come_once(
    when: dict[str, Any], shift: str, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    found = planned(when, first, last, shift=shift)
    local = [one.due_at.astimezone(SHANGHAI).date() for one in found]
    assert all(CALENDAR.is_working_day(day) and first <= day <= last for day in local)
    assert len({one.period for one in found}) == len(found)
    assert all(one.opens_at < one.due_at for one in found)
    assert local == sorted(local)
    assert len(set(local)) == len(local)


@bounded(60)
@given(when=RHYTHMS, first=DATES, cut=st.integers(0, 300))
def test_what_is_due_does_not_depend_on_what_else_is_asked_for(
    when: dict[str, Any], first: date, cut: int
) -> None:
    whole = planned(when, first, first + timedelta(days=300))
    middle = first + timedelta(days=cut)
    parts = planned(when, first, middle) + planned(
        when, middle + timedelta(days=1), first + timedelta(days=300)
    )
    assert parts == whole


@pytest.mark.parametrize(
    ("begins", "opens"),
    [("2026-11-30", "11-30"), ("2026-11-28", "11-30"), ("2026-10-08", "10-08"), ("2026-12-05", "12-04")],
)
def test_what_begins_on_a_day_is_given_out_then_whatever_the_leads(begins: str, opens: str) -> None:
    (one,) = planned({"dates": [date(2026, 12, 4)]}, begins=begins)
    assert f"{one.opens_at.astimezone(SHANGHAI):%m-%d}" == opens
