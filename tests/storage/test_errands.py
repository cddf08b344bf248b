"""Errands wait until they are done, once."""

import json
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from storage.errands import (
    MOST_WAITING,
    ErrandKind,
    ask_for,
    bring_errands_forward,
    count_errands,
    drop_errands,
    finish_errand,
    take_errand,
)
from storage.members import Role, add_member
from storage.vault import Vault

HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def member(session: Session, vault: Vault, now: datetime) -> int:
    one = add_member(
        session, sender="anna", channel="web", address="4711", name="安娜", office="骨科", role=Role.HEAD,
        vault=vault, now=now,
    )  # fmt: skip
    return one.id or 0


def test_an_errand_is_taken_and_finished_once(session: Session, member: int, now: datetime) -> None:
    assert ask_for(session, ErrandKind.PICTURE, member, now=now, month="2026-10", department="骨科")
    errand = take_errand(session, now=now)
    assert errand is not None
    assert json.loads(errand.arguments) == {"department": "骨科", "month": "2026-10"}
    assert take_errand(session, now=now) is None, "somebody is at it"
    assert finish_errand(session, errand.id or 0)
    assert not finish_errand(session, errand.id or 0)
    assert count_errands(session) == 0


def test_who_is_stopped_over_an_errand_finds_it_again(session: Session, member: int, now: datetime) -> None:
    ask_for(session, ErrandKind.PICTURE, member, now=now, month="2026-10")
    take_errand(session, now=now)
    again = take_errand(session, now=now + HALF_A_MINUTE)
    assert again is not None
    assert again.tries == 2
    bring_errands_forward(session, now=now + HALF_A_MINUTE)
    third = take_errand(session, now=now + HALF_A_MINUTE)
    assert third is not None
    assert third.tries == 3


def test_the_same_wish_twice_is_one_errand(session: Session, member: int, now: datetime) -> None:
    for _ in range(3):
        assert ask_for(session, ErrandKind.PICTURE, member, now=now, month="2026-10")
    assert count_errands(session) == 1


def test_one_member_makes_others_wait_for_no_long(session: Session, member: int, now: datetime) -> None:
    for month in range(MOST_WAITING):
        assert ask_for(session, ErrandKind.PICTURE, member, now=now, month=month)
    assert not ask_for(session, ErrandKind.PICTURE, member, now=now, month="one more")
    assert ask_for(session, ErrandKind.MONTHLY, member, now=now, month="the house's own wish")


def test_nothing_is_made_for_who_left(session: Session, member: int, now: datetime) -> None:
    ask_for(session, ErrandKind.PICTURE, member, now=now, month="2026-10")
    drop_errands(session, member)
    assert count_errands(session) == 0
