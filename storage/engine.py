"""The database engine: SQLite with durable commits, prepared for savepoints and many readers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event
from sqlmodel import create_engine

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=15000",
    "secure_delete=ON",  # what is deleted is overwritten with zeros; some builds of SQLite leave it
    "temp_store=MEMORY",  # journals of savepoints and large sorts would lie in the system's folder
    "cache_size=-16000",  # 16 MB: the indexes of a year stay in memory
    "wal_autocheckpoint=8000",  # 32 MB: pages that change often are copied back once, not eight times
)


def sqlite_url(path: Path) -> URL:
    """The address of the database file at `path`, whatever characters it has."""
    return URL.create("sqlite", database=str(path))


def connect(url: str | URL) -> Engine:
    """An engine with durable commits: write-ahead log, synchronous=FULL, foreign keys on."""
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": 15}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_connection)
    engine.dialect.do_begin = _begin_immediate  # type: ignore[method-assign,assignment]
    return engine


def before_each(engine: Engine, act: Callable[[], None]) -> Engine:
    """Calls `act` whenever a transaction has begun, with the right to write; returns the engine."""
    begin = engine.dialect.do_begin

    def begin_and_act(connection: Any) -> None:
        begin(connection)
        act()

    engine.dialect.do_begin = begin_and_act  # type: ignore[method-assign,assignment]
    return engine


def empty_log(engine: Engine) -> bool:
    """Copies the write-ahead log of SQLite back and empties it: deleted words stood there as well.

    False where somebody was reading or writing all the time: then the next commits overwrite it, or the next
    call. PostgreSQL looks after its log itself.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy


def _prepare_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late for savepoints
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    """In place of an event on "begin": one listener makes SQLAlchemy look for others at every statement."""
    connection.execute("BEGIN IMMEDIATE")
