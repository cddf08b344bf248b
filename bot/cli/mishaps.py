"""Notes an unexpected error for whoever repairs it: type and places in the code, no words of it."""

import traceback
from datetime import UTC, datetime
from pathlib import Path

NAME = "errors.log"
_folders: list[Path] = []


def note_in(folder: Path) -> None:
    """Errors from here on are noted in this folder."""
    _folders[:] = [folder]


def note(error: BaseException) -> Path | None:
    """Adds a few lines to errors.log in the data folder and returns its path; None where that cannot be."""
    if not _folders:
        return None
    path = _folders[0] / NAME
    steps = [
        f"  {step.filename}:{step.lineno} {step.name}" for step in traceback.extract_tb(error.__traceback__)
    ]
    head = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {type(error).__name__}"
    try:
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.write("\n".join([head, *steps, ""]))
    except OSError:
        return None
    return path
