"""When something is next to be done: leads in working days, days overdue, the end; over holidays too."""

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.duties.stepping import closing, days_overdue, next_step
from storage.house import House
from tests.duties import duty_house, occurrence_due

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def due_on(month: int, day: int, hour: int = 17, year: int = 2026) -> datetime:
    """That hour in Shanghai, as UTC."""
    return datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


def steps(house: House, due: datetime, *extended: datetime, after: datetime = LONG_AGO) -> list[str]:
    """The local days of all steps, the last one being the end."""
    occurrence = occurrence_due(due)
    days: list[str] = []
    moment: datetime | None = after
    while moment is not None:
        moment = next_step(occurrence, house.duties, house, after=moment, extended=extended)
        if moment is not None:
            days.append(f"{house.local_day(moment):%m-%d}")
    return days


def reminding(**rules: object) -> House:
    return duty_house(sections={"reminding": rules})


def test_leads_then_each_working_day_overdue_then_the_end() -> None:
    found = steps(reminding(nag_days=2), due_on(12, 4))
    assert found == ["11-25", "12-01", "12-03", "12-04", "12-07", "12-08", "12-09"]


def test_working_days_are_those_of_the_calendar() -> None:
    # 2026-02-14 is a worked Saturday, the 15th to the 23rd are off, the 28th is worked again.
    assert steps(reminding(nag_days=2), due_on(2, 25)) == [
        "02-09", "02-13", "02-24", "02-25", "02-26", "02-27", "02-28",
    ]  # fmt: skip
    # Off: the 25th to the 27th of September, the 1st to the 7th of October; worked: Saturday the 10th.
    assert steps(reminding(nag_days=1), due_on(10, 9)) == [
        "09-22", "09-29", "10-08", "10-09", "10-10", "10-12",
    ]  # fmt: skip


def test_what_is_due_on_a_day_off_is_called_to_mind_on_the_last_day_worked() -> None:
    assert steps(reminding(nag_days=1, leads=[1, 0]), due_on(12, 6)) == ["12-04", "12-07", "12-08"]


def test_month_ends_and_the_leap_day_count_as_any_other_day() -> None:
    assert steps(reminding(nag_days=1, leads=[1, 0]), due_on(2, 29, year=2028))[:2] == ["02-28", "02-29"]
    assert steps(reminding(nag_days=1, leads=[1, 0]), due_on(12, 31))[:2] == ["12-30", "12-31"]


def test_what_is_due_before_the_digest_is_not_called_to_mind_on_its_day() -> None:
    assert steps(reminding(nag_days=1, leads=[1, 0]), due_on(12, 4, 8)) == ["12-03", "12-07", "12-08"]


def test_a_duty_may_have_leads_of_its_own() -> None:
    house = duty_house({"leads": [2]}, sections={"reminding": {"nag_days": 1}})
    assert steps(house, due_on(12, 4)) == ["12-02", "12-07", "12-08"]


def test_who_has_longer_has_leads_of_their_own_and_the_end_waits_for_them() -> None:
    found = steps(reminding(nag_days=1, leads=[1, 0]), due_on(12, 4), due_on(12, 9))
    assert found == ["12-03", "12-04", "12-07", "12-08", "12-09", "12-10", "12-11"]


def test_a_shortened_notice_and_a_moved_day_count_from_now() -> None:
    house = reminding(nag_days=1)
    assert steps(house, due_on(12, 4), after=due_on(12, 2))[:2] == ["12-03", "12-04"]
    assert steps(house, due_on(12, 11), after=due_on(12, 2))[:2] == ["12-08", "12-10"]


def test_after_the_end_there_is_nothing() -> None:
    assert steps(reminding(nag_days=1), due_on(12, 4), after=due_on(12, 31)) == []


def test_a_duty_that_is_gone_from_the_book_keeps_the_usual_leads() -> None:
    house = duty_house({"key": "another"}, sections={"reminding": {"nag_days": 1, "leads": [1]}})
    assert steps(house, due_on(12, 4)) == ["12-03", "12-07", "12-08"]


def test_a_time_zone_of_its_own_moves_the_day_it_is_due() -> None:
    house = duty_house({"timezone": "Asia/Urumqi", "leads": [0]}, sections={"reminding": {"nag_days": 1}})
    late = datetime(2026, 12, 4, 17, 30, tzinfo=UTC)  # 23:30 there, 01:30 of the next day in Shanghai
    assert steps(house, late)[0] == "12-04"


@pytest.mark.parametrize(("day", "expected"), [(4, 0), (5, 0), (6, 0), (7, 1), (8, 2), (11, 5)])
def test_days_overdue_are_working_days(day: int, expected: int) -> None:
    house = duty_house()
    assert days_overdue(due_on(12, 4), house.duties.duties[0], house, due_on(12, day, 18)) == expected


def test_every_step_of_a_year_is_on_a_working_morning() -> None:
    house = duty_house()
    first = date(2026, 1, 1)
    for number in range(365):
        day = first + timedelta(days=number)
        occurrence = occurrence_due(due_on(day.month, day.day))
        end = closing(occurrence.due_at, occurrence, house.duties, house)
        moment = LONG_AGO
        while moment < end:
            following = next_step(occurrence, house.duties, house, after=moment)
            assert following is not None
            moment = following
            local = moment + timedelta(hours=8)
            assert house.calendar.is_working_day(local.date())
            assert (local.hour, local.minute) == (8, 30)
