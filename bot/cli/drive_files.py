"""What the commands about drives write: a new file, a ledger, a draft, a picture, an end."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.progress import bar
from bot.new_file import save
from handlers.words import FALLBACK, words_for
from storage.drives.plan import Drive, find_drive
from storage.errors import ConfigError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

_FARTHEST_YEAR = 2100


def read_day(text: str) -> date:
    """The day of --start; raises ConfigError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"--start: {text} is no date; write it like 2026-12-01") from None
    if day.year >= _FARTHEST_YEAR:
        raise ConfigError(f"--start: {text} is too far away; is the year right?")
    return day


def drive_of(folder: "DataFolder", key: str) -> Drive:
    """The drive with this key; raises ConfigError that names those there are."""
    drives = folder.house.drives
    drive = find_drive(drives, key)
    if drive is None:
        known = ", ".join(one.key for one in drives) or "none yet; begin with: lianxin drives new"
        raise ConfigError(f"there is no drive {key}; drives: {known}")
    return drive


def begin_drive(
    folder: "DataFolder", shape: str, start: date, *, title: str, key: str, lead: str, now: datetime
) -> Iterator[str]:
    """Writes the file; lines on what it is. Raises ConfigError, also for a start that has passed."""
    from bot.drives.samples import write_drive

    house = folder.house
    if start < house.local_day(now):
        raise ConfigError(f"--start: {start} has passed; a drive begins today or later")
    path, drive = write_drive(
        folder.path, shape, start=start, title=title.strip(), key=key, lead=lead, house=house
    )
    yield f"{path}: {drive.title}, {drive.first(drive.phases[0])} to {drive.over}, led by {drive.lead}"
    years = range(start.year, drive.over.year + 1)
    for year in years:
        if not house.calendar.is_certain(year):
            yield f"Think of: the holidays of {year} are not known yet; look at the dates again then."
    yield f"Edit it, then: lianxin check. Its days: lianxin drives preview {drive.key}"
    yield "If 'lianxin serve' runs, start it anew, so that it knows."


def write_ledger(folder: "DataFolder", drive: Drive, out: Path, *, force: bool, now: datetime) -> int:
    """The ledger as a table; how many items it has."""
    from bot.drives.ledger_file import ledger_rows, ledger_table

    words, house = words_for(FALLBACK), folder.house
    with bar("Writing", 2) as advance:
        rows = folder.database.run_now(
            lambda session: ledger_rows(session, drive, house=house, words=words, now=now)
        )
        advance(1)
        content = ledger_table(rows, words)
        advance(1)
    _note(folder, drive, "ledger", now)
    save(content, out, force=force)
    return len(rows)


def write_summary(folder: "DataFolder", drive: Drive, out: Path, *, force: bool, now: datetime) -> None:
    """The draft of the summary, as a Word document or as text, by the end of the name."""
    from bot.drives.summary_file import summary_document
    from handlers.staff.drives.summary import as_text, summary_of
    from storage.drives.reckoning import reckon

    words, house = words_for(FALLBACK), folder.house
    blocks = folder.database.run_now(
        lambda session: summary_of(session, reckon(session, drive, house=house, now=now), words, house=house)
    )
    is_text = out.suffix.lower() == ".txt"
    content = as_text(blocks).encode() if is_text else summary_document(blocks, now=now)
    _note(folder, drive, "summary", now)
    save(content, out, force=force)


def write_picture(folder: "DataFolder", drive: Drive, out: Path, *, force: bool, now: datetime) -> None:
    """How far the drive is, as a picture. Raises PictureFailed."""
    from bot.pictures.studio import draw
    from handlers.staff.drives.sheet import sheet_of
    from storage.drives.reckoning import reckon

    house = folder.house
    far = folder.database.run_now(lambda session: reckon(session, drive, house=house, now=now))
    with bar("Drawing", 1) as advance:
        content = asyncio.run(draw(sheet_of(far, words_for(FALLBACK), house=house)))
        advance(1)
    _note(folder, drive, "picture", now)
    save(content, out, force=force)


def end_now(folder: "DataFolder", drive: Drive, *, now: datetime) -> int:
    """Ends a drive: in its file, and what is open or planned; how many duties that was."""
    from bot.drives.reading import file_of_drive
    from bot.drives.samples import end_drive_file
    from storage.drives.ending import end_drive

    house = folder.house
    today = house.local_day(now)
    if drive.ended is not None:
        raise ConfigError(f"{drive.key} was ended on {drive.ended} already")
    if today < drive.start:
        raise ConfigError(f"{drive.key} has not begun; take its file out of {folder.path / 'drives'} instead")
    path = file_of_drive(folder.path, drive.key, house.hospital)
    end_drive_file(path, today)
    return folder.database.run_now(lambda session: end_drive(session, drive, now=now))


def _note(folder: "DataFolder", drive: Drive, what: str, now: datetime) -> None:
    folder.database.run_now(
        lambda session: record_event(
            session, CONSOLE, EventName.DRIVE_EXPORTED, now=now, drive=drive.key, what=what
        )
    )
