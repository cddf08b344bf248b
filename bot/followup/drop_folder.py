"""The folder DATA/discharges-in, where the hospital's system puts tables: reading, deleting, laying aside.

Whoever may write to it gains nothing: every name is taken within an opened folder, links are not followed,
and a file that was changed since it was read is not touched.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

NAME, ASIDE, REPORT = "discharges-in", "problems", ".problems.csv"
MOST_BYTES = 50 << 20
RESTS = timedelta(seconds=10)
"""A file that was changed later than this may still be being written."""
KEPT = timedelta(days=30)
_MOST_NAMES = 1000
_LONGEST = 180
"""Bytes of a name; 255 are possible, and something is added to it."""
_ENDINGS = (".csv", ".xlsx")
_NOT_YET = (".", "~$")
"""What copying programs and Excel call a file that is not whole."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Found:
    """A table that lies still: its name, what tells one state of it from another, its bytes.

    `content` is None where it is too large.
    """

    name: str
    state: tuple[int, ...]
    content: bytes | None


class DropFolder:
    """The folder below the data folder; it is made for its owner alone. Methods raise OSError."""

    def __init__(self, data: Path, zone: ZoneInfo) -> None:
        self._path, self._zone = data / NAME, zone

    def names(self) -> list[str]:
        """Names that are a table's; not all of them need be files."""
        self._path.mkdir(mode=0o700, exist_ok=True)
        with _opened(self._path) as folder:
            names = sorted(name for name in _listed(folder) if name.lower().endswith(_ENDINGS))
        return [name for name in names if not name.startswith(_NOT_YET)][:_MOST_NAMES]

    def read(self, name: str, *, now: datetime) -> Found | None:
        """The table, if it lies still; raises OSError for a link, what is no file, and without permission."""
        with _opened(self._path) as folder:
            handle = os.open(name, _READ, dir_fd=folder)
            try:
                about = os.fstat(handle)
                if not stat.S_ISREG(about.st_mode):
                    raise IsADirectoryError(errno.EISDIR, "no plain file")
                if not _rests(about, now):
                    return None
                with os.fdopen(handle, "rb", closefd=False) as file:
                    content = file.read(MOST_BYTES + 1)
                if _state(os.fstat(handle)) != _state(about):
                    return None
            finally:
                os.close(handle)
        return Found(name, _state(about), content if len(content) <= MOST_BYTES else None)

    def delete(self, found: Found) -> None:
        """Deletes what was read; what stands there in its place is left for the next look."""
        with _opened(self._path) as folder:
            if _is_as_it_was(folder, found):
                os.unlink(found.name, dir_fd=folder)

    def lay_aside(self, found: Found, report: bytes, *, now: datetime) -> None:
        """Moves what was read beside a table of its problems, under the local time."""
        with _opened(self._path) as folder:
            with suppress(FileExistsError):
                os.mkdir(ASIDE, mode=0o700, dir_fd=folder)
            if not _is_as_it_was(folder, found):
                return
            with _opened(ASIDE, within=folder) as aside:
                name = _free_name(aside, f"{now.astimezone(self._zone):%Y%m%d-%H%M%S}-{found.name}")
                with os.fdopen(os.open(name + REPORT, _WRITE, 0o600, dir_fd=aside), "wb") as file:
                    file.write(report)
                try:
                    os.rename(found.name, name, src_dir_fd=folder, dst_dir_fd=aside)
                except OSError:
                    os.unlink(name + REPORT, dir_fd=aside)
                    raise
                for one in (name, name + REPORT):  # counted from here on, whatever day the file had
                    os.utime(one, (now.timestamp(), now.timestamp()), dir_fd=aside, follow_symlinks=False)

    def forget(self, *, now: datetime) -> None:
        """Deletes what was laid aside 30 days ago."""
        before = (now - KEPT).timestamp()
        with (
            suppress(FileNotFoundError),
            _opened(self._path) as folder,
            _opened(ASIDE, within=folder) as aside,
        ):
            for name in _listed(aside):
                about = os.stat(name, dir_fd=aside, follow_symlinks=False)
                if about.st_mtime < before and not stat.S_ISDIR(about.st_mode):
                    os.unlink(name, dir_fd=aside)


def _rests(about: os.stat_result, now: datetime) -> bool:
    """Copying may keep the day a file had elsewhere, but not the moment it was changed here."""
    return max(about.st_mtime, about.st_ctime) <= (now - RESTS).timestamp()


def _state(about: os.stat_result) -> tuple[int, ...]:
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


def _is_as_it_was(folder: int, found: Found) -> bool:
    with suppress(FileNotFoundError):
        return _state(os.stat(found.name, dir_fd=folder, follow_symlinks=False)) == found.state
    return False


def _free_name(folder: int, name: str) -> str:
    """Another one where there is such a name already."""
    stem, ending = name[: name.rindex(".")], name[name.rindex(".") :]
    stem = os.fsencode(stem)[:_LONGEST].decode("utf-8", "ignore")
    taken, number, free = set(_listed(folder)), 1, f"{stem}{ending}"
    while free in taken or free + REPORT in taken:
        number += 1
        free = f"{stem}-{number}{ending}"
    return free


def _listed(folder: int) -> list[str]:
    return os.listdir(folder)


@contextmanager
def _opened(path: Path | str, within: int | None = None) -> Iterator[int]:
    """A handle of a folder that is none but a folder; raises OSError for a link."""
    handle = os.open(path, _FOLDER, dir_fd=within)
    try:
        yield handle
    finally:
        os.close(handle)
