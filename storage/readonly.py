"""Reads a database without leaving a trace: for whoever may turn out to have no business with it."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

_MARKS = "SELECT name, value FROM marks WHERE name LIKE 'key:%'"


def read_key_marks(database: Path) -> dict[str, bytes]:
    """The check values of the keys (storage.marks), empty where none can be read in this way.

    Nothing is written, not even beside the database: without a log to read, the file is taken as it is;
    with one, SQLite reads the log's index and leaves it alone. SQLite only.
    """
    wal, shm = (database.with_name(f"{database.name}-{ending}") for ending in ("wal", "shm"))
    has_log = wal.exists() and wal.stat().st_size > 0
    if has_log and not shm.exists():
        return {}  # SQLite would have to make one; the next look, with the right to write, finds all
    how = "readonly_shm=1" if has_log else "immutable=1"
    with suppress(sqlite3.Error), closing(_connect(database, how)) as connection:
        return {str(name): bytes(value) for name, value in connection.execute(_MARKS)}
    return {}


def _connect(database: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(database.absolute()))}?mode=ro&{how}", uri=True, timeout=5)
