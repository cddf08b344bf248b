"""The pace: overall, per chat, per group; a refusal holds one chat."""

from itertools import pairwise

from bot.channels.base import Limits
from bot.pacing import Pacer

TELEGRAM = Limits(per_second=30, per_chat_second=1, per_group_minute=20)


def test_thirty_a_second_overall() -> None:
    pacer = Pacer(TELEGRAM)
    for number in range(30):
        assert pacer.room(0.5) == 30 - number
        pacer.sent(f"chat {number}", 0.5, is_group=False)
    assert pacer.room(1.49) == 0
    assert pacer.room(1.5) == 30


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
    assert pacer.room(3.0) == 30


def test_the_wait_begins_when_the_message_has_arrived() -> None:
    pacer = Pacer(TELEGRAM)
    pacer.sent("a", 1.0, is_group=False)
    pacer.arrived("a", 3.5)
    assert pacer.held(4.0) == {"a"}
    assert pacer.held(4.5) == set()
