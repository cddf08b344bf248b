"""Brings the tables of a database to the newest revision."""

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from storage.errors import ConfigError

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
_REVISION_FILE = re.compile(r"r(\d{4})_\w+\.py")


@lru_cache(maxsize=1)
def revisions() -> tuple[str, ...]:
    """The revisions this program knows, oldest first: 0001, 0002 …"""
    found = (_REVISION_FILE.fullmatch(path.name) for path in (FOLDER / "versions").iterdir())
    return tuple(sorted(match[1] for match in found if match))


def current(connection: Connection) -> str | None:
    """The revision of a database, None where it is still empty; raises ConfigError if it is not ours."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise ConfigError("the database belongs to another program; choose another folder with --data")
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is not None and revision not in revisions():
        raise ConfigError("the database was written by a newer Lianxin; install that version or a later one")
    return revision


def is_new(engine: Engine) -> bool:
    """Whether no table was made yet; raises ConfigError as `upgrade` does."""
    with engine.begin() as connection:
        return current(connection) is None


def upgrade(engine: Engine) -> bool:
    """Brings the tables up to date, all or nothing, and says whether anything was to do.

    Quick where nothing is: alembic, which takes its time to load, is then left alone. Raises ConfigError
    for a database of another program or of a newer Lianxin.
    """
    with engine.begin() as connection:
        if current(connection) == revisions()[-1]:
            return False
        from alembic import command

        command.upgrade(alembic_config(connection), "head")
    return True


def alembic_config(connection: Connection) -> "Config":
    """Alembic set up in code: there is no alembic.ini to find. Works within the connection's transaction."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
