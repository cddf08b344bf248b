"""The database's own guards: it refuses to change, remove or squeeze in a row of the trail.

They stop a mistake, and whoever reaches the tables through the program. Who may drop a trigger can get
past them; the chain tells that afterwards, and `lianxin audit verify` misses the guard.
"""

from sqlalchemy import DDL, Table, event, text
from sqlmodel import Session

GUARDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "sqlite",
        (
            "CREATE TRIGGER events_no_update BEFORE UPDATE ON events ",
            "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
        ),
    ),
    (
        "sqlite",
        (
            "CREATE TRIGGER events_no_delete BEFORE DELETE ON events ",
            "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
        ),
    ),
    # INSERT OR REPLACE deletes without asking the trigger above.
    (
        "sqlite",
        (
            "CREATE TRIGGER events_in_order BEFORE INSERT ON events ",
            "WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM events) ",
            "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
        ),
    ),
    (
        "postgresql",
        (
            "CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS ",
            "$$ BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$",
        ),
    ),
    (
        "postgresql",
        (
            "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events ",
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()",
        ),
    ),
)
"""Dialect and the pieces of one statement, in order; the first revision carries them as they stand."""


def guard(table: Table) -> None:
    """Makes the guards with the table wherever it is made from the metadata."""
    for dialect, pieces in GUARDS:
        statement = DDL("".join(pieces))  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", statement.execute_if(dialect=dialect))


def missing_guards(session: Session) -> list[str]:
    """The names of guards that are not there, or not as they were made; SQLite alone is asked."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    made = session.connection().execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    there = {str(name): str(sql) for name, sql in made}
    wanted = {statement.split()[2]: statement for statement in _in_sqlite()}
    return [name for name, statement in wanted.items() if there.get(name) != statement]


def _in_sqlite() -> list[str]:
    return ["".join(pieces) for dialect, pieces in GUARDS if dialect == "sqlite"]
