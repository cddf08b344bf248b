"""Reaches the tables as somebody would who has the database and is not held by its triggers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import text
from sqlmodel import Session

from storage.trail_guards import GUARDS

T = TypeVar("T")


@contextmanager
def unguarded(session: Session) -> Iterator[Session]:
    """Without the guards of the trail, which stand again afterwards as if nothing had been."""
    statements = ["".join(pieces) for dialect, pieces in GUARDS if dialect == "sqlite"]
    for statement in statements:
        session.connection().execute(text(f"DROP TRIGGER {statement.split()[2]}"))
    yield session
    for statement in statements:
        session.connection().execute(text(statement))


def running(session: Session) -> Callable[[Callable[[Session], T]], T]:
    """`Database.run_now` for one session."""

    def run(work: Callable[[Session], Any]) -> Any:
        return work(session)

    return run
