"""An empty house of the office: keys, a migrated database, a moment."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from storage.database import Database
from storage.engine import connect, sqlite_url
from storage.migrate import upgrade
from storage.trail_chain import bind_trail
from storage.vault import Keys, Vault

MONDAY = datetime(2025, 3, 3, 1, 30, tzinfo=UTC)
"""A working Monday, 09:30 in Shanghai."""


@pytest.fixture
def now() -> datetime:
    return MONDAY


@pytest.fixture
def vault() -> Vault:
    return Vault(Keys(b"h" * 32, {1: b"s" * 32}))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "lianxin.db"
    engine = connect(sqlite_url(path))
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def database_file(migrated_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated_file, tmp_path / "lianxin.db"))


@pytest.fixture
def database(database_file: Path, vault: Vault) -> Iterator[Database]:
    """Not started: `run_now` works, tests of the thread start it themselves."""
    database = Database(bind_trail(connect(sqlite_url(database_file)), vault))
    yield database
    database.stop()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One open transaction for the whole test, rolled back afterwards."""
    with database.engine.connect() as connection, Session(bind=connection) as session:
        yield session
        session.rollback()
