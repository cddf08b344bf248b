"""Signed slips: nothing can be changed, and none is taken twice."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.stamps import Spent, Stamps

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STAMPS = Stamps(b"k" * 32)


def test_a_stamp_says_what_it_was_issued_with() -> None:
    issued = STAMPS.issue("work", "anna", wait=MINUTE, good=5 * MINUTE, level=17, now=NOW)
    read = STAMPS.read(issued.token, "work", "anna")
    assert read == issued
    assert (read.begins, read.ends) == (NOW.timestamp() + 60, NOW.timestamp() + 360)
    assert (read.level, len(read.token)) == (17, 44)


def test_a_stamp_is_good_for_its_purpose_its_person_and_its_house_alone() -> None:
    token = STAMPS.issue("work", "anna", good=MINUTE, now=NOW).token
    assert STAMPS.read(token, "ticket", "anna") is None
    assert STAMPS.read(token, "work", "bert") is None
    assert Stamps(b"x" * 32).read(token, "work", "anna") is None


@given(place=st.integers(0, 43), sign=st.characters())
def test_a_changed_stamp_is_none(place: int, sign: str) -> None:
    token = STAMPS.issue("work", good=MINUTE, now=NOW).token
    changed = token[:place] + sign + token[place + 1 :]
    assert changed == token or STAMPS.read(changed, "work") is None


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_anything_else_is_none(token: str) -> None:
    assert STAMPS.read(token, "work") is None


def test_a_stamp_is_taken_once_and_not_after_its_end() -> None:
    spent = Spent()
    stamp, other = (STAMPS.issue("work", good=MINUTE, now=NOW) for _ in range(2))
    assert spent.take(stamp, now=NOW)
    assert not spent.take(stamp, now=NOW)
    assert not spent.take(other, now=NOW + MINUTE)
    assert not spent.take(stamp, now=NOW + 2 * MINUTE)
    assert len(spent) == 0


@settings(max_examples=50)
@given(
    most=st.integers(1, 5),
    steps=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), max_size=60),
)
def test_however_full_it_gets_nothing_is_taken_twice(most: int, steps: list[tuple[int, int]]) -> None:
    spent, now = Spent(most), NOW
    stamps = [STAMPS.issue("work", good=timedelta(seconds=20 * n), now=NOW) for n in range(1, 11)]
    taken: set[int] = set()
    for which, passed in steps:
        now += timedelta(seconds=passed)
        if spent.take(stamps[which], now=now):
            assert which not in taken
            taken.add(which)
        assert len(spent) <= most
