"""Counting within the last minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.meters import Meter

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_what_happened_a_minute_ago_no_longer_counts() -> None:
    meter = Meter(60, slots=12)
    for _ in range(3):
        meter.add(NOW)
    assert meter.count(NOW + timedelta(seconds=54)) == 3
    meter.add(NOW + timedelta(seconds=54))
    assert meter.count(NOW + timedelta(seconds=60)) == 1
    assert meter.count(NOW + timedelta(seconds=120)) == 0


def test_a_clock_set_back_holds_nobody_up() -> None:
    meter = Meter()
    meter.add(NOW)
    assert meter.count(NOW - timedelta(hours=1)) == 0
    meter.add(NOW - timedelta(hours=1))
    assert meter.count(NOW - timedelta(hours=1)) == 1


@given(st.lists(st.integers(0, 40), max_size=80))
def test_it_never_counts_more_than_the_minute_nor_less_than_its_last_parts(passed: list[int]) -> None:
    meter, now, times = Meter(60, slots=12), NOW, []
    for seconds in passed:
        now += timedelta(seconds=seconds)
        meter.add(now)
        times.append(now)
        ages = [(now - time).total_seconds() for time in times]
        assert sum(age <= 55 - 5 for age in ages) <= meter.count(now) <= sum(age < 60 for age in ages)
