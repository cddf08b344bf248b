"""Puts a backup back into an empty folder: all of it, checked, or nothing.

What is checked is what was copied, not what lay in the backup a moment before. Only when every check was
passed does the finished folder get its name.
"""

import os
import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot.backup.copying import copy_file, make_folders, remove_tree, sync_tree
from bot.backup.manifest import Manifest, read_manifest
from bot.backup.places import MANIFEST, PART, file_path
from bot.data_folder import DATABASE, KEYS, DataFolder
from bot.disk_errors import in_one_line, told_by_sqlite
from bot.rotation import find_broken, uses_of
from storage import marks
from storage.engine import connect, sqlite_url
from storage.errors import BackupError, KeyFileError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.files import known_files
from storage.followup.restored import note_restored
from storage.key_file import sync_folder
from storage.migrate import revisions, upgrade
from storage.readonly import read_key_marks
from storage.trail_chain import bind_trail
from storage.trail_check import check_trail
from storage.trail_heads import read_head
from storage.vault import Vault

Advance = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Task:
    """`backup` goes to `target` under the keys of `vault`; `key_file` is copied along where it is given."""

    backup: Path
    target: Path
    vault: Vault
    key_file: Path | None


def work_of(manifest: Manifest) -> float:
    """How far the progress bar goes: bytes to copy, then the same files to open."""
    return 2.0 * sum(one.size for one in manifest.files.values())


def checked_manifest(task: Task) -> Manifest:
    """The manifest, after everything that can be seen before a byte is copied.

    Raises BackupError: the target is not empty, the backup unfinished, another's, changed, newer, or its
    files are not those of the manifest.
    """
    if task.backup.name.endswith(PART):
        raise BackupError(f"{task.backup}: was never finished; take another backup")
    if not task.backup.is_dir():
        raise BackupError(f"{task.backup}: there is no such folder")
    if task.target.exists() and (not task.target.is_dir() or any(task.target.iterdir())):
        raise BackupError(f"{task.target}: is not empty; a backup is put into a new folder only")
    manifest = read_manifest(task.backup, vault=task.vault)
    if manifest.revision not in revisions():
        raise BackupError(f"{task.backup}: the backup was made by a newer Lianxin; install that version")
    _compare_names(task.backup, manifest)
    _check_keys(task, read_key_marks(task.backup / DATABASE))
    return manifest


def restore_backup(
    task: Task, manifest: Manifest, *, now: datetime, advance: Advance = lambda _: None
) -> Counter[str]:
    """Copies, checks and puts in place; counts, by table, of values that were damaged before the backup.

    Raises BackupError, KeyFileError or TrailBroken with nothing left behind.
    """
    try:
        make_folders(task.target.parent)
    except OSError as error:
        told = f"cannot be made ({error.strerror or type(error).__name__}); choose another folder with --data"
        raise BackupError(f"{task.target}: {told}") from None
    staging = task.target.with_name(f".{task.target.name}.{secrets.token_hex(4)}{PART}")
    try:
        with in_one_line(staging):
            staging.mkdir(mode=0o700)
            _copy(task, manifest, staging, advance)
            try:
                broken = _check(task, manifest, staging, now, advance)
            except sqlite3.Error as error:
                raise BackupError(f"{task.backup / DATABASE}: {told_by_sqlite(error)}") from error
            sync_tree(staging)
            staging.rename(task.target)
            sync_folder(task.target.parent)
    except BaseException:
        remove_tree(staging)
        raise
    return broken


def _compare_names(backup: Path, manifest: Manifest) -> None:
    found = set()
    for inner, folders, files in os.walk(backup):
        links = [name for name in folders if (Path(inner) / name).is_symlink()]
        found |= {(Path(inner) / name).relative_to(backup).as_posix() for name in [*files, *links]}
    wanted = {MANIFEST, *manifest.files}
    for told, paths in (("is missing in", wanted - found), ("does not belong into", found - wanted)):
        if paths:
            more = f" (and {len(paths) - 1} more)" if len(paths) > 1 else ""
            raise BackupError(f"{backup}: {min(paths)}{more} {told} the backup")


def _copy(task: Task, manifest: Manifest, staging: Path, advance: Advance) -> None:
    """Every file with its hash, but for the keys: those come from `key_file`."""
    for path, wanted in manifest.files.items():
        source = task.backup / path
        if source.is_symlink() or copy_file(source, staging / path) != wanted:
            raise BackupError(f"{source}: is damaged or was exchanged; take another backup")
        if path == KEYS:
            (staging / path).unlink()
        advance(wanted.size)
    if task.key_file is not None:
        copy_file(task.key_file, staging / KEYS)


def _check(task: Task, manifest: Manifest, staging: Path, now: datetime, advance: Advance) -> Counter[str]:
    _check_tables(task, staging / DATABASE)
    engine = bind_trail(connect(sqlite_url(staging / DATABASE)), task.vault)
    folder = DataFolder(staging, task.key_file or staging / KEYS, engine, task.vault)
    try:
        database = folder.database
        _check_keys(task, database.run_now(marks.key_marks))
        upgrade(engine)
        head = check_trail(database.run_now, [read_head(manifest.head)])
        if str(head) != manifest.head:
            raise BackupError(f"{task.backup}: its trail is longer than the manifest says")
        broken = _open_all(folder, manifest, advance)
        database.run_now(lambda session: _note(session, manifest, now))
    finally:
        engine.dispose()
    return broken


def _note(session: Session, manifest: Manifest, now: datetime) -> None:
    """The restore stands in the trail, and patients who were asked since are not asked again."""
    record_event(session, CONSOLE, EventName.RECOVERED, now=now, made_at=manifest.made_at)
    note_restored(session, now=now)


def _check_tables(task: Task, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        told = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        strays = connection.execute("PRAGMA foreign_key_check").fetchone()
    if told != ["ok"] or strays is not None:
        raise BackupError(f"{task.backup / DATABASE}: the database is damaged; take another backup")


def _check_keys(task: Task, values: dict[str, bytes]) -> None:
    """The key file is this installation's, else the manifest had told: what may be missing is an old key."""
    try:
        marks.check_keys(values, vault=task.vault)
    except KeyFileError:
        told = "lacks a seal key of that time; name the copy of the key file from when the backup was made"
        raise KeyFileError(f"{task.key_file or 'the key file'}: {told}") from None


def _open_all(folder: DataFolder, manifest: Manifest, advance: Advance) -> Counter[str]:
    """Opens every value and file; what does not open did not where it was copied, and is counted by table."""
    wanted = folder.database.run_now(known_files) - set(manifest.missing)
    if lost := [uid for uid in sorted(wanted) if not (folder.path / file_path(uid)).exists()]:
        raise BackupError(f"the database knows the file {lost[0]}, which the manifest does not")
    uses = uses_of(folder)
    share = work_of(manifest) / 2 / max(uses.values.total() + uses.files.total(), 1)
    return find_broken(folder, advance=lambda count: advance(count * share))
