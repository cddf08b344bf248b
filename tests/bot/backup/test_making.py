"""A backup fits together whatever happens while it is made, and nothing half-made looks like one."""

import errno
import shutil
import sqlite3
import stat
from collections import namedtuple
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.backup import copying, making
from bot.backup.manifest import read_manifest
from bot.backup.places import file_path
from bot.data_folder import DATABASE
from storage.errors import BackupError, ConfigError
from storage.events import Event
from storage.files import CaseFile
from storage.key_file import add_seal_key, drop_seal_keys
from storage.messages import Upload
from storage.sealed_folder import SealedFolder
from storage.vault import Vault
from tests.bot.backup.conftest import NOON, TEXT, Hospital
from tests.storage.samples import picture


def known(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        return {uid for (uid,) in connection.execute("SELECT uid FROM files")}


def copied(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("files/*/*")}


def test_backup_tells_when_it_is_of_and_what_is_in_it(hospital: Hospital) -> None:
    made = hospital.backs_up()
    assert made.folder.name == "lianxin-20261122-040000"
    assert made.manifest.made_at == "2026-11-22T04:00:00Z"
    assert made.manifest.counts == {"cases": 2, "files": 1, "events": 3, "letters_waiting": 2}
    assert made.manifest == read_manifest(made.folder, vault=hospital.folder.vault)
    assert {path.name for path in made.folder.iterdir()} == {
        "lianxin.db", "files", "hospital.toml", "holidays.toml", "words.csv", "duties.toml",
        "questions.toml", "manifest.json",
    }  # fmt: skip


def test_copy_knows_that_it_was_made(hospital: Hospital) -> None:
    made = hospital.backs_up()
    with closing(sqlite3.connect(made.folder / DATABASE)) as connection:
        last = connection.execute("SELECT action, actor FROM events ORDER BY id DESC").fetchone()
    assert last == ("backed_up", "console")


def test_everything_is_for_its_owner_alone(hospital: Hospital) -> None:
    made = hospital.backs_up(with_keys=True)
    for path in [made.folder, *made.folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_neither_keys_nor_anything_readable_is_inside(hospital: Hospital) -> None:
    made = hospital.backs_up()
    secret = hospital.folder.key_file.read_text("ascii").split("hash ")[-1].split()[0]
    for path in made.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert TEXT.encode() not in content
            assert secret.encode() not in content


def test_keys_are_inside_when_asked_for(hospital: Hospital) -> None:
    made = hospital.backs_up(with_keys=True)
    assert (made.folder / "keys").read_bytes() == hospital.folder.key_file.read_bytes()
    assert made.manifest.with_keys


def test_folders_are_copied_and_not_linked(hospital: Hospital) -> None:
    made = hospital.backs_up()
    for path in made.folder.rglob("*"):
        assert path.is_dir() or path.stat().st_nlink == 1


def test_copy_is_one_file_without_a_log(hospital: Hospital) -> None:
    made = hospital.backs_up()
    with closing(sqlite3.connect(f"file:{made.folder / DATABASE}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is put in here is called between the copy of the files and that of the database."""
    waiting: list[object] = []
    real = copying.copy_database

    def copy(source: Path, target: Path, **options: object) -> None:
        while waiting:
            waiting.pop(0)()  # type: ignore[operator]
        real(source, target, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "copy_database", copy)
    return waiting


def test_file_that_comes_meanwhile_is_there_when_the_database_knows_it(
    hospital: Hospital, meanwhile: list[object]
) -> None:
    meanwhile.append(lambda: hospital.reports("还有一件事", files=2))
    made = hospital.backs_up()
    assert made.manifest.counts["files"] == 3
    assert (
        copied(made.folder)
        == known(made.folder)
        == {path[-32:] for path in made.manifest.files if "/" in path}
    )


def test_file_that_goes_meanwhile_is_not_kept(hospital: Hospital, meanwhile: list[object]) -> None:
    def purge() -> None:
        """As retention does it: the row, then the file."""
        [uid] = hospital.folder.database.run_now(lambda session: list(session.exec(select(CaseFile.uid))))
        hospital.folder.database.run_now(
            lambda session: session.execute(delete(CaseFile).where(col(CaseFile.uid) == uid))
        )
        hospital.store.delete(uid)

    meanwhile.append(purge)
    made = hospital.backs_up()
    assert copied(made.folder) == known(made.folder) == set()
    assert made.manifest.missing == []


def test_file_whose_message_was_never_committed_is_not_kept(hospital: Hospital) -> None:
    before = copied(hospital.backs_up().folder)

    hospital.store.keep(Upload("a.png", picture("PNG")))
    assert copied(hospital.backs_up(NOON + timedelta(seconds=1)).folder) == before


def test_file_that_was_lost_before_is_told_and_stops_nothing(hospital: Hospital) -> None:
    uid = next(iter(copied(hospital.folder.path)))
    hospital.store.delete(uid)
    assert hospital.backs_up().manifest.missing == [uid]


def test_file_sealed_anew_meanwhile_is_taken_anew(hospital: Hospital, meanwhile: list[object]) -> None:
    key_file = hospital.folder.key_file

    def rotate() -> None:
        add_seal_key(key_file)
        hospital.folder.vault.refresh()
        for uid in copied(hospital.folder.path):
            SealedFolder(hospital.folder.files, hospital.folder.vault).reseal(uid)
        drop_seal_keys(key_file, [1])

    meanwhile.append(rotate)
    made = hospital.backs_up()
    [uid] = copied(made.folder)
    sealed = (made.folder / file_path(uid)).read_bytes()
    assert sealed == (hospital.folder.path / file_path(uid)).read_bytes()
    assert Vault.from_file(key_file).numbers == (2,)


def test_database_is_of_one_moment_while_others_write(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step of the copy is followed by a report; the copy still ends, and knows none of them."""
    steps = 0

    def somebody_reports(_seconds: float) -> None:
        nonlocal steps
        steps += 1
        hospital.reports(f"第{steps}件")

    monkeypatch.setattr(copying, "PAGES", 8)
    monkeypatch.setattr("bot.backup.copying.time.sleep", somebody_reports)
    made = hospital.backs_up()
    assert steps >= 5
    assert made.manifest.counts["cases"] == 2
    assert hospital.backs_up(NOON + timedelta(seconds=1)).manifest.counts["cases"] > 2


@pytest.mark.parametrize("inside", ["", "backups", "files/deeper"])
def test_backup_into_the_data_folder_is_refused(hospital: Hospital, inside: str) -> None:
    hospital.backups = hospital.folder.path / inside
    with pytest.raises(BackupError, match="lies in the data folder"):
        hospital.backs_up()


def test_backup_into_the_data_folder_through_a_link_is_refused(hospital: Hospital, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(hospital.folder.path)
    hospital.backups = tmp_path / "link" / "backups"
    with pytest.raises(BackupError, match="lies in the data folder"):
        hospital.backs_up()


def test_file_in_place_of_the_folder_is_told(hospital: Hospital) -> None:
    hospital.backups.touch()
    with pytest.raises(BackupError, match="is a file"):
        hospital.backs_up()


def test_disk_without_room_is_told_before_anything_is_copied(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 0))
    with pytest.raises(BackupError, match="0 MB are free"):
        hospital.backs_up()
    assert list(hospital.backups.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "full"), "the disk is full"),
        (sqlite3.OperationalError("disk I/O error"), "the database fails"),
    ],
)
def test_disk_that_fills_up_is_told_in_one_line_and_leaves_nothing(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(making, "copy_database", fails)
    with pytest.raises((BackupError, ConfigError), match=told):
        hospital.backs_up()
    assert list(hospital.backups.iterdir()) == []


def test_interrupted_backup_leaves_nothing(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "write_manifest", interrupted)
    with pytest.raises(KeyboardInterrupt):
        hospital.backs_up()
    assert list(hospital.backups.iterdir()) == []


def test_unfinished_folder_of_a_killed_backup_is_named_and_left_alone(hospital: Hospital) -> None:
    left = hospital.backups / "lianxin-20261122-040000.part"
    left.mkdir(parents=True)
    with pytest.raises(BackupError, match="left unfinished"):
        hospital.backs_up()
    assert left.is_dir()


def test_second_backup_of_the_same_second_is_refused(hospital: Hospital) -> None:
    hospital.backs_up()
    with pytest.raises(BackupError, match="is there already"):
        hospital.backs_up()


def test_event_of_a_backup_stands_in_the_original_too(hospital: Hospital) -> None:
    hospital.backs_up(with_keys=True)

    def last(session: Session) -> str | None:
        event = session.exec(select(Event).order_by(col(Event.id).desc())).first()
        return event.detail if event else None

    assert hospital.folder.database.run_now(last) == '{"with_keys": true}'
