"""What disk and database complain about, in one line that says what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError

from storage.errors import ConfigError

_ON_DISK = {
    errno.EACCES: "is not writable for this user; give it to the user who runs lianxin",
    errno.EPERM: "is not writable for this user; give it to the user who runs lianxin",
    errno.ENOENT: "cannot be made there; choose another folder with --data",
    errno.EIO: "the disk fails; look at the disk, and start again",
    errno.EROFS: "is read-only; choose another folder with --data",
    errno.ENOSPC: "the disk is full; make room and start again",
    errno.EDQUOT: "the disk quota is used up; make room and start again",
    errno.EFBIG: "the disk takes no more; make room and start again",
    errno.ENOTDIR: "lies below a file, not a folder; choose another place with --data",
    errno.ENAMETOOLONG: "the name of the folder is too long",
    errno.ENOLCK: "the disk knows no locks (a network folder?); choose a local folder with --data",
}
_IN_DATABASE = {
    "SQLITE_NOTADB": "is no database; put a backup in its place, or choose another folder with --data",
    "SQLITE_CORRUPT": "the database is damaged; put a backup in its place",
    "SQLITE_FULL": "the disk is full; make room and start again",
    "SQLITE_IOERR": "the disk fails or is full; make room or look at the disk, and start again",
    "SQLITE_READONLY": "the database is read-only for this user; give it to the user who runs lianxin",
    "SQLITE_CANTOPEN": "the database cannot be opened; is the folder writable for this user?",
    "SQLITE_PERM": "the database cannot be opened; is the folder writable for this user?",
    "SQLITE_BUSY": "another program keeps the database busy; try again in a moment",
    "SQLITE_LOCKED": "another program keeps the database busy; try again in a moment",
}


@contextmanager
def in_one_line(folder: Path, *, but: type[OSError] | tuple[()] = ()) -> Iterator[None]:
    """Turns an error of disk or database below `folder` into a ConfigError that says what to do.

    Errors of the type `but` pass as they are.
    """
    try:
        yield
    except but:
        raise
    except OSError as error:
        told = _told_by_disk(folder, error)
        if told is None:
            raise
        raise ConfigError(told) from error
    except DBAPIError as error:
        told = _told_by_database(folder, error)
        if told is None:
            raise
        raise ConfigError(told) from error


def is_of_the_disk(error: BaseException) -> bool:
    """Whether the database could keep nothing, now: full, busy, failing or out of reach."""
    if not isinstance(error, OperationalError):
        return False
    name = getattr(error.orig, "sqlite_errorname", None)
    return name is None or _family(name) in _IN_DATABASE


def _told_by_disk(folder: Path, error: OSError) -> str | None:
    """None for what is no matter of the disk, such as a closed pipe."""
    place = error.filename if isinstance(error.filename, str) else str(folder)
    told = _ON_DISK.get(error.errno or 0)
    return f"{place}: {told}" if told else None


def _told_by_database(folder: Path, error: DBAPIError) -> str | None:
    told = _IN_DATABASE.get(_family(getattr(error.orig, "sqlite_errorname", "")))
    return f"{folder}: {told}" if told else None


def told_by_sqlite(error: sqlite3.Error) -> str:
    """The same for an error of the driver itself, in a few words without a place."""
    name = getattr(error, "sqlite_errorname", "")
    return _IN_DATABASE.get(_family(name), f"the database fails ({name or type(error).__name__})")


def _family(name: str) -> str:
    """Extended names such as SQLITE_IOERR_WRITE are told like their family, SQLITE_IOERR."""
    return "_".join(name.split("_")[:2])
