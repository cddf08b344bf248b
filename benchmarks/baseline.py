"""What the same disk does with the plainest durable write: one SQLModel row, one commit."""

import time
from pathlib import Path

from sqlmodel import Field, Session, SQLModel

from storage.engine import connect, sqlite_url


class PlainRow(SQLModel, table=True):
    """One row such as a tutorial has it."""

    __tablename__ = "plain_rows"

    id: int | None = Field(default=None, primary_key=True)
    text: str


def commits_per_second(folder: Path, journal: str, commits: int = 1_500) -> float:
    """Single-row commits a second at synchronous=FULL, with SQLite's journal mode "wal" or "delete"."""
    engine = connect(sqlite_url(folder / f"plain-{journal}.db"))
    with engine.connect() as connection:
        connection.connection.cursor().execute(f"PRAGMA journal_mode={journal}")
    SQLModel.metadata.tables["plain_rows"].create(engine)
    started = time.perf_counter()
    for number in range(commits):
        with Session(engine) as session:
            session.add(PlainRow(text=f"report {number}, about as long as a short message"))
            session.commit()
    seconds = time.perf_counter() - started
    engine.dispose()
    return commits / seconds
