"""A table goes in slice by slice: what is in stays, the trail hears of it, the rest comes the next time."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, func, select

from bot.followup.importing import Intake
from bot.followup.reading import Reading, read_discharges
from storage.database import Database
from storage.event_names import EventName
from storage.events import Event
from storage.followup.discharges import Discharge
from storage.followup.importing import TOGETHER, put_discharges
from tests.bot.followup.tables import NOW, csv_of, row_with
from tests.factories import make_database, make_house

HOUSE = make_house()
ROWS = [row_with(number=f"Z{n}") for n in range(TOGETHER + 10)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = make_database(tmp_path / "l.db")
    yield made
    made.stop()


def table(*more: tuple[object, ...]) -> Reading:
    return read_discharges(csv_of(*ROWS, *more), hospital=HOUSE.hospital, now=NOW)


def intake(reading: Reading) -> Intake:
    return Intake(reading, house=HOUSE, clock=lambda: NOW, actor="console")


def state(database: Database) -> tuple[int, list[Any]]:
    """How many discharges there are, and what the trail tells of each import."""

    def read(session: Session) -> tuple[int, list[Any]]:
        told = session.exec(select(Event.detail).where(Event.action == EventName.DISCHARGES_IN))
        count = session.exec(select(func.count()).select_from(Discharge)).one()
        return count, [json.loads(one) for one in told]

    return database.run_now(read)


def test_what_was_put_before_a_stop_stays_and_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop_at_the_second(session: Session, rows: Any, **options: Any) -> Any:
        if len(rows) < TOGETHER:
            raise KeyboardInterrupt
        return put_discharges(session, rows, **options)

    first = intake(table())
    with monkeypatch.context() as broken:
        broken.setattr("bot.followup.importing.put_discharges", stop_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            first.put_now(database, moved_on=lambda _: None)
    assert state(database) == (TOGETHER, [{"added": TOGETHER, "bad": 0, "changed": 0, "unchanged": 0}])
    outcome = intake(table()).put_now(database, moved_on=lambda _: None)
    assert (outcome.counts["added"], outcome.counts["unchanged"]) == (10, TOGETHER)
    assert state(database)[0] == len(ROWS)


def test_progress_counts_every_row_and_problems_stay_in_order(database: Database) -> None:
    moved: list[float] = []
    reading = table(row_with(number="Y1", day="x"), row_with(number="Y2", mobile="0571-88880000"))
    outcome = intake(reading).put_now(database, moved_on=moved.append)
    assert moved == [TOGETHER, 11]
    assert [problem.line for problem in outcome.problems] == [len(ROWS) + 2, len(ROWS) + 3]
    assert (outcome.bad, outcome.counts["added"]) == (1, len(ROWS) + 1)


async def test_an_empty_table_tells_the_trail_nothing(database: Database) -> None:
    database.start()
    await intake(Reading()).put(database)
    assert state(database) == (0, [])
