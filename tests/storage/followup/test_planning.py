"""When somebody is asked: days and hours after discharge, quiet hours, days off, unknown years."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.followup.planning import (
    allowed_moment,
    due_at,
    is_too_late,
    plan_version,
    planned_for,
    plans_version,
)
from storage.hospital_followup import SurveyPlan
from storage.house import House
from storage.working_days import WorkingDays
from tests.factories import make_house
from tests.storage.followup.stays import local


def house(**followup: Any) -> House:
    return make_house(followup=followup)


def plan(**when: Any) -> SurveyPlan:
    return SurveyPlan(key="p", kind="satisfaction", questions=("overall",), **when)


@pytest.mark.parametrize(
    ("when", "discharged", "due"),
    [
        ({"after_days": 3}, "2026-11-23 09:12", "2026-11-26 10:00"),
        ({"after_days": 3}, "2026-11-23 23:59", "2026-11-26 10:00"),
        ({"after_days": 3}, "2026-11-23 00:00", "2026-11-26 10:00"),
        ({"after_days": 30}, "2026-11-23 09:12", "2026-12-23 10:00"),
        ({"after_days": 3, "at": "15:30"}, "2026-11-23 09:12", "2026-11-26 15:30"),
        ({"after_days": 3, "at": "21:00"}, "2026-11-23 09:12", "2026-11-27 09:00"),
        # on the same day, but never before they have left
        ({"after_days": 0}, "2026-11-23 08:00", "2026-11-23 10:00"),
        ({"after_days": 0}, "2026-11-23 16:00", "2026-11-23 16:00"),
        ({"after_days": 0}, "2026-11-23 22:00", "2026-11-24 09:00"),
        # day surgery
        ({"after_hours": 24}, "2026-11-23 14:20", "2026-11-24 14:20"),
        ({"after_hours": 24}, "2026-11-23 20:00", "2026-11-25 09:00"),
        ({"after_hours": 24}, "2026-11-23 19:59", "2026-11-24 19:59"),
        ({"after_hours": 10}, "2026-11-23 16:00", "2026-11-24 09:00"),
        # a leap day, and the year that has none
        ({"after_days": 3}, "2028-02-26 11:00", "2028-02-29 10:00"),
        ({"after_days": 3}, "2028-02-28 11:00", "2028-03-02 10:00"),
        ({"after_days": 3}, "2027-02-26 11:00", "2027-03-01 10:00"),
        ({"after_days": 30}, "2028-02-29 11:00", "2028-03-30 10:00"),
        ({"after_days": 365}, "2028-02-29 11:00", "2029-02-28 10:00"),
    ],
)
def test_a_plan_is_due(when: dict[str, Any], discharged: str, due: str) -> None:
    found = due_at(plan(**when), local(discharged), house())
    assert found == local(due)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-11-23 08:59:59", "2026-11-23 09:00"),
        ("2026-11-23 09:00", "2026-11-23 09:00"),
        ("2026-11-23 19:59:59", "2026-11-23 19:59:59"),
        ("2026-11-23 20:00", "2026-11-24 09:00"),
        ("2026-11-23 23:59:59", "2026-11-24 09:00"),
        ("2026-11-24 00:00", "2026-11-24 09:00"),
        ("2026-12-31 21:00", "2027-01-01 09:00"),
        ("2028-02-28 21:00", "2028-02-29 09:00"),
    ],
)
def test_quiet_hours_cross_midnight(moment: str, allowed: str) -> None:
    assert allowed_moment(local(moment), house()) == local(allowed)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [("11:59", "11:59"), ("12:00", "14:00"), ("13:59", "14:00"), ("14:00", "14:00"), ("23:00", "23:00")],
)
def test_quiet_hours_at_noon_end_the_same_day(moment: str, allowed: str) -> None:
    noon = house(quiet_from="12:00", quiet_until="14:00")
    assert allowed_moment(local(f"2026-11-23 {moment}"), noon) == local(f"2026-11-23 {allowed}")


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-11-20 10:00", "2026-11-20 10:00"),  # a Friday
        ("2026-11-20 20:30", "2026-11-23 09:00"),  # Friday night: Monday morning
        ("2026-11-21 10:00", "2026-11-23 10:00"),  # a Saturday, at the same hour
        # 国庆 2026: off from 1 to 7 October; the Sunday before and the Saturday after are worked
        ("2026-09-20 10:00", "2026-09-20 10:00"),
        ("2026-09-30 20:00", "2026-10-08 09:00"),
        ("2026-10-01 10:00", "2026-10-08 10:00"),
        ("2026-10-10 10:00", "2026-10-10 10:00"),
        ("2026-10-11 10:00", "2026-10-12 10:00"),
        # years that nobody has published have plain weekends
        ("2027-10-01 10:00", "2027-10-01 10:00"),
        ("2027-10-02 10:00", "2027-10-04 10:00"),
        ("2028-02-29 10:00", "2028-02-29 10:00"),
        ("2026-12-31 20:00", "2027-01-01 09:00"),
    ],
)
def test_working_days_put_it_off(moment: str, allowed: str) -> None:
    assert allowed_moment(local(moment), house(working_days=True)) == local(allowed)


def test_without_working_days_a_holiday_is_a_day_like_others() -> None:
    assert allowed_moment(local("2026-10-01 10:00"), house()) == local("2026-10-01 10:00")


def test_the_hospitals_own_holidays_count() -> None:
    plain = house(working_days=True)
    own = WorkingDays(
        "Asia/Shanghai", plain.hospital.clocks.day_starts, plain.hospital.clocks.day_ends,
        {date(2027, 10, day): True for day in range(1, 8)} | {date(2027, 10, 9): False},
    )  # fmt: skip
    known = replace(plain, calendar=own)
    assert allowed_moment(local("2027-10-01 10:00"), known) == local("2027-10-08 10:00")
    assert allowed_moment(local("2027-10-09 10:00"), known) == local("2027-10-09 10:00")


_MOMENTS = st.integers(0, 15 * 366 * 24 * 60).map(
    lambda number: local("2020-01-01") + timedelta(minutes=number)
)
_CLOCKS = st.times().map(lambda clock: clock.strftime("%H:%M"))


@given(_MOMENTS, _CLOCKS, _CLOCKS, st.booleans(), st.sampled_from(["Asia/Shanghai", "Europe/Berlin"]))
def test_an_allowed_moment_is_not_earlier_and_is_allowed(
    moment: datetime, begins: str, ends: str, working_days: bool, zone: str
) -> None:
    usual = make_house(timezone=zone)
    rules = usual.hospital.followup.model_validate(
        {"quiet_from": begins, "quiet_until": ends, "working_days": working_days}
    )
    some = replace(usual, hospital=usual.hospital.model_copy(update={"followup": rules}))
    found = allowed_moment(moment, some)
    assert found >= moment
    assert allowed_moment(found, some) == found
    assert found - moment < timedelta(days=2 if not working_days else 14)


@pytest.mark.parametrize("minute", [0, 15, 29])
def test_quiet_hours_that_end_twice_in_a_night_end_the_second_time(minute: int) -> None:
    usual = make_house(timezone="Europe/Berlin")
    rules = usual.hospital.followup.model_validate({"quiet_from": "23:30", "quiet_until": "02:30"})
    some = replace(usual, hospital=usual.hospital.model_copy(update={"followup": rules}))
    moment = datetime(2026, 10, 25, 1, minute, tzinfo=UTC)  # past two for the second time
    assert allowed_moment(moment, some) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_days_are_counted_by_the_calendar_where_clocks_change() -> None:
    some, left = make_house(timezone="Europe/Berlin"), datetime(2026, 10, 22, 12, tzinfo=UTC)
    due = [one.due_at for one in planned_for(left, "骨科", house=some, now=left)]
    assert due == [datetime(2026, 10, 25, 9, tzinfo=UTC), datetime(2026, 11, 21, 9, tzinfo=UTC)]


def test_a_leap_day_is_a_day() -> None:
    left = local("2028-02-26 11:00")
    due = [one.due_at for one in planned_for(left, "骨科", house=house(), now=left)]
    assert due == [local("2028-02-29 10:00"), local("2028-03-27 10:00")]


def test_a_department_with_a_plan_of_its_own_has_that_and_the_general_ones_of_other_kinds() -> None:
    plans = [
        {"key": "d3", "kind": "satisfaction", "after_days": 3, "questions": ["overall"]},
        {"key": "d30", "kind": "integrity", "after_days": 30, "questions": ["money"]},
        {"key": "day", "kind": "satisfaction", "after_hours": 24, "departments": ["日间病房"],
         "questions": ["overall"]},
    ]  # fmt: skip
    some, left = house(plans=plans), local("2026-11-23 14:00")
    assert [one.plan for one in planned_for(left, "骨科", house=some, now=left)] == ["d3", "d30"]
    day = planned_for(left, "日间病房", house=some, now=left)
    assert [(one.plan, one.kind, one.due_at) for one in day] == [
        ("day", "satisfaction", local("2026-11-24 14:00")),
        ("d30", "integrity", local("2026-12-23 10:00")),
    ]


@pytest.mark.parametrize(
    ("now", "plans"),
    [
        ("2026-11-26 10:00", ["day3", "day30"]),
        ("2026-11-30 23:59", ["day3", "day30"]),  # four days late is not too late
        ("2026-12-01 00:00", ["day30"]),
        ("2027-02-01 00:00", []),
    ],
)
def test_what_is_too_late_is_not_planned(now: str, plans: list[str]) -> None:
    left = local("2026-11-23 14:00")
    found = planned_for(left, "骨科", house=house(), now=local(now))
    assert [one.plan for one in found] == plans


def test_no_lateness_at_all_means_the_same_day() -> None:
    due = local("2026-11-26 10:00")
    assert not is_too_late(due, house=house(late=0), now=local("2026-11-26 19:00"))
    assert is_too_late(due, house=house(late=0), now=local("2026-11-27 09:00"))


@pytest.mark.parametrize(
    "changed",
    [
        {"quiet_from": "21:00"}, {"quiet_until": "08:00"}, {"working_days": True},
    ],
)  # fmt: skip
def test_a_version_tells_when_settings_move_a_plan(changed: dict[str, Any]) -> None:
    one = plan(after_days=3)
    assert plan_version(one, house(**changed).hospital) != plan_version(one, house().hospital)


def test_a_version_tells_when_a_plan_moves_and_not_when_its_questions_change() -> None:
    hospital, one = house().hospital, plan(after_days=3)
    assert plan_version(plan(after_days=4), hospital) != plan_version(one, hospital)
    assert plan_version(plan(after_days=3, at="11:00"), hospital) != plan_version(one, hospital)
    assert plan_version(plan(after_hours=3), hospital) != plan_version(one, hospital)
    other_words = one.model_copy(update={"questions": ("overall", "say")})
    assert plan_version(other_words, hospital) == plan_version(one, hospital)
    assert plans_version(house().hospital) == plans_version(house(late=9).hospital)
    assert plans_version(house().hospital) != plans_version(house(plans=[]).hospital)
