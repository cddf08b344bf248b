"""The trail is append-only: whatever was changed, swapped or taken out of the middle is noticed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlmodel import Session, col

from storage.events import Event, broken_link, case_history, record_event


@pytest.fixture
def trail(session: Session, now: datetime) -> Session:
    """Five events of two cases."""
    for number, action in enumerate(("opened", "opened", "accepted", "noted", "closed")):
        at = now + timedelta(minutes=number)
        record_event(session, f"member:{number}", action, case_id=1 + number % 2, now=at, office="药剂科")
    return session


def test_untouched_trail_is_whole(trail: Session) -> None:
    assert broken_link(trail) is None


def test_empty_trail_is_whole(session: Session) -> None:
    assert broken_link(session) is None


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "member:9"},
        {"action": "refused"},
        {"case_id": None},
        {"detail": "{}"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"chain": "0" * 64},
    ],
)
def test_changed_event_is_noticed(trail: Session, change: dict[str, object]) -> None:
    trail.execute(update(Event).where(col(Event.id) == 3).values(**change))
    assert broken_link(trail) == 3


def test_event_taken_out_of_the_middle_is_noticed_at_the_next(trail: Session) -> None:
    trail.execute(delete(Event).where(col(Event.id) == 2))
    assert broken_link(trail) == 3


def test_first_event_taken_out_is_noticed(trail: Session) -> None:
    trail.execute(delete(Event).where(col(Event.id) == 1))
    assert broken_link(trail) == 2


def test_swapped_events_are_noticed(trail: Session) -> None:
    for before, after in ((2, 99), (3, 2), (99, 3)):
        trail.execute(update(Event).where(col(Event.id) == before).values(id=after))
    assert broken_link(trail) == 2


def test_history_of_a_case_is_its_own_and_in_order(trail: Session) -> None:
    assert [event.action for event in case_history(trail, 1)] == ["opened", "accepted", "closed"]
    assert [event.action for event in case_history(trail, 2)] == ["opened", "noted"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.dictionaries(st.text(max_size=5), st.text() | st.integers() | st.none(), max_size=3))
def test_any_detail_keeps_the_trail_whole(session: Session, detail: dict[str, object]) -> None:
    """Lone surrogates, which UTF-8 cannot say, are no words of an office."""
    taken = {"session", "actor", "action", "case_id", "now"}
    record_event(session, "system", "x", now=datetime(2025, 1, 1, tzinfo=UTC), **{
        key: value for key, value in detail.items() if key not in taken})  # type: ignore[arg-type]  # fmt: skip
    assert broken_link(session) is None
