"""Writes a whole file in its place at once, for its owner alone."""

import contextlib
import os
import secrets
from pathlib import Path

from storage.errors import ConfigError


def refuse_to_overwrite(out: Path) -> None:
    """Raises ConfigError where something is in the way."""
    if out.exists() or out.is_symlink():
        raise ConfigError(f"--out: {out} exists already; choose another name, or replace it with --force")


def save(content: bytes, out: Path, *, force: bool) -> None:
    """Puts the file in its place at once, for its owner alone; raises ConfigError where that cannot be."""
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if not force:
            refuse_to_overwrite(out)
        part.replace(out)
    except OSError as error:
        raise ConfigError(f"--out: {out}: {error.strerror or type(error).__name__}") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
