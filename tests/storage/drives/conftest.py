"""A database for the tests of drives."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.factories import make_database


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """One open transaction for the whole test, rolled back afterwards."""
    database = make_database(tmp_path / "lianxin.db")
    with database.engine.connect() as connection, Session(bind=connection) as session:
        yield session
        session.rollback()
    database.stop()
