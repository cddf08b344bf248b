"""Copies files and the database so that the copy is whole, durable and for its owner alone."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from bot.backup.manifest import Content
from storage.key_file import sync_folder

_PIECE = 1 << 20
PAGES = 256
"""Database pages of one step: a megabyte, some milliseconds."""
PAUSE = 0.004
"""Seconds between two steps, so that a busy disk stays free for who reports meanwhile."""

Advance = Callable[[float], None]


def copy_file(source: Path, target: Path) -> Content:
    """Copies one file, mode 0600, synced; what it holds. Raises FileNotFoundError, OSError.

    Never a link: a copy that shares its bytes with the original is lost with it.
    """
    digest, size = sha256(), 0
    make_folders(target.parent)
    with source.open("rb") as come, _fresh(target) as go:
        while piece := come.read(_PIECE):
            digest.update(piece)
            go.write(piece)
            size += len(piece)
        go.flush()
        os.fsync(go.fileno())
    return Content(size, digest.hexdigest())


def make_folders(folder: Path) -> None:
    """Makes a folder and those above it, mode 0700 each; Path.mkdir gives those above the usual one."""
    if not folder.is_dir():
        make_folders(folder.parent)
        folder.mkdir(mode=0o700)


def measure(path: Path) -> Content:
    """Size and hash of a file that lies there already, which is synced."""
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
        os.fsync(file.fileno())
    return Content(size, digest.hexdigest())


def copy_database(source: Path, target: Path, *, advance: Advance = lambda _: None) -> None:
    """The database as it is at this moment, page by page, while others write; `advance` hears of bytes.

    A reading transaction holds the moment: SQLite would begin anew after every change by another process
    otherwise, and with many messages never end. Whoever writes goes on; only the log grows meanwhile.
    """
    with closing(_opened(source)) as come, closing(sqlite3.connect(_made(target))) as go:
        come.execute("BEGIN")
        size = come.execute("PRAGMA page_size").fetchone()[0]
        come.execute("SELECT count(*) FROM sqlite_master").fetchone()
        left = -1

        def stepped(_status: int, remaining: int, total: int) -> None:
            nonlocal left
            advance(((total if left < 0 else left) - remaining) * size)
            left = remaining
            time.sleep(PAUSE)

        come.backup(go, pages=PAGES, progress=stepped)
        come.execute("ROLLBACK")
        go.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, without a log beside it


def sync_tree(folder: Path) -> None:
    """Makes all names below a folder survive a loss of power."""
    for inner in sorted(folder.rglob("*")):
        if inner.is_dir():
            sync_folder(inner)
    sync_folder(folder)


def remove_tree(folder: Path) -> None:
    """Removes what was begun, as far as it can be."""
    for path in sorted(folder.rglob("*"), reverse=True):
        with suppress(OSError):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    with suppress(OSError):
        folder.rmdir()


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=15, isolation_level=None)
    connection.execute("PRAGMA query_only=ON")
    return connection


def _made(path: Path) -> Path:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def _fresh(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
