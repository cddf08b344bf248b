"""The trail takes what has a name, and only on a connection that has its key."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, create_engine, select

from storage.database import Database
from storage.errors import TrailWithoutKey
from storage.event_names import EventName
from storage.events import Event, case_history, last_event, record_event
from storage.tables import METADATA
from storage.trail_chain import START, bind_trail, trail_key
from storage.trail_check import check_trail
from storage.vault import Keys, Vault
from tests.storage.tampering import running


@pytest.fixture
def trail(session: Session, now: datetime) -> Session:
    """Five events of two cases."""
    for number, action in enumerate(("opened", "opened", "accepted", "noted", "closed")):
        at = now + timedelta(minutes=number)
        record_event(session, f"member:{number}", action, case_id=1 + number % 2, now=at, office="药剂科")
    return session


def test_history_of_a_case_is_its_own_and_in_order(trail: Session) -> None:
    assert [event.action for event in case_history(trail, 1)] == ["opened", "accepted", "closed"]
    assert [event.action for event in case_history(trail, 2)] == ["opened", "noted"]


def test_events_are_counted_without_a_gap_even_where_one_was_undone(
    database: Database, now: datetime
) -> None:
    def fails(session: Session) -> None:
        record_event(session, "system", "stopped", now=now)
        raise KeyError

    database.run_now(lambda session: record_event(session, "system", "started", now=now))
    with pytest.raises(KeyError):
        database.run_now(fails)
    database.run_now(lambda session: record_event(session, "system", "started", now=now))
    ids = database.run_now(lambda session: list(session.exec(select(Event.id).order_by(col(Event.id)))))
    assert ids == [1, 2]


def test_last_event_of_an_empty_trail(session: Session) -> None:
    assert last_event(session) == (0, START)


def test_event_without_a_name_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="no name"):
        record_event(session, "system", "something", now=now)


def test_nothing_is_recorded_without_the_key(now: datetime) -> None:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with Session(engine) as session:
        with pytest.raises(TrailWithoutKey):
            record_event(session, "system", EventName.STARTED, now=now)
        assert session.exec(select(Event)).all() == []


def test_a_session_on_the_engine_itself_is_keyed_as_well(vault: Vault, now: datetime) -> None:
    engine = bind_trail(create_engine("sqlite://"), vault)
    METADATA.create_all(engine)
    with Session(engine) as session:
        record_event(session, "system", EventName.STARTED, now=now)
        assert check_trail(running(session)).count == 1


def test_key_of_the_trail_shows_itself_nowhere(session: Session, vault: Vault) -> None:
    key = trail_key(session.connection())
    secret = vault.derived_key("trail")
    assert repr(secret)[2:-1] not in repr(key)
    assert secret.hex() not in repr(session.connection().get_execution_options())


def test_other_keys_make_other_links(vault: Vault, now: datetime) -> None:
    def links(keys: Vault) -> str:
        engine = bind_trail(create_engine("sqlite://"), keys)
        METADATA.create_all(engine)
        with Session(engine) as session:
            record_event(session, "system", EventName.STARTED, now=now)
            return last_event(session)[1]

    assert links(vault) != links(Vault(Keys(b"x" * 32, {1: b"s" * 32})))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.dictionaries(st.text(max_size=5), st.text() | st.integers() | st.none(), max_size=3))
def test_any_detail_keeps_the_trail_whole(session: Session, detail: dict[str, object]) -> None:
    """Lone surrogates, which UTF-8 cannot say, are no words of an office."""
    taken = {"session", "actor", "action", "case_id", "now"}
    record_event(session, "system", "noted", now=datetime(2025, 1, 1, tzinfo=UTC), **{
        key: value for key, value in detail.items() if key not in taken})  # type: ignore[arg-type]  # fmt: skip
    check_trail(running(session))
