"""Rate budgets and the memory that uploads may take."""

import asyncio

import pytest

from bot.channels.web.body import Message
from bot.channels.web.counted import Bytes
from bot.channels.web.errors import Refusal
from bot.channels.web.limits import OWN_BYTES, PATIENCE_SECONDS, Budgets, HeldBytes, Rates


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


def test_uploads_that_fill_the_memory_keep_nobody_from_saying_something() -> None:
    held = HeldBytes(100_000)
    Bytes(1_000_000, held).add(100_000 + OWN_BYTES)
    words = Bytes(1_000_000, held)
    words.add(1)
    words.add(OWN_BYTES - 1)
    with pytest.raises(Refusal):
        words.add(1)
    words.release()
    with pytest.raises(Refusal):
        held.take(1)


async def test_an_upload_that_takes_too_long_gives_way_where_memory_is_full() -> None:
    timer = Timer()
    held = HeldBytes(100_000, timer=timer)
    first, second = Bytes(1_000_000, held), Bytes(1_000_000, held)
    reads = asyncio.Event()

    async def stalls() -> Message:
        first.add(100_000 + OWN_BYTES)
        reads.set()
        await asyncio.Event().wait()
        raise AssertionError

    stalled = asyncio.create_task(first.within(600, stalls))
    await reads.wait()
    timer.now += PATIENCE_SECONDS
    with pytest.raises(Refusal) as early:
        second.add(50_000)
    assert early.value.code == "crowded"
    timer.now += 1
    second.add(50_000)
    with pytest.raises(Refusal) as ended:
        await stalled
    assert ended.value.code == "too_slow"
    first.release()
    second.release()
    held.take(100_000)


async def test_what_was_read_is_not_taken_away() -> None:
    timer = Timer()
    held = HeldBytes(100_000, timer=timer)
    first = Bytes(1_000_000, held)

    async def comes() -> Message:
        first.add(100_000 + OWN_BYTES)
        return Message(id="a")

    await first.within(600, comes)
    timer.now += 10 * PATIENCE_SECONDS
    with pytest.raises(Refusal):
        held.take(1)
