"""Writes what was handed in for an occurrence into a folder: files, and a table that says whose they are."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.data_folder import DataFolder
from bot.new_file import refuse_to_overwrite, save
from bot.workbook import Workbook
from handlers.words import Words
from storage.deposits import deposits_of, to_stored
from storage.duties.occurrences import Occurrence
from storage.duties.submissions import handed_in_for, matter_of, open_sealed
from storage.errors import ConfigError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.files import FileStore
from storage.messages import StoredFile
from storage.staff.employees import Employee, employee_name

_NOT_IN_NAMES = re.compile(r"[^\w\-]+")
_COLUMNS = ("office", "name", "time", "said", "files")


@dataclass(frozen=True, slots=True)
class Handed:
    """One submission that holds, with its files and the names they get."""

    office: str
    name: str
    at: datetime
    said: str
    files: tuple[tuple[str, StoredFile], ...]


def gather(session: Session, occurrence: Occurrence, folder: DataFolder, *, now: datetime) -> list[Handed]:
    """Everything that holds, oldest first; the trail tells that it was taken out. Raises SealError."""
    found = []
    for submission, assignment in reversed(handed_in_for(session, occurrence.id or 0)):
        stored = [to_stored(row, vault=folder.vault) for row in deposits_of(session, matter_of(submission))]
        begins = _NOT_IN_NAMES.sub("_", assignment.office)
        names = tuple(
            (f"{begins}-{submission.id}-{place}-{_plain(file.name)}", file)
            for place, file in enumerate(stored, 1)
        )
        name = employee_name(session.get(Employee, submission.employee_id), vault=folder.vault)
        said = open_sealed(submission, "words", vault=folder.vault)
        found.append(Handed(assignment.office, name, submission.created_at, said, names))
    count = sum(len(one.files) for one in found)
    record_event(
        session, CONSOLE, EventName.SUBMISSIONS_TAKEN_OUT, now=now, occurrence=occurrence.id, files=count
    )
    return found


def write_out(
    found: list[Handed], folder: DataFolder, out: Path, *, words: Words, force: bool,
    written: Callable[[float], None],
) -> int:  # fmt: skip
    """Writes all of it, readable by its owner alone; how many files. If it ends before, nothing stays."""
    hospital = folder.house.hospital
    store = FileStore(folder.files, folder.vault, hospital.files)
    _make_folder(out)
    done: list[Path] = []
    try:
        for one in found:
            for name, file in one.files:
                _put(store.read(file.uid), out / name, force, done)
                written(1)
        _put(_index(found, words, ZoneInfo(hospital.timezone)), out / "index.xlsx", force, done)
    except BaseException:
        for path in done:
            with suppress(OSError):
                path.unlink()
        raise
    return len(done) - 1


def _put(content: bytes, path: Path, force: bool, done: list[Path]) -> None:
    if not force:
        refuse_to_overwrite(path)
    save(content, path, force=force)
    done.append(path)


def _index(found: list[Handed], words: Words, zone: ZoneInfo) -> bytes:
    book = Workbook(zone=zone)
    heads = [words(f"forms.column_{column}") for column in _COLUMNS]
    sheet = book.sheet(words("forms.sheet_handed_in"), heads, width=24)
    for one in found:
        sheet.add([one.office, one.name, one.at, one.said, "\n".join(name for name, _ in one.files)])
    return book.finish()


def _plain(name: str) -> str:
    """The name of a file as the store made it, without anything that leads elsewhere."""
    stem, _, kind = name.rpartition(".")
    return (
        f"{_NOT_IN_NAMES.sub('_', stem)}.{_NOT_IN_NAMES.sub('_', kind)}"
        if stem
        else _NOT_IN_NAMES.sub("_", kind)
    )


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"--out: {out}: {error.strerror or type(error).__name__}") from None
