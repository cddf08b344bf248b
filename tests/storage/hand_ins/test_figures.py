"""Totals without names: what is few is not told, nor what follows from the rest."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlmodel import Session

from storage.hand_ins.figures import hidden, month_totals
from storage.hand_ins.giving import take_back
from storage.hand_ins.handling import receive, settle
from storage.hand_ins.rows import Settled, Way
from tests.factories import MONDAY, make_house, make_member
from tests.storage.hand_ins.givers import an_envelope, anonymous, by_name

HOUSE = make_house()
DECEMBER = datetime(2025, 12, 1, 3, 0, tzinfo=UTC)


def test_counts_and_sum_of_a_month_that_is_over(session: Session) -> None:
    officer = make_member(session, HOUSE)
    for number in range(4):
        row, _ = anonymous(session, HOUSE)
        if number:
            receive(session, row, officer, version=0, now=MONDAY)
            settle(session, row, officer, Way.DEPOSIT, Settled("1"), version=1, house=HOUSE, now=MONDAY)
    found = month_totals(session, "2025-11", house=HOUSE, now=DECEMBER)
    assert (found.count, found.yuan, found.late, found.things) == (4, Decimal(8000), 0, 0)
    assert found.by_way == {"returned": 0, "deposit": None, "account": 0, "open": None}


def test_a_sum_is_not_told_before_the_month_is_over(session: Session) -> None:
    for _ in range(3):
        anonymous(session, HOUSE)
    found = month_totals(session, "2025-11", house=HOUSE, now=MONDAY)
    assert (found.count, found.yuan) == (3, None)


@pytest.mark.parametrize("count", [1, 2])
def test_few_are_not_told(session: Session, count: int) -> None:
    for _ in range(count):
        anonymous(session, HOUSE, given=an_envelope(thing=True))
    found = month_totals(session, "2025-11", house=HOUSE, now=DECEMBER)
    assert (found.count, found.yuan, found.things) == (None, None, None)


def test_none_is_told_as_none(session: Session) -> None:
    found = month_totals(session, "2025-11", house=HOUSE, now=DECEMBER)
    assert (found.count, found.yuan, found.late) == (0, Decimal(0), 0)


def test_what_was_taken_back_and_other_months_do_not_count(session: Session) -> None:
    row, _, member = by_name(session, HOUSE)
    take_back(session, row, by=member, house=HOUSE, now=MONDAY)
    anonymous(session, HOUSE, now=DECEMBER)
    assert month_totals(session, "2025-11", house=HOUSE, now=DECEMBER).count == 0


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ({"a": 5, "b": 0, "c": 4}, {"a": 5, "b": 0, "c": 4}),
        ({"a": 5, "b": 1, "c": 4}, {"a": 5, "b": None, "c": None}),
        ({"a": 5, "b": 1, "c": 1}, {"a": None, "b": None, "c": None}),
        ({"a": 5, "b": 1, "c": 2}, {"a": 5, "b": None, "c": None}),
        ({"a": 0, "b": 1, "c": 0}, {"a": 0, "b": None, "c": 0}),
    ],
)
def test_nothing_small_follows_from_the_rest(parts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert hidden(parts) == shown
