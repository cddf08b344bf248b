"""The pace: overall, per chat, per group; a refusal holds one chat."""

from itertools import pairwise

import pytest

from bot.channels.base import Limits
from bot.pacing import Pacer

TELEGRAM = Limits(per_second=30, per_chat_second=1, per_group_minute=20)


def test_thirty_a_second_overall() -> None:
    pacer = Pacer(TELEGRAM)
    assert [pacer.leaves(0.5) for _ in range(30)] == [0.0] * 30
    assert pacer.leaves(1.5) > 0
    assert [pacer.leaves(1.52) for _ in range(30)] == [0.0] * 30
    assert pacer.leaves(1.52) > 1


def test_one_a_second_to_a_chat_and_others_go_on() -> None:
    pacer = Pacer(TELEGRAM)
    pacer.sent("a", 10.0, is_group=False)
    assert pacer.held(10.99) == {"a"}
    assert pacer.next_free(10.5) == 0.5
    assert pacer.held(11.0) == set()
    assert pacer.next_free(11.0) is None


def test_twenty_a_minute_to_a_group() -> None:
    pacer, now = Pacer(TELEGRAM), 0.0
    times = []
    for _ in range(45):
        while "g" in pacer.held(now):
            now += pacer.next_free(now) or 0.0
        pacer.sent("g", now, is_group=True)
        times.append(now)
    for start in times:
        assert sum(start <= time < start + 60 for time in times) <= 20
    assert all(later - earlier >= 1 for earlier, later in pairwise(times))
    assert now < 130


def test_a_refusal_holds_the_chat_it_names_and_is_never_shortened() -> None:
    pacer = Pacer(TELEGRAM)
    pacer.hold("a", 40.0)
    pacer.sent("a", 1.0, is_group=False)
    pacer.sent("b", 1.0, is_group=False)
    assert pacer.held(3.0) == {"a"}
    assert pacer.held(40.0) == set()
    assert pacer.to_claim(3.0) > 1
    assert pacer.leaves(3.0) == 0.0


def test_the_wait_begins_when_the_message_has_arrived() -> None:
    pacer = Pacer(TELEGRAM)
    pacer.sent("a", 1.0, is_group=False)
    pacer.arrived("a", 3.5)
    assert pacer.held(4.0) == {"a"}
    assert pacer.held(4.5) == set()


def test_messages_leave_evenly_spaced_from_the_first_on() -> None:
    pacer = Pacer(TELEGRAM)
    slots = [pacer.slot(5.0) for _ in range(31)]
    assert slots[0] == 5.0
    assert 6.0 < slots[30] < 6.02
    assert len({round(later - earlier, 6) for earlier, later in pairwise(slots)}) == 1
    assert pacer.slot(9.0) == 9.0


def test_a_pause_while_letters_are_found_is_made_up_for() -> None:
    """At a third of a second without letters ten are late; after that the moments are those laid out."""
    pacer = Pacer(TELEGRAM)
    slots = [pacer.slot(5.0) for _ in range(10)]
    late = [pacer.slot(5.6) for _ in range(20)]
    assert late[0] - slots[-1] == pytest.approx(slots[1] - slots[0])
    assert sum(moment < 5.6 for moment in late) == 8


def test_what_waited_behind_a_standstill_does_not_leave_all_at_once() -> None:
    """A second of standstill: thirty leave together, and the next only when a second has passed."""
    pacer = Pacer(TELEGRAM)
    assert [pacer.leaves(5.0) for _ in range(30)] == [0.0] * 30
    assert pacer.leaves(5.25) > 0.75
    assert pacer.leaves(6.0) > 0
    assert pacer.leaves(6.02) == 0.0


def test_some_letters_lie_ready_and_none_is_claimed_long_before_it_leaves() -> None:
    pacer, now, most, left = Pacer(TELEGRAM), 0.0, 0.0, 0
    while now < 10.2:
        for _ in range(pacer.to_claim(now)):
            pacer.sent(f"chat {left}", now, is_group=False)
            most = max(most, pacer.slot(now) - now)
            left += 1
        now += pacer.claims_in(now) or 0.01
    assert left >= 300
    assert most <= 0.6


def test_a_channel_that_rests_claims_nothing_and_lets_nothing_go() -> None:
    pacer = Pacer(TELEGRAM)
    pacer.rest(20.0)
    pacer.rest(15.0)
    assert (pacer.to_claim(19.9), pacer.leaves(19.0), pacer.claims_in(19.0)) == (0, 1.0, 1.0)
    assert pacer.to_claim(20.0) > 0
    assert pacer.leaves(20.0) == 0.0


def test_a_slow_channel_still_claims_one_at_a_time() -> None:
    pacer = Pacer(Limits(per_second=1, per_chat_second=1, per_group_minute=60))
    moments: list[float] = []
    for now in (0.0, 0.1, 0.2, 0.5, 1.1, 1.2):
        moments += [pacer.slot(now) for _ in range(pacer.to_claim(now))]
    assert [round(moment) for moment in moments] == [0, 1, 2]
