"""The code is known to the reporter alone, and guessing leads nowhere."""

from datetime import datetime, timedelta

from sqlmodel import Session

from nlp.taxonomy import Intent
from storage.cases import Case, Status
from storage.receipts import (
    MOST_WRONG,
    WINDOW,
    code_hash,
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
