"""When staff may be told: mornings of working days, quiet hours, days off, what is urgent."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.duties.moments import allowed_from, next_digest, telling_moment, waits_until
from tests.duties import duty_house, occurrence_due

HOUSE = duty_house()
Clock = tuple[int, str]
"""A day of November 2026, and the clock."""


def local(month: int, day: int, clock: str, year: int = 2026) -> datetime:
    """A time in Shanghai, as UTC."""
    hour, minute = map(int, clock.split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("now", "digest"),
    [
        (local(11, 23, "08:30"), local(11, 23, "08:30")),
        (local(11, 23, "08:31"), local(11, 24, "08:30")),
        (local(11, 27, "09:00"), local(11, 30, "08:30")),  # a Friday
        (local(2, 14, "07:00"), local(2, 14, "08:30")),  # a Saturday that is worked before 春节 2026
        (local(2, 14, "09:00"), local(2, 24, "08:30")),  # and the nine days off after it
        (local(9, 30, "12:00"), local(10, 8, "08:30")),  # 国庆 2026
        (local(10, 9, "12:00"), local(10, 10, "08:30")),  # its make-up Saturday
    ],
)
def test_the_next_digest_is_on_a_working_morning(now: datetime, digest: datetime) -> None:
    assert next_digest(now, HOUSE) == digest


@pytest.mark.parametrize(
    ("now", "calm", "urgent"),
    [
        (local(11, 23, "12:00"), local(11, 23, "12:00"), local(11, 23, "12:00")),
        (local(11, 23, "20:00"), local(11, 24, "08:30"), local(11, 24, "07:30")),
        (local(11, 24, "03:00"), local(11, 24, "08:30"), local(11, 24, "07:30")),
        (local(11, 24, "07:30"), local(11, 24, "07:30"), local(11, 24, "07:30")),
        (local(11, 28, "12:00"), local(11, 30, "08:30"), local(11, 28, "12:00")),
        (local(11, 27, "23:00"), local(11, 30, "08:30"), local(11, 28, "07:30")),
    ],
)
def test_nobody_is_woken(now: datetime, calm: datetime, urgent: datetime) -> None:
    assert allowed_from(now, HOUSE) == calm
    assert allowed_from(now, HOUSE, urgent=True) == urgent


def test_quiet_hours_may_lie_within_a_day_or_be_none() -> None:
    noon = duty_house(sections={"reminding": {"quiet_from": "12:00", "quiet_until": "14:00"}})
    assert allowed_from(local(11, 23, "13:00"), noon, urgent=True) == local(11, 23, "14:00")
    assert allowed_from(local(11, 23, "23:00"), noon) == local(11, 23, "23:00")
    never = duty_house(sections={"reminding": {"quiet_from": "00:00", "quiet_until": "00:00"}})
    assert allowed_from(local(11, 23, "03:00"), never) == local(11, 23, "03:00")


@pytest.mark.parametrize(
    ("step_at", "taken", "due_at", "urgent", "expected"),
    [
        # The morning's step, taken a few seconds later.
        ((23, "08:30"), (23, "08:31"), (30, "17:00"), False, (23, "08:31")),
        # Started by somebody in the afternoon: tomorrow's digest; at once if it is urgent.
        ((23, "14:00"), (23, "14:00"), (30, "17:00"), False, (24, "08:30")),
        ((23, "14:00"), (23, "14:00"), (30, "17:00"), True, (23, "14:00")),
        # Due today: tomorrow would be too late.
        ((23, "14:00"), (23, "14:00"), (23, "17:00"), False, (23, "14:00")),
        # After a stop over the weekend.
        ((27, "08:30"), (28, "11:00"), (30, "17:00"), False, (30, "08:30")),
    ],
)
def test_when_a_step_is_told(
    step_at: Clock, taken: Clock, due_at: Clock, urgent: bool, expected: Clock
) -> None:
    occurrence = occurrence_due(local(11, *due_at))
    now = local(11, *taken)
    told = telling_moment(occurrence, local(11, *step_at), urgent=urgent, house=HOUSE, now=now)
    assert told == local(11, *expected)


def test_a_late_letter_waits_and_letters_about_other_things_do_not() -> None:
    night = local(11, 23, "22:00")
    assert waits_until("due.digest", "{}", house=HOUSE, now=night) == local(11, 24, "08:30")
    assert waits_until("due.digest", '{"urgent": 1}', house=HOUSE, now=night) == local(11, 24, "07:30")
    assert waits_until("due.names", '{"over": []}', house=HOUSE, now=night) == local(11, 24, "08:30")
    assert waits_until("case.new", "{}", house=HOUSE, now=night) is None
    assert waits_until(None, "{}", house=HOUSE, now=night) is None
    assert waits_until("due.digest", "{}", house=HOUSE, now=local(11, 23, "10:00")) is None
