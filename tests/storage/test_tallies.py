"""However many try, the trail grows by a line in a quarter of an hour."""

import json
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from storage.event_names import EventName
from storage.events import Event
from storage.tallies import WINDOW, Tally, count_up, tell_tallies


def told(session: Session) -> list[tuple[str, int]]:
    events = session.exec(select(Event).order_by(col(Event.id)))
    return [(event.action, json.loads(event.detail)["count"]) for event in events]


def test_flood_is_one_event_a_window(session: Session, now: datetime) -> None:
    for second in range(2000):
        count_up(session, EventName.WRONG_CODES, now=now + timedelta(seconds=second))
    tell_tallies(session, now=now + timedelta(hours=1))
    assert told(session) == [("wrong_codes", 900), ("wrong_codes", 900), ("wrong_codes", 200)]


def test_kinds_are_counted_apart(session: Session, now: datetime) -> None:
    count_up(session, EventName.WRONG_CODES, now=now)
    count_up(session, EventName.BAD_SESSIONS, by=7, now=now)
    assert tell_tallies(session, now=now + WINDOW) == 2
    assert sorted(told(session)) == [("bad_sessions", 7), ("wrong_codes", 1)]
    assert session.exec(select(Tally)).all() == []


def test_window_that_is_not_over_is_not_told(session: Session, now: datetime) -> None:
    count_up(session, EventName.STRANGERS, now=now)
    assert tell_tallies(session, now=now + WINDOW - timedelta(seconds=1)) == 0


def test_nothing_counts_as_nothing(session: Session, now: datetime) -> None:
    count_up(session, EventName.BAD_SESSIONS, by=0, now=now)
    assert session.exec(select(Tally)).all() == []


def test_clock_that_was_set_back_loses_no_count(session: Session, now: datetime) -> None:
    count_up(session, EventName.STRANGERS, now=now)
    count_up(session, EventName.STRANGERS, now=now - timedelta(days=1))
    tell_tallies(session, now=now - timedelta(days=1) + WINDOW)
    assert told(session) == [("strangers", 1), ("strangers", 1)]
