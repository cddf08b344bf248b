"""The revisions lead to the tables the code has, from nothing and from every step on the way."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

import storage
from storage import tables
from storage.engine import connect, sqlite_url
from storage.errors import ConfigError
from storage.migrate import alembic_config, revisions, upgrade


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    engine = connect(sqlite_url(tmp_path / "new.db"))
    yield engine
    engine.dispose()


def schema(engine: Engine) -> dict[str, str]:
    """The statement behind every table and index, without differences in layout."""
    with engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    return {
        name: "".join(re.sub(r'[\s"]+', "", sql)).lower() for name, sql in rows if name != "alembic_version"
    }


def test_migrated_tables_are_those_of_the_code(empty: Engine) -> None:
    upgrade(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.METADATA) == []


def test_what_the_comparison_overlooks_is_migrated_too(empty: Engine, tmp_path: Path) -> None:
    """Conditions of partial indexes, and ids that are never used again."""
    upgrade(empty)
    made = connect(sqlite_url(tmp_path / "made.db"))
    tables.METADATA.create_all(made)
    wanted, found = schema(made), schema(empty)
    made.dispose()
    partial = {name for name, sql in wanted.items() if "where" in sql}
    assert partial
    assert {name: found[name] for name in partial} == {name: wanted[name] for name in partial}
    counting = {name for name, sql in wanted.items() if "autoincrement" in sql}
    assert {name for name, sql in found.items() if "autoincrement" in sql} == counting


def test_every_module_with_a_table_is_known() -> None:
    folder = Path(storage.__path__[0])
    files = [path for path in folder.rglob("*.py") if "table=True" in path.read_text("utf-8")]
    known = {module.__name__ for module in tables.MODULES}
    assert known == {".".join(("storage", *path.relative_to(folder).with_suffix("").parts)) for path in files}


def test_second_upgrade_finds_nothing_to_do(empty: Engine) -> None:
    assert upgrade(empty)
    assert not upgrade(empty)


def test_nothing_to_do_needs_no_alembic(database_file: Path) -> None:
    program = (
        "import sys; from storage.migrate import *; from storage.engine import connect\n"
        f"upgrade(connect('sqlite:///{database_file}')); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_file_names_and_revisions_agree(empty: Engine) -> None:
    with empty.begin() as connection:
        script = ScriptDirectory.from_config(alembic_config(connection))
    known = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(known)) == revisions()


def test_upgrade_works_from_any_folder(tmp_path: Path) -> None:
    program = (
        "from storage.migrate import upgrade; from storage.engine import connect\n"
        "assert upgrade(connect('sqlite:///here.db'))"
    )
    ours = {**os.environ, "PYTHONPATH": str(Path(storage.__path__[0]).parent)}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, env=ours)


def test_failed_upgrade_leaves_the_database_as_it_was(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_half_way(config: object, _to: str) -> None:
        connection = config.attributes["connection"]  # type: ignore[attr-defined]
        connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
        raise RuntimeError

    monkeypatch.setattr("alembic.command.upgrade", fails_half_way)
    with pytest.raises(RuntimeError):
        upgrade(empty)
    assert schema(empty) == {}


def test_database_of_a_newer_version_is_left_alone(database_file: Path) -> None:
    with sqlite3.connect(database_file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    engine = connect(sqlite_url(database_file))
    with pytest.raises(ConfigError, match="newer Lianxin"):
        upgrade(engine)
    engine.dispose()


def test_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE bookmarks (id INTEGER)")
    connection.close()
    engine = connect(sqlite_url(tmp_path / "other.db"))
    with pytest.raises(ConfigError, match="another program"):
        upgrade(engine)
    assert list(schema(engine)) == ["bookmarks"]
    engine.dispose()
