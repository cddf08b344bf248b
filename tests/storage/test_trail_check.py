"""Whatever was changed, swapped, put in, taken out or cut off is found, by somebody without the keys."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, text, update
from sqlmodel import Session, col

from storage import trail_check
from storage.errors import TrailBroken
from storage.events import Event, record_event
from storage.trail_chain import START, trail_key
from storage.trail_check import check_trail, count_events
from storage.trail_heads import Head, present_head
from tests.storage.tampering import running, unguarded

COUNT = 5


@pytest.fixture(params=[2, 2000], ids=["in pages", "in one page"])
def trail(
    session: Session, now: datetime, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Session:
    """Five events of two cases."""
    monkeypatch.setattr(trail_check, "PAGE", request.param)
    for number, action in enumerate(("opened", "opened", "accepted", "noted", "closed")):
        at = now + timedelta(minutes=number)
        record_event(session, f"member:{number}", action, case_id=1 + number % 2, now=at, office="药剂科")
    return session


def found(session: Session, *heads: Head) -> str:
    """What is told about a broken trail; empty where it is whole."""
    try:
        check_trail(running(session), heads)
    except TrailBroken as error:
        return str(error)
    return ""


def test_untouched_trail_is_whole_and_tells_its_head(trail: Session) -> None:
    seen: list[int] = []
    head = check_trail(running(trail), advance=seen.append)
    assert head == present_head(trail)
    assert (head.count, sum(seen), count_events(trail)) == (COUNT, COUNT, COUNT)


def test_empty_trail_is_whole(session: Session) -> None:
    assert check_trail(running(session)).count == count_events(session) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "member:9"},
        {"action": "refused"},
        {"case_id": None},
        {"case_id": 2},
        {"detail": "{}"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"chain": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("number", [1, 3, COUNT])
def test_changed_event_is_noticed(trail: Session, number: int, change: dict[str, object]) -> None:
    with unguarded(trail):
        trail.execute(update(Event).where(col(Event.id) == number).values(**change))
    assert f"at event {number}:" in found(trail)


@pytest.mark.parametrize("value", ["x'00ff'", "CAST(x'ff' AS TEXT)", "1.5", "NULL || 'x'"])
@pytest.mark.parametrize("column", ["at", "case_id", "detail", "chain"])
def test_value_of_a_strange_type_is_noticed_and_breaks_nothing(
    trail: Session, column: str, value: str
) -> None:
    with unguarded(trail):
        statement = f"UPDATE OR IGNORE events SET {column} = coalesce({value}, 7) WHERE id = 4"  # noqa: S608
        trail.connection().execute(text(statement))
    assert "at event 4:" in found(trail)


@pytest.mark.parametrize("number", [1, 2, COUNT - 1])
def test_event_taken_out_is_noticed(trail: Session, number: int) -> None:
    with unguarded(trail):
        trail.execute(delete(Event).where(col(Event.id) == number))
    assert f"at event {number}:" in found(trail)


def test_event_taken_out_with_the_others_moved_up_is_noticed(trail: Session) -> None:
    with unguarded(trail):
        trail.execute(delete(Event).where(col(Event.id) == 3))
        for number in (4, 5):
            trail.execute(update(Event).where(col(Event.id) == number).values(id=number - 1))
    assert "at event 3:" in found(trail)


def test_swapped_events_are_noticed(trail: Session) -> None:
    with unguarded(trail):
        for before, after in ((2, 99), (3, 2), (99, 3)):
            trail.execute(update(Event).where(col(Event.id) == before).values(id=after))
    assert "at event 2:" in found(trail)


@pytest.mark.parametrize("number", [-3, 0, COUNT + 1, COUNT + 7])
def test_event_put_in_with_a_copied_link_is_noticed(trail: Session, number: int) -> None:
    with unguarded(trail):
        copied = trail.get_one(Event, 3).model_dump() | {"id": number}
        trail.execute(insert(Event).values(**copied))
    assert "broken at event" in found(trail)


def test_trail_built_anew_without_the_key_is_noticed(trail: Session) -> None:
    """The attack of whoever has the database and this source code, and no key file."""
    before = START
    with unguarded(trail):
        for number in range(1, COUNT + 1):
            row = trail.get_one(Event, number)
            row.actor = "member:1"
            before = row.chain = hashlib.blake2b(f"{before}{row}".encode(), digest_size=32).hexdigest()
            trail.add(row)
            trail.flush()
    assert "at event 1:" in found(trail)


def test_cut_off_end_is_whole_by_itself_and_found_against_a_head(trail: Session) -> None:
    kept = present_head(trail)
    with unguarded(trail):
        trail.execute(delete(Event).where(col(Event.id) > 3))
    assert found(trail) == ""
    assert "a head tells of 5 events, there are 3" in found(trail, kept)


def test_end_built_anew_with_the_keys_is_found_against_a_head(trail: Session, now: datetime) -> None:
    """The attack of an administrator who holds everything but the paper with the head."""
    kept = present_head(trail)
    key = trail_key(trail.connection())
    with unguarded(trail):
        trail.execute(delete(Event).where(col(Event.id) > 3))
        for _ in range(2):
            record_event(trail, "member:1", "read", case_id=1, now=now)
    assert found(trail) == ""
    assert key is not None
    assert "up to event 5" in found(trail, kept)


def test_heads_of_earlier_days_fit_a_trail_that_went_on(trail: Session, now: datetime) -> None:
    kept = present_head(trail)
    record_event(trail, "system", "started", now=now)
    assert found(trail, kept, present_head(trail)) == ""


def test_two_heads_that_contradict_each_other_are_told(trail: Session) -> None:
    kept = present_head(trail)
    assert "different events" in found(trail, kept, Head(kept.count, "0" * 16))


def test_missing_or_altered_guard_is_told(trail: Session) -> None:
    trail.connection().execute(text("DROP TRIGGER events_no_delete"))
    assert "guard events_no_delete" in found(trail)
    trail.connection().execute(
        text("CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT 1; END")
    )
    assert "guard events_no_delete" in found(trail)
