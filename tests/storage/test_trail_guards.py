"""The database itself refuses to change the trail, however its tables were made."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from storage.engine import connect, sqlite_url
from storage.events import record_event
from storage.migrate import upgrade
from storage.tables import METADATA
from storage.trail_chain import bind_trail
from storage.trail_guards import GUARDS, missing_guards
from storage.vault import Vault
from tests.factories import MONDAY


@pytest.fixture(params=["migrated", "made"])
def guarded(tmp_path: Path, vault: Vault, request: pytest.FixtureRequest) -> Session:
    """Three events in tables from the revisions, or from the code."""
    engine = bind_trail(connect(sqlite_url(tmp_path / "new.db")), vault)
    if request.param == "migrated":
        upgrade(engine)
    else:
        METADATA.create_all(engine)
    session = Session(engine)
    for action in ("opened", "accepted", "closed"):
        record_event(session, "system", action, now=MONDAY)
    return session


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = 'member:1' WHERE id = 2",
        "UPDATE OR REPLACE events SET id = 1 WHERE id = 2",
        "DELETE FROM events WHERE id = 3",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE id = 2",
        "REPLACE INTO events SELECT 1, at, actor, action, 9, detail, chain FROM events WHERE id = 2",
        "INSERT INTO events (id, at, actor, action, detail, chain) VALUES (0, 1, 'a', 'b', '{}', 'c')",
        "INSERT INTO events (id, at, actor, action, detail, chain) VALUES (9, 1, 'a', 'b', '{}', 'c')",
    ],
)
def test_change_is_refused(guarded: Session, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        guarded.connection().execute(text(statement))
    guarded.connection().close()


def test_guards_are_there_and_word_for_word(guarded: Session) -> None:
    assert missing_guards(guarded) == []


def test_first_revision_has_the_guards_of_every_dialect() -> None:
    revision = Path("storage/migrations/versions/r0001_create_the_first_tables.py").read_text("utf-8")
    for dialect, pieces in GUARDS:
        assert f'dialect.name == "{dialect}"' in revision
        assert all(piece in revision for piece in pieces)
