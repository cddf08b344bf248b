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
    with pytest.raises(Refusal) as refused:
        budgets.message("a")
    assert (refused.value.code, refused.value.retry_after) == ("too_fast", 42)
    timer.now += 42
    budgets.message("a")


def test_one_session_does_not_spend_the_budget_of_another() -> None:
    budgets = Budgets(Rates(messages=1), timer=Timer())
    budgets.message("a")
    budgets.message("b")
    with pytest.raises(Refusal):
        budgets.message("a")


def test_new_sessions_have_one_budget_for_all() -> None:
    budgets = Budgets(Rates(sessions=2), timer=Timer())
    budgets.session()
    budgets.session()
    with pytest.raises(Refusal) as refused:
        budgets.session()
    assert refused.value.code == "crowded"


def test_reading_and_writing_are_counted_apart() -> None:
    budgets = Budgets(Rates(messages=1, reads=1), timer=Timer())
    budgets.message("a")
    budgets.read("a")
    with pytest.raises(Refusal):
        budgets.read("a")


def test_without_rates_nothing_is_limited() -> None:
    budgets = Budgets(None, timer=Timer())
    for _ in range(5000):
        budgets.message("a")
        budgets.session()


def test_a_timer_that_jumps_back_does_not_lock_anybody_out() -> None:
    timer = Timer()
    budgets = Budgets(Rates(messages=1), timer=timer)
    budgets.message("a")
    timer.now -= 500
    budgets.message("a")


def test_held_bytes_are_given_back() -> None:
    held = HeldBytes(100)
    held.take(80)
    with pytest.raises(Refusal):
        held.take(30)
    held.release(80)
    held.take(100)
