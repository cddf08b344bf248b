"""The folder with everything this Lianxin keeps: database, keys, the hospital's files, what people sent."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from bot.disk_errors import in_one_line
from bot.drives.reading import load_drives
from bot.duty_file import load_duties
from bot.hospital_file import load_holidays, load_hospital, write_samples
from bot.question_file import load_questions
from bot.word_file import load_words
from nlp.own_lists import OwnWords
from nlp.reading import Reader
from storage import marks
from storage.database import Database
from storage.engine import before_each, connect, sqlite_url
from storage.errors import ConfigError, KeyFileError
from storage.house import House
from storage.migrate import is_new, upgrade
from storage.readonly import read_key_marks
from storage.trail_chain import bind_trail
from storage.vault import Vault, create_key_file, load_keys
from storage.working_days import WorkingDays

DATABASE, KEYS, FILES = "lianxin.db", "keys", "files"
_SETUP_LOCK, _SERVE_LOCK, _KEYS_LOCK = ".setup.lock", ".serve.lock", ".keys.lock"


class KeySettings(Protocol):
    """The one setting that matters here: a key file that lies elsewhere (LIANXIN_KEY_FILE)."""

    @property
    def key_file(self) -> Path | None:
        """Where the keys lie; None: in the data folder."""


@dataclass(frozen=True)
class DataFolder:
    """An opened folder: the tables are up to date and `vault` is known to fit them."""

    path: Path
    key_file: Path
    engine: Engine
    vault: Vault

    @property
    def files(self) -> Path:
        """Where uploads are sealed; made with the first file."""
        return self.path / FILES

    @cached_property
    def house(self) -> House:
        """The hospital's decisions, keys, calendar and duties; ConfigError for a mistake in its files."""
        nicknames = {name.word: name.means for name in self.words.names if name.means}
        hospital = load_hospital(self.path).with_nicknames(nicknames)
        clocks, holidays = hospital.clocks, load_holidays(self.path)
        calendar = WorkingDays(hospital.timezone, clocks.day_starts, clocks.day_ends, holidays)
        duties = load_duties(self.path, hospital)
        drives = load_drives(self.path, hospital)
        return House(
            hospital, self.vault, calendar, duties=duties, drives=drives, questions=load_questions(self.path)
        )

    @cached_property
    def words(self) -> OwnWords:
        """What stands in words.csv; raises ConfigError for a mistake in it."""
        return load_words(self.path)

    @cached_property
    def reader(self) -> Reader:
        """The reader of messages with the hospital's own words; raises ConfigError for a mistake in them."""
        return Reader.with_words(self.words)

    @property
    def database(self) -> Database:
        """A database on this folder, not started: `run_now` works at once."""
        return Database(self.engine)

    def close(self) -> None:
        """Lets the database file go."""
        self.engine.dispose()


def open_folder(path: Path, settings: KeySettings) -> DataFolder:
    """Opens the data folder, making what is missing, and brings its tables up to date.

    Raises ConfigError (a file in its place, read-only, full, not our database) or KeyFileError (missing
    beside a database, readable by others, of another database), each with one clear line; keys that
    do not fit leave the database untouched.
    """
    key_file = settings.key_file or path / KEYS
    require_keys(path, settings)
    with in_one_line(path):
        _make_folder(path)
        with _locked(path / _SETUP_LOCK):
            fresh = _is_empty(path / DATABASE)
            if fresh and not _is_there(key_file):
                create_key_file(key_file)
            vault = Vault.from_file(key_file)
            _require_writable(path / DATABASE)
            write_samples(path)
            engine = before_each(bind_trail(connect(sqlite_url(path / DATABASE)), vault), vault.refresh)
            folder = DataFolder(path, key_file, engine, vault)
            try:
                _fit(folder)
            except BaseException:
                folder.close()
                raise
    return folder


def require_keys(path: Path, settings: KeySettings) -> None:
    """Raises KeyFileError if the keys are not those of the folder's database; touches nothing at all.

    Where there is neither database nor keys yet, all is well.
    """
    key_file, database = settings.key_file or path / KEYS, path / DATABASE
    with in_one_line(path):
        if settings.key_file is not None and not key_file.parent.is_dir():
            told = "there is no such folder; make it, or mend LIANXIN_KEY_FILE"
            raise KeyFileError(f"{key_file.parent}: {told}")
        if _is_empty(database) and not _is_there(key_file):
            return
        vault = Vault(load_keys(key_file))
        if database.is_file():
            _check(key_file, read_key_marks(database), vault)


def _check(key_file: Path, values: dict[str, bytes], vault: Vault) -> None:
    try:
        marks.check_keys(values, vault=vault)
    except KeyFileError as error:
        raise KeyFileError(f"{key_file}: {error}") from None


@contextmanager
def serving(path: Path) -> Iterator[None]:
    """Holds the folder, made if need be, for one `serve`; raises ConfigError where another works on it."""
    with in_one_line(path, but=BlockingIOError):
        _make_folder(path)
    with _held(path, _SERVE_LOCK, "another 'lianxin serve' works on this folder; stop it first"):
        yield


@contextmanager
def changing_keys(path: Path) -> Iterator[None]:
    """Holds the folder for one who changes its keys, beside `serve`; raises ConfigError for a second."""
    with _held(path, _KEYS_LOCK, "another 'lianxin keys' works on this folder; wait for it"):
        yield


@contextmanager
def _held(path: Path, name: str, otherwise: str) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            with in_one_line(path, but=BlockingIOError):
                stack.enter_context(_locked(path / name, wait=False))
        except BlockingIOError:
            raise ConfigError(f"{path}: {otherwise}") from None
        yield


def _make_folder(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise ConfigError(f"{path}: is a file, not a folder; choose another place with --data")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """The lock ends with the process, however it ends."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(handle)


def _is_empty(database: Path) -> bool:
    return not database.exists() or database.stat().st_size == 0


def _is_there(key_file: Path) -> bool:
    """Whether something has its name, be it a link that leads nowhere."""
    return key_file.exists() or key_file.is_symlink()


def _require_writable(database: Path) -> None:
    """SQLite opens what it may only read without a word, and then the first report would be lost."""
    effective = os.access in os.supports_effective_ids
    if database.exists() and not os.access(database, os.W_OK, effective_ids=effective):
        raise PermissionError(errno.EACCES, "not writable", str(database))


def _fit(folder: DataFolder) -> None:
    """The keys are checked before anything is written, and marked once the tables are there."""
    database, vault = folder.database, folder.vault
    if not is_new(folder.engine):
        _check(folder.key_file, database.run_now(marks.key_marks), vault)
    upgrade(folder.engine)
    if not database.run_now(lambda session: marks.has_key_mark(session, vault=vault)):
        database.run_now(lambda session: marks.mark_key(session, vault=vault))
