"""Reads a table that stands on the command line, or says in one line why not, and ends."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import typer

from bot.sheets_in.wording import TABLES, TableError

SOME_BAD, UNREADABLE = 1, 2
"""How a command ends that took in what was good, and one that took in nothing."""
_MOST_BYTES = 50 << 20
Read = TypeVar("Read")


def read_or_end(file: Path, read: Callable[[bytes], Read]) -> Read:
    """What `read` makes of the content; raises typer.Exit after a line about what is wrong with the file."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise TableError(TABLES.say("files", "too_large"))
        return read(file.read_bytes())
    except TableError as error:
        why = str(error)
    except OSError as error:
        why = error.strerror or type(error).__name__
    typer.echo(f"lianxin: {file}: {why}", err=True)
    raise typer.Exit(UNREADABLE)
