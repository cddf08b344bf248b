"""The code is known to the reporter alone, and guessing leads nowhere."""

import random
import secrets
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from nlp.taxonomy import Intent
from storage.cases import Case, Status
from storage.receipts import (
    MOST_WRONG,
    WINDOW,
    code_hash,
    count_wrong_guesses,
    find_by_code,
    forget_guesses,
    must_wait,
    new_code,
    note_wrong_guess,
    spaced,
)
from storage.vault import Keys, Vault


def test_codes_are_sixteen_digits_and_never_alike() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 16 and code.isascii() and code.isdecimal() for code in codes)


def test_every_digit_is_as_likely_in_every_place_and_after_every_other() -> None:
    codes = [new_code() for _ in range(20_000)]
    for place in range(16):
        assert _chi_square([code[place] for code in codes], 10) < 60  # 9 degrees of freedom: once in 10^9
    for place in range(15):
        assert _chi_square([code[place : place + 2] for code in codes], 100) < 220  # 99: once in 10^10


def _chi_square(seen: list[str], kinds: int) -> float:
    expected = len(seen) / kinds
    return sum((count - expected) ** 2 for count in Counter(seen).values()) / expected


def test_codes_come_from_the_secrets_of_the_system_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def randbelow(most: int) -> int:
        drawn.append(most)
        return 42

    monkeypatch.setattr(secrets, "randbelow", randbelow)
    random.seed(1)
    assert new_code() == "0000000000000042"
    assert drawn == [10**16]


@given(st.integers(0, 10**16 - 1), st.integers(0, 10**16 - 1))
def test_hashes_of_codes_say_nothing_without_the_key(one: int, other: int) -> None:
    ours, theirs = (Vault(Keys(key * 32, {1: b"s" * 32})) for key in (b"a", b"b"))
    first, second = code_hash(ours, f"{one:016d}"), code_hash(ours, f"{other:016d}")
    assert (first == second) is (one == other)
    assert first != code_hash(theirs, f"{one:016d}")


def test_code_is_shown_in_groups_of_four() -> None:
    assert spaced("0123456789012345") == "0123 4567 8901 2345"


def test_code_finds_its_case_under_our_key_alone(session: Session, vault: Vault, now: datetime) -> None:
    code = new_code()
    case = Case(
        uid="u", year=2025, receipt=code_hash(vault, code), status=Status.RECEIVED, intent=Intent.REPORT,
        lead_office="纪检办", received_at=now,
    )  # fmt: skip
    session.add(case)
    session.flush()
    assert find_by_code(session, code, vault=vault) is case
    assert find_by_code(session, new_code(), vault=vault) is None
    assert find_by_code(session, code, vault=Vault(Keys(b"x" * 32, {1: b"s" * 32}))) is None
    assert code not in case.receipt


def test_too_many_wrong_codes_make_one_wait(session: Session, now: datetime) -> None:
    for _ in range(MOST_WRONG):
        assert not must_wait(session, "anna", now=now)
        note_wrong_guess(session, "anna", channel="web", now=now)
    assert must_wait(session, "anna", now=now)
    assert not must_wait(session, "bert", now=now)


def test_waiting_ends_with_the_window(session: Session, now: datetime) -> None:
    for _ in range(MOST_WRONG):
        note_wrong_guess(session, "anna", channel="web", now=now)
    assert must_wait(session, "anna", now=now + WINDOW - timedelta(seconds=1))
    assert not must_wait(session, "anna", now=now + WINDOW)
    assert not must_wait(session, "anna", now=now - timedelta(hours=1))  # the clock was set back


def test_old_guesses_are_forgotten(session: Session, now: datetime) -> None:
    note_wrong_guess(session, "anna", channel="web", now=now)
    note_wrong_guess(session, "anna", channel="web", now=now + WINDOW)
    assert forget_guesses(session, now=now + WINDOW + timedelta(seconds=1)) == 1


def test_wrong_codes_are_counted_by_channel_within_the_window(session: Session, now: datetime) -> None:
    for channel, age in (("web", 0), ("web", 14), ("telegram", 1), ("telegram", 16)):
        note_wrong_guess(session, "anna", channel=channel, now=now - timedelta(minutes=age))
    assert count_wrong_guesses(session, now=now) == {"web": 2, "telegram": 1}
    assert count_wrong_guesses(session, now=now - timedelta(days=1)) == {}
