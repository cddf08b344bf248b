"""Session tokens: who they name, how long, and that nobody else can make them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.web.sessions import DAYS_VALID, Sessions

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = b"k" * 32


def test_a_token_names_its_sender_until_it_expires() -> None:
    sessions = Sessions(KEY)
    token = sessions.issue(now=NOW)
    sender = sessions.sender(token, now=NOW)
    assert sender is not None
    assert len(sender) == 64
    assert sessions.sender(token, now=NOW + timedelta(days=DAYS_VALID)) == sender
    assert sessions.sender(token, now=NOW + timedelta(days=DAYS_VALID + 1)) is None


def test_every_token_is_another_sender() -> None:
    sessions = Sessions(KEY)
    assert len({sessions.sender(sessions.issue(now=NOW), now=NOW) for _ in range(50)}) == 50


def test_a_renewed_token_is_the_same_sender_for_longer() -> None:
    sessions = Sessions(KEY)
    sender = sessions.sender(sessions.issue(now=NOW), now=NOW)
    assert sender is not None
    later = NOW + timedelta(days=20)
    renewed = sessions.renew(sender, now=later)
    assert sessions.sender(renewed, now=later + timedelta(days=DAYS_VALID)) == sender


def test_a_clock_one_hour_off_signs_nobody_out() -> None:
    sessions = Sessions(KEY)
    just_after_midnight = datetime(2026, 3, 3, 0, 10, tzinfo=UTC)
    token = sessions.issue(now=just_after_midnight)
    assert sessions.sender(token, now=just_after_midnight - timedelta(hours=1)) is not None


def test_a_token_from_the_future_counts_for_nothing() -> None:
    sessions = Sessions(KEY)
    assert sessions.sender(sessions.issue(now=NOW + timedelta(days=3)), now=NOW) is None


def test_another_key_does_not_open_it() -> None:
    assert Sessions(b"x" * 32).sender(Sessions(KEY).issue(now=NOW), now=NOW) is None


@pytest.mark.parametrize("position", [0, 10, 43, 45, 60, 87])
def test_a_changed_character_makes_it_worthless(position: int) -> None:
    sessions = Sessions(KEY)
    token = sessions.issue(now=NOW)
    other = "A" if token[position] != "A" else "B"
    assert sessions.sender(token[:position] + other + token[position + 1 :], now=NOW) is None


@pytest.mark.parametrize(
    "token", ["", "x", "x" * 88, "é" * 88, "=" * 88, "A" * 87 + "\n", "A" * 10_000, "\x00" * 88]
)
def test_nonsense_is_nobody(token: str) -> None:
    assert Sessions(KEY).sender(token, now=NOW) is None


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sessions(b"short")


def test_a_knock_is_no_session_until_it_is_let_in() -> None:
    sessions = Sessions(KEY)
    token = sessions.knock(now=NOW)
    sender = sessions.knocker(token, now=NOW)
    assert sender is not None
    assert sessions.sender(token, now=NOW) is None
    inside = sessions.renew(sender, now=NOW)
    assert sessions.sender(inside, now=NOW) == sender
    assert sessions.knocker(inside, now=NOW) is None


def test_what_is_not_let_in_is_counted_but_not_who_brings_nothing() -> None:
    sessions, other = Sessions(KEY), Sessions(b"x" * 32)
    good = sessions.issue(now=NOW)
    for token in (good, "", other.issue(now=NOW), "x" * 88, sessions.issue(now=NOW - timedelta(days=40))):
        sessions.sender(token, now=NOW)
    sessions.sender(sessions.knock(now=NOW), now=NOW)
    assert sessions.refused == 3
