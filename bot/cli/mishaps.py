"""Notes an unexpected error for whoever repairs it: type and places in the code, no words of it."""

import traceback
from datetime import UTC, datetime
from pathlib import Path

NAME = "errors.log"


def note(error: BaseException, folder: Path) -> Path | None:
    """Adds a few lines to errors.log in the folder and returns its path; None where that cannot be."""
    path = folder / NAME
    steps = [
        f"  {step.filename}:{step.lineno} {step.name}" for step in traceback.extract_tb(error.__traceback__)
    ]
    head = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {type(error).__name__}"
    try:
        if not folder.is_dir():
            return None
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.write("\n".join([head, *steps, ""]))
    except OSError:
        return None
    return path
