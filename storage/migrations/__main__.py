"""Writes the next revision from the tables in the code: python -m storage.migrations "Add drives"."""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from sqlalchemy import Connection

from storage.engine import connect, sqlite_url
from storage.migrate import FOLDER, alembic_config, revisions


def main() -> int:
    """Takes a few words that say what changes; writes a file to be read, mended and committed."""
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        print('Say what changes: python -m storage.migrations "Add drives"', file=sys.stderr)
        return 2
    with TemporaryDirectory() as folder:
        engine = connect(sqlite_url(Path(folder) / "empty.db"))
        with engine.begin() as connection:
            path = _write(connection, sys.argv[1].strip().rstrip("."))
        engine.dispose()
    _tidy(path)
    return 0


def _write(connection: Connection, message: str) -> Path:
    config, known = alembic_config(connection), revisions()
    if known:
        command.upgrade(config, "head")
    number = f"{int(known[-1]) + 1 if known else 1:04d}"
    name = f"r{number}_{'_'.join(re.findall(r'[a-z0-9]+', message.lower()))}"
    config.set_main_option("file_template", name)
    command.revision(config, message, autogenerate=True, rev_id=number)
    return FOLDER / "versions" / f"{name}.py"


def _tidy(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.lstrip().startswith("# ###")), "utf-8")
    for step in (("check", "--fix-only", "--quiet"), ("format", "--quiet")):
        subprocess.run([sys.executable, "-m", "ruff", *step, str(path)], check=True)


if __name__ == "__main__":
    sys.exit(main())
