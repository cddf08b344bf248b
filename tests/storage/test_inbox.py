"""An event counts once."""

from datetime import datetime, timedelta

from sqlmodel import Session

from storage.inbox import KEPT, claim_event, find_event, forget_events


def test_event_is_claimed_once(session: Session, now: datetime) -> None:
    first = claim_event(session, "a", now=now)
    assert first is not None
    assert claim_event(session, "a", now=now) is None
    assert find_event(session, "a") == first


def test_ten_repeats_change_nothing(session: Session, now: datetime) -> None:
    claims = [claim_event(session, "a", now=now) for _ in range(10)]
    assert [claim is not None for claim in claims] == [True] + [False] * 9


def test_other_events_count(session: Session, now: datetime) -> None:
    assert claim_event(session, "a", now=now) != claim_event(session, "b", now=now)
    assert find_event(session, "c") is None


def test_old_events_are_forgotten_and_young_ones_kept(session: Session, now: datetime) -> None:
    claim_event(session, "old", now=now - KEPT - timedelta(seconds=1))
    claim_event(session, "young", now=now - KEPT)
    assert forget_events(session, now=now) == 1
    assert find_event(session, "old") is None
    assert find_event(session, "young") is not None
