"""Has workbooks read in a process of its own, which holds no key and cannot reach one.

A workbook of a few kilobytes may unfold to terabytes, or be made to break the library that reads it.
"""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bot.sheets_in.wording import TABLES, TableError

_SECONDS: Final = 120
_START = "import sys; sys.path[:] = {path!r}; from bot.sheets_in.workbook_worker import main; main({seconds})"
_ENVIRONMENT: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH")
_REASONS: Final = frozenset({"damaged", "locked", "too_large", "empty"})


def read_workbook(content: bytes) -> list[list[list[Any]]]:
    """The cells of every sheet that is not hidden, from its first row and column on. Raises TableError."""
    path = [str(Path(folder).absolute()) for folder in sys.path]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment |= {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "ignore"}
    program = _START.format(path=path, seconds=_SECONDS)
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-W", "ignore", "-c", program], input=content, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, timeout=_SECONDS + 10,
            cwd="/" if os.name == "posix" else None, start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise TableError(TABLES.say("files", "too_large")) from None
    return _sheets(done.stdout) if done.returncode == 0 else _refused(done.stdout)


def _refused(said: bytes) -> list[list[list[Any]]]:
    word = said.decode("ascii", "replace").rpartition("\n")[2]
    raise TableError(TABLES.say("files", word if word in _REASONS else "damaged"))


def _sheets(said: bytes) -> list[list[list[Any]]]:
    """Believes nothing but what a cell may be: a hostile workbook may have taken the other process over."""
    try:
        found = [json.loads(line) for line in said.splitlines()]
        return [[[_cell(value) for value in row] for row in sheet] for sheet in found]
    except (ValueError, TypeError, RecursionError):
        raise TableError(TABLES.say("files", "damaged")) from None


def _cell(value: object) -> Any:
    match value:
        case None | str() | bool() | int() | float():
            return value
        case [str(moment)]:
            return datetime.fromisoformat(moment)
    raise ValueError
