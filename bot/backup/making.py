"""Makes a backup while the data folder is in use.

Files come first, then the database as of one moment; then the files that the copied database knows and that
came meanwhile, and out go those it does not know. So the two always fit, whatever was sent or deleted while
the copy was made. Files are never changed once they are there (sealing anew writes another and renames it),
so each is copied whole.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bot.backup.copying import copy_database, copy_file, make_folders, measure, remove_tree, sync_tree
from bot.backup.manifest import Content, Manifest, write_manifest
from bot.backup.places import EDITED, EDITED_FOLDERS, PART, file_path, folder_name, is_theirs
from bot.data_folder import DATABASE, KEYS, DataFolder
from bot.disk_errors import in_one_line, told_by_sqlite
from storage.errors import BackupError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.key_file import load_keys, sync_folder
from storage.trail_heads import head_of
from storage.vault import HEAD, seal_number

_TRIES = 5
_SPARE = 16 << 20
"""Bytes that must stay free on the disk of the backup."""

Advance = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    folder: Path
    manifest: Manifest
    bytes: int


def expected_bytes(folder: DataFolder) -> int:
    """About how much a backup takes: for the progress bar, and to see whether there is room."""
    files = (path for path in folder.files.glob("*/*") if path.is_file())
    return (folder.path / DATABASE).stat().st_size + sum(path.stat().st_size for path in files)


def make_backup(
    folder: DataFolder, into: Path, *, with_keys: bool, now: datetime, advance: Advance = lambda _: None
) -> Made:
    """Makes lianxin-YYYYMMDD-HHMMSS (UTC) in the folder `into`; nothing of it is left if that fails.

    Raises BackupError (below the data folder, no room, made this very second) or ConfigError (the disk).
    """
    final = _place(folder, into, now)
    part = final.with_name(final.name + PART)
    try:
        part.mkdir(mode=0o700)
    except FileExistsError:
        raise BackupError(f"{part}: is being made, or was left unfinished; remove it") from None
    try:
        with _told(part):
            manifest = _fill(folder, part, with_keys=with_keys, now=now, advance=advance)
            part.rename(final)
            sync_folder(into)
    except BaseException:
        remove_tree(part)
        raise
    return Made(final, manifest, sum(one.size for one in manifest.files.values()))


def _place(folder: DataFolder, into: Path, now: datetime) -> Path:
    here, there = folder.path.resolve(), into.resolve()
    if there == here or here in there.parents:
        raise BackupError(f"{into}: lies in the data folder; a backup belongs on another disk")
    if into.exists() and not into.is_dir():
        raise BackupError(f"{into}: is a file; name a folder for backups")
    try:
        make_folders(into)
    except OSError as error:
        told = f"cannot be made ({error.strerror or type(error).__name__}); name another folder"
        raise BackupError(f"{into}: {told}") from None
    needed, free = expected_bytes(folder) + _SPARE, shutil.disk_usage(into).free
    if free < needed:
        raise BackupError(f"{into}: {needed >> 20} MB are needed, {free >> 20} MB are free; make room")
    final = into / folder_name(now)
    if final.exists():
        raise BackupError(f"{final}: is there already; wait a second")
    return final


def _fill(folder: DataFolder, part: Path, *, with_keys: bool, now: datetime, advance: Advance) -> Manifest:
    folder.database.run_now(
        lambda session: record_event(session, CONSOLE, EventName.BACKED_UP, now=now, with_keys=with_keys)
    )
    files = _copy_edited(folder, part, with_keys=with_keys)
    sealed = _copy_present(folder, part, advance)
    sealed, missing = _copy_fitting(folder, part, sealed, advance)
    database = part / DATABASE
    manifest = Manifest(
        version=_version(), made_at=f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", with_keys=with_keys,
        files=files | {DATABASE: measure(database)} | {file_path(uid): one for uid, one in sealed.items()},
        missing=missing, **_facts(database, len(sealed)),
    )  # fmt: skip
    write_manifest(part, manifest, vault=folder.vault)
    measure(part / "manifest.json")
    sync_tree(part)
    return manifest


def _copy_edited(folder: DataFolder, part: Path, *, with_keys: bool) -> dict[str, Content]:
    copied = {}
    for name in EDITED:
        if (folder.path / name).exists():
            copied[name] = copy_file(folder.path / name, part / name)
    for name in _theirs(folder):
        with suppress(FileNotFoundError):  # taken away meanwhile
            copied[name] = copy_file(folder.path / name, part / name)
    if with_keys:
        copied[KEYS] = copy_file(folder.key_file, part / KEYS)
    return copied


def _theirs(folder: DataFolder) -> list[str]:
    """The drives and the material of the hospital; what is a link is not followed."""
    paths = [path for name in EDITED_FOLDERS for path in sorted((folder.path / name).glob("*"))]
    names = [f"{path.parent.name}/{path.name}" for path in paths if path.is_file() and not path.is_symlink()]
    return [name for name in names if is_theirs(name)]


def _copy_present(folder: DataFolder, part: Path, advance: Advance) -> dict[str, Content]:
    """All files that are there now; what is deleted before its turn comes is passed over."""
    copied = {}
    for path in sorted(folder.files.glob("[0-9a-f][0-9a-f]/*")):
        if not path.suffix and (one := _copied(folder, part, path.name)) is not None:
            copied[path.name] = one
            advance(one.size)
    return copied


def _copy_fitting(
    folder: DataFolder, part: Path, sealed: dict[str, Content], advance: Advance
) -> tuple[dict[str, Content], list[str]]:
    """The database and exactly the files it knows; what is missing each time is gone for good."""
    missing: list[str] = []
    for attempt in range(_TRIES):
        (part / DATABASE).unlink(missing_ok=True)
        copy_database(
            folder.path / DATABASE, part / DATABASE, advance=advance if not attempt else lambda _: None
        )
        known = _known(part / DATABASE)
        sealed |= {uid: one for uid in known - set(sealed) if (one := _copied(folder, part, uid)) is not None}
        sealed |= _copy_resealed(folder, part, set(sealed) & known)
        if missing == sorted(known - set(sealed)):
            break
        missing = sorted(known - set(sealed))
    for uid in set(sealed) - known:
        (part / file_path(uid)).unlink()
    return {uid: one for uid, one in sealed.items() if uid in known}, missing


def _copy_resealed(folder: DataFolder, part: Path, uids: set[str]) -> dict[str, Content]:
    """Files whose key left the key file meanwhile, because all was sealed anew: the newer ones instead."""
    keys, again = set(load_keys(folder.key_file).seal_keys), {}
    for uid in uids:
        with (part / file_path(uid)).open("rb") as file:
            number = seal_number(file.read(HEAD))
        if number not in keys and (folder.path / file_path(uid)).exists():
            (part / file_path(uid)).unlink()
            if (one := _copied(folder, part, uid)) is not None:
                again[uid] = one
    return again


def _copied(folder: DataFolder, part: Path, uid: str) -> Content | None:
    try:
        return copy_file(folder.path / file_path(uid), part / file_path(uid))
    except FileNotFoundError:
        (part / file_path(uid)).unlink(missing_ok=True)
        return None


def _known(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        kept = "SELECT uid FROM files UNION SELECT uid FROM hand_outs UNION SELECT uid FROM deposits"
        return {uid for (uid,) in connection.execute(kept)}


def _facts(database: Path, files: int) -> dict[str, Any]:
    """What the manifest says of the copied database."""
    with closing(sqlite3.connect(database)) as connection:
        ask = connection.execute
        cases = ask("SELECT count(*) FROM cases").fetchone()[0]
        waiting = ask("SELECT count(*) FROM outbox WHERE state IN ('pending', 'claimed')").fetchone()[0]
        last = ask("SELECT id, chain FROM events ORDER BY id DESC LIMIT 1").fetchone()
        revision = ask("SELECT version_num FROM alembic_version").fetchone()[0]
    counts = {"cases": cases, "files": files, "events": last[0], "letters_waiting": waiting}
    return {"counts": counts, "revision": revision, "head": str(head_of(*last))}


def _version() -> str:
    try:
        return version("lianxin")
    except PackageNotFoundError:
        return "unknown"


@contextmanager
def _told(part: Path) -> Iterator[None]:
    try:
        with in_one_line(part):
            yield
    except sqlite3.Error as error:
        raise BackupError(f"{part}: {told_by_sqlite(error)}") from error
