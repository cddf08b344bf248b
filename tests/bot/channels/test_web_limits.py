"""Rate budgets and the memory that uploads may take."""

import pytest

from bot.channels.web.errors import Refusal
from bot.channels.web.limits import Budgets, HeldBytes, Rates


class Timer:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_over_its_budget_waits_for_the_next_minute() -> None:
    timer = Timer()
    budgets = Budgets(Rates(messages=3), timer=timer)
    for _ in range(3):
        budgets.message("a")
    timer.now += 18
    assert budgets.message("a") == (42, 3)
    timer.now += 42
    assert budgets.message("a") == (0, 1)


def test_one_session_does_not_spend_the_budget_of_another() -> None:
    budgets = Budgets(Rates(messages=1), timer=Timer())
    assert budgets.message("a") == (0, 1)
    assert budgets.message("b") == (0, 1)
    assert budgets.message("a") == (60, 1)


def test_reading_and_writing_are_counted_apart() -> None:
    budgets = Budgets(Rates(messages=1, reads=1), timer=Timer())
    assert budgets.message("a") == (0, 1)
    assert budgets.read("a") == 0
    assert budgets.read("a") == 60


def test_without_rates_nothing_is_limited() -> None:
    budgets = Budgets(None, timer=Timer())
    for _ in range(5000):
        assert budgets.message("a") == (0, 0)
        assert budgets.read("a") == 0


def test_a_timer_that_jumps_back_does_not_lock_anybody_out() -> None:
    timer = Timer()
    budgets = Budgets(Rates(messages=1), timer=timer)
    assert budgets.message("a") == (0, 1)
    timer.now -= 500
    assert budgets.message("a") == (0, 1)


def test_held_bytes_are_given_back() -> None:
    held = HeldBytes(100)
    held.take(80)
    with pytest.raises(Refusal):
        held.take(30)
    held.release(80)
    held.take(100)
