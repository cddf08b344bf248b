"""Units of work are kept whole or not at all, and nobody hears "done" before the commit."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from storage.database import Database, StorageClosed
from storage.engine import connect, sqlite_url
from storage.marks import Mark, read_mark, set_mark


@pytest.fixture
def running(database: Database) -> Database:
    database.start()
    return database


def kept(path: Path) -> Iterator[str]:
    """The marks another connection sees."""
    connection = sqlite3.connect(path)
    yield from (name for (name,) in connection.execute("SELECT name FROM marks ORDER BY name"))
    connection.close()


def mark(name: str) -> Callable[[Session], str]:
    """Work that leaves a mark and returns its name."""

    def work(session: Session) -> str:
        set_mark(session, name, b"")
        return name

    return work


async def test_result_comes_after_the_commit(running: Database, database_file: Path) -> None:
    assert await running.run(mark("a")) == "a"
    assert list(kept(database_file)) == ["a"]


async def test_failed_unit_leaves_nothing_and_spoils_no_other(running: Database, database_file: Path) -> None:
    def fails(session: Session) -> None:
        set_mark(session, "lost", b"")
        session.flush()
        raise KeyError("no such thing")

    units = [running.run(mark(f"{n:02}")) for n in range(20)]
    results = await asyncio.gather(*units[:10], running.run(fails), *units[10:], return_exceptions=True)
    assert isinstance(results[10], KeyError)
    assert list(kept(database_file)) == [f"{n:02}" for n in range(20)]


async def test_mistake_of_a_statement_is_the_units_own(running: Database, database_file: Path) -> None:
    def twice(session: Session) -> None:
        session.execute(text("INSERT INTO marks (name, value) VALUES ('a', '')"))
        session.execute(text("INSERT INTO marks (name, value) VALUES ('a', '')"))

    results = await asyncio.gather(running.run(twice), running.run(mark("b")), return_exceptions=True)
    assert isinstance(results[0], IntegrityError)
    assert list(kept(database_file)) == ["b"]


async def test_failed_flush_spoils_no_other_unit(running: Database, database_file: Path) -> None:
    """SQLAlchemy answers a failed flush by rolling back all it knows of, not only the unit."""
    begun, go = threading.Event(), threading.Event()

    def holds(_session: Session) -> None:
        begun.set()
        go.wait(10)

    held = asyncio.ensure_future(running.run(holds))
    await asyncio.to_thread(begun.wait, 10)
    gathered = asyncio.gather(
        running.run(mark("a")),
        running.run(lambda session: session.add_all([Mark(name="c", value=b""), Mark(name="c", value=b"")])),
        running.run(mark("b")),
        return_exceptions=True,
    )
    await asyncio.sleep(0)  # all three are queued behind the one that holds
    go.set()
    results = await gathered
    await held
    assert [type(result) for result in results] == [str, IntegrityError, str]
    assert list(kept(database_file)) == ["a", "b"]


async def test_thread_outlives_what_is_no_ordinary_error(running: Database) -> None:
    class Panic(BaseException):
        pass

    def panics(_session: Session) -> None:
        raise Panic

    with pytest.raises(Panic):
        await running.run(panics)
    assert await running.run(mark("a")) == "a"


async def test_failed_commit_gives_every_unit_a_transaction_of_its_own(
    running: Database, database_file: Path
) -> None:
    """A reference that is checked only at the commit spoils the commit of the whole group."""
    with sqlite3.connect(database_file) as connection:
        connection.execute("CREATE TABLE late (mark REFERENCES marks (name) DEFERRABLE INITIALLY DEFERRED)")
    connection.close()
    begun, go = threading.Event(), threading.Event()

    def holds(session: Session) -> None:
        begun.set()
        go.wait(10)

    def dangles(session: Session) -> None:
        session.execute(text("INSERT INTO late VALUES ('nowhere')"))

    held = asyncio.ensure_future(running.run(holds))
    await asyncio.to_thread(begun.wait, 10)
    units = [running.run(mark("a")), running.run(dangles),
             running.run(mark("b"))]  # fmt: skip
    gathered = asyncio.gather(*units, return_exceptions=True)
    await asyncio.sleep(0)  # all three are queued behind the one that holds
    go.set()
    results = await gathered
    await held
    assert [type(result) for result in results] == [str, IntegrityError, str]
    assert list(kept(database_file)) == ["a", "b"]


async def test_units_run_in_the_order_they_came(running: Database) -> None:
    order: list[int] = []

    def remembers(number: int) -> Callable[[Session], None]:
        return lambda _session: order.append(number)

    await asyncio.gather(*(running.run(remembers(number)) for number in range(200)))
    assert order == list(range(200))


async def test_unit_sees_what_the_one_before_it_wrote(running: Database) -> None:
    _, seen = await asyncio.gather(
        running.run(lambda session: set_mark(session, "a", b"1")),
        running.run(lambda session: read_mark(session, "a")),
    )
    assert seen == b"1"


async def test_objects_stay_readable_after_the_commit(running: Database) -> None:
    def make(session: Session) -> Mark:
        row = Mark(name="a", value=b"1")
        session.add(row)
        return row

    assert (await running.run(make)).value == b"1"


async def test_cancelled_caller_does_not_undo_the_work(running: Database, database_file: Path) -> None:
    task = asyncio.ensure_future(running.run(mark("a")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await running.run(lambda session: None)
    assert list(kept(database_file)) == ["a"]


async def test_stop_finishes_what_is_queued(running: Database, database_file: Path) -> None:
    waiting = [asyncio.ensure_future(running.run(mark(f"{n}"))) for n in range(5)]
    await asyncio.sleep(0)
    await asyncio.to_thread(running.stop)
    assert await asyncio.gather(*waiting) == list("01234")
    assert list(kept(database_file)) == list("01234")


async def test_what_came_while_the_door_closed_hears_that_it_is_closed(running: Database) -> None:
    running._queue.put(None)  # the thread ends here …
    late = asyncio.ensure_future(running.run(mark("late")))  # … and this came just before the door was shut
    await asyncio.sleep(0)
    await asyncio.to_thread(running.stop)
    with pytest.raises(StorageClosed):
        await asyncio.wait_for(late, 5)


async def test_closed_database_says_so(database: Database) -> None:
    with pytest.raises(StorageClosed):
        await database.run(lambda session: None)
    database.start()
    database.stop()
    with pytest.raises(StorageClosed):
        await database.run(lambda session: None)


def test_stopping_twice_is_no_error(database: Database) -> None:
    database.start()
    database.stop()
    database.stop()


def test_command_line_work_is_whole_or_nothing(database: Database, database_file: Path) -> None:
    def fails(session: Session) -> None:
        set_mark(session, "lost", b"")
        raise KeyError

    with pytest.raises(KeyError):
        database.run_now(fails)
    database.run_now(mark("a"))
    assert list(kept(database_file)) == ["a"]


def test_commits_are_durable_and_references_checked(database: Database) -> None:
    with database.engine.connect() as connection:
        asked = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in (
            "journal_mode", "synchronous", "foreign_keys")}  # fmt: skip
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def test_full_disk_is_told_and_later_work_goes_on(running: Database, database_file: Path) -> None:
    limit = await running.run(lambda session: session.execute(text("PRAGMA page_count")).scalar())
    await running.run(lambda session: session.execute(text(f"PRAGMA max_page_count = {limit}")).scalar())
    with pytest.raises(OperationalError, match="full"):
        await running.run(lambda session: set_mark(session, "big", b"x" * 1_000_000))
    await running.run(lambda session: session.execute(text("PRAGMA max_page_count = 1000000")).scalar())
    await running.run(mark("a"))
    assert list(kept(database_file)) == ["a"]


def test_url_of_a_file_with_odd_characters_opens_that_file(tmp_path: Path) -> None:
    path = tmp_path / "数据 100%?#.db"
    engine = connect(sqlite_url(path))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER)")
    engine.dispose()
    assert path.exists()


async def test_a_unit_that_runs_out_of_items_holds_up_nobody(running: Database) -> None:
    def runs_out(_session: Session) -> None:
        next(iter(()))

    units = [running.run(runs_out), running.run(lambda session: read_mark(session, "a"))]
    async with asyncio.timeout(10):
        results = await asyncio.gather(*units, return_exceptions=True)
    assert [type(result) for result in results] == [RuntimeError, type(None)]
