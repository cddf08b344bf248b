"""A backup comes back whole or not at all: every damage is found, and then nothing was put there."""

import json
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.backup.manifest import Manifest, write_manifest
from bot.backup.places import is_known_path
from bot.backup.restoring import Task, checked_manifest, restore_backup
from bot.data_folder import DATABASE, open_folder
from storage.entries import reported_text
from storage.errors import LianxinError
from storage.events import Event
from storage.files import FileStore
from storage.followup.restored import restored_at
from storage.hand_outs import hand_out, handed_to
from storage.trail_check import check_trail
from storage.trail_heads import read_head
from storage.vault import Keys, Vault, create_key_file
from tests.bot.backup.conftest import IN_FOLDER, NOON, TEXT, Hospital
from tests.factories import make_member

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def backup(hospital: Hospital) -> Path:
    return hospital.backs_up().folder


def restore(backup: Path, target: Path, key_file: Path) -> Manifest:
    task = Task(backup, target, Vault.from_file(key_file), key_file)
    manifest = checked_manifest(task)
    restore_backup(task, manifest, now=LATER)
    return manifest


def refused(hospital: Hospital, backup: Path, target: Path) -> str:
    """What is told; asserts that nothing was left at the target or beside it."""
    before = {path.name for path in target.parent.iterdir()}
    with pytest.raises(LianxinError) as error:
        restore(backup, target, hospital.folder.key_file)
    assert {path.name for path in target.parent.iterdir()} == before
    assert "\n" not in str(error.value)
    return str(error.value)


def test_texts_files_and_trail_are_there_again(hospital: Hospital, backup: Path, tmp_path: Path) -> None:
    hospital.reports("备份之后的事")
    manifest = restore(backup, tmp_path / "new", hospital.folder.key_file)
    found = open_folder(tmp_path / "new", IN_FOLDER)
    run, vault = found.database.run_now, found.vault
    assert [run(lambda session, n=n: reported_text(session, n, vault=vault)) for n in (1, 2)] == [TEXT, TEXT]  # type: ignore[misc]
    [path] = (tmp_path / "new" / "files").glob("*/*")
    store = FileStore(found.files, vault, found.house.hospital.files)
    assert store.read(path.name) == hospital.store.read(path.name)
    assert check_trail(run, [read_head(manifest.head)]).count == manifest.counts["events"] + 1
    last = run(lambda session: session.exec(select(Event).order_by(col(Event.id).desc())).first())
    assert (last.action, last.detail) == ("recovered", '{"made_at": "2026-11-22T04:00:00Z"}')  # type: ignore[union-attr]
    found.close()


def test_drives_and_material_come_along_and_links_do_not(hospital: Hospital, tmp_path: Path) -> None:
    for name in ("materials/准则 2026.pdf", "drives/red.toml", "materials/.hidden", "materials/deep/a.pdf"):
        path = hospital.folder.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"theirs")
    (hospital.folder.path / "materials" / "link.pdf").symlink_to(hospital.folder.key_file)
    restore(hospital.backs_up().folder, tmp_path / "new", hospital.folder.key_file)
    assert (tmp_path / "new" / "materials" / "准则 2026.pdf").read_bytes() == b"theirs"
    assert [path.name for path in (tmp_path / "new" / "materials").iterdir()] == ["准则 2026.pdf"]
    assert [path.name for path in (tmp_path / "new" / "drives").iterdir()] == ["red.toml"]


@pytest.mark.parametrize(
    "path",
    ["materials/../keys", "materials/..", "drives//keys", "materials/a/b", "materials/", "drives/.x",
     "materials/a\\b", "materials/a\nb", "materials/\udc80", "other/a.pdf", "/materials/a.pdf"],
)  # fmt: skip
def test_nothing_else_passes_for_material(path: str) -> None:
    assert not is_known_path(path)


def test_what_was_made_for_a_member_comes_along(hospital: Hospital, tmp_path: Path) -> None:
    folder = hospital.folder
    file = hospital.store.keep_own(b"figures", "x.png", "image/png")

    def hand(session: Session) -> int:
        member = make_member(session, folder.house)
        hand_out(session, file, member.id or 0, vault=folder.vault, now=NOON)
        return member.id or 0

    whose = folder.database.run_now(hand)
    restore(hospital.backs_up().folder, tmp_path / "new", folder.key_file)
    found = open_folder(tmp_path / "new", IN_FOLDER)
    store = FileStore(found.files, found.vault, found.house.hospital.files)
    work = found.database.run_now
    assert work(lambda session: handed_to(session, file.uid, whose, vault=found.vault, now=NOON)) == file
    assert store.read(file.uid) == b"figures"
    found.close()


def test_restored_folder_is_for_its_owner_alone(hospital: Hospital, backup: Path, tmp_path: Path) -> None:
    for path in backup.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o644)  # as it comes back from a stick
    restore(backup, tmp_path / "new", hospital.folder.key_file)
    for path in [tmp_path / "new", *(tmp_path / "new").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_empty_folder_is_taken(hospital: Hospital, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    restore(backup, tmp_path / "new", hospital.folder.key_file)
    assert (tmp_path / "new" / DATABASE).exists()


def test_folder_with_anything_in_it_is_refused(hospital: Hospital, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / ".hidden").touch()
    assert "is not empty" in refused(hospital, backup, tmp_path / "new")
    (tmp_path / "file").touch()
    assert "is not empty" in refused(hospital, backup, tmp_path / "file")


def test_keys_inside_are_not_laid_into_the_folder_of_another_key_file(
    hospital: Hospital, tmp_path: Path
) -> None:
    backup = hospital.backs_up(with_keys=True).folder
    task = Task(backup, tmp_path / "new", Vault.from_file(backup / "keys"), None)
    restore_backup(task, checked_manifest(task), now=LATER)
    assert not (tmp_path / "new" / "keys").exists()


def flip(path: Path, at: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("at", [0.0, 0.5, 0.999])
@pytest.mark.parametrize(
    "name", ["lianxin.db", "hospital.toml", "holidays.toml", "words.csv", "manifest.json", "files", "keys"]
)
def test_one_byte_changed_in_any_file_is_found(
    hospital: Hospital, tmp_path: Path, name: str, at: float
) -> None:
    backup = hospital.backs_up(with_keys=True).folder
    path = next(backup.glob("files/*/*")) if name == "files" else backup / name
    flip(path, at)
    if name == "manifest.json" and at == 0.999:
        pytest.skip("the newline at the end says nothing")
    assert refused(hospital, backup, tmp_path / "new")


@pytest.mark.parametrize("name", ["lianxin.db", "hospital.toml", "files/*/*", "manifest.json"])
def test_missing_file_is_found(hospital: Hospital, backup: Path, tmp_path: Path, name: str) -> None:
    next(backup.glob(name)).unlink()
    told = refused(hospital, backup, tmp_path / "new")
    assert "is missing in the backup" in told or "is no backup" in told


def put_beside(backup: Path) -> None:
    (backup / "more.toml").write_text("x")


def put_deep(backup: Path) -> None:
    (backup / "files" / "aa").mkdir(exist_ok=True)
    (backup / "files" / "aa" / ("a" * 32)).write_bytes(b"x")


def put_log(backup: Path) -> None:
    (backup / "lianxin.db-wal").write_bytes(b"x")


def put_link(backup: Path) -> None:
    (backup / "etc").symlink_to("/etc")


@pytest.mark.parametrize("put", [put_beside, put_deep, put_log, put_link])
def test_file_too_many_is_found(
    hospital: Hospital, backup: Path, tmp_path: Path, put: Callable[[Path], None]
) -> None:
    put(backup)
    assert "does not belong into the backup" in refused(hospital, backup, tmp_path / "new")


def test_link_in_place_of_a_file_is_found(hospital: Hospital, backup: Path, tmp_path: Path) -> None:
    shutil.copy(backup / "words.csv", tmp_path / "same.csv")
    (backup / "words.csv").unlink()
    (backup / "words.csv").symlink_to(tmp_path / "same.csv")
    assert "was exchanged" in refused(hospital, backup, tmp_path / "new")


def test_key_file_of_another_hospital_is_told(hospital: Hospital, backup: Path, tmp_path: Path) -> None:
    create_key_file(tmp_path / "other-keys")
    with pytest.raises(LianxinError, match="the key file does not belong to this backup"):
        restore(backup, tmp_path / "new", tmp_path / "other-keys")
    assert not (tmp_path / "new").exists()


def test_key_file_that_lacks_the_sealing_key_is_told(
    hospital: Hospital, backup: Path, tmp_path: Path
) -> None:
    lines = hospital.folder.key_file.read_text("ascii").splitlines()
    poor = tmp_path / "poor-keys"
    create_key_file(poor)
    other = next(line for line in poor.read_text("ascii").splitlines() if line.startswith("seal"))
    hashing = next(line for line in lines if line.startswith("hash"))
    poor.write_text(f"{hashing}\n{other}\n", "ascii")
    with pytest.raises(LianxinError, match="lacks a seal key of that time"):
        restore(backup, tmp_path / "new", poor)
    assert not (tmp_path / "new").exists()


def test_manifest_of_another_day_is_found(hospital: Hospital, backup: Path, tmp_path: Path) -> None:
    hospital.reports("又一件")
    newer = hospital.backs_up(LATER).folder
    shutil.copy(backup / "manifest.json", newer / "manifest.json")
    assert "was exchanged" in refused(hospital, newer, tmp_path / "new")


def test_database_of_another_day_is_found(hospital: Hospital, backup: Path, tmp_path: Path) -> None:
    """The attack that wants yesterday's reports gone from today's backup."""
    hospital.reports("又一件")
    newer = hospital.backs_up(LATER).folder
    shutil.copy(backup / DATABASE, newer / DATABASE)
    assert "was exchanged" in refused(hospital, newer, tmp_path / "new")


def test_manifest_written_anew_without_the_keys_is_found(
    hospital: Hospital, backup: Path, tmp_path: Path
) -> None:
    path = backup / "manifest.json"
    body = json.loads(path.read_text("utf-8"))
    (backup / "words.csv").write_text("", "utf-8")
    body["files"]["words.csv"] = [0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]
    path.write_text(json.dumps(body), "utf-8")
    assert "was changed after the backup" in refused(hospital, backup, tmp_path / "new")


def test_seal_of_other_keys_is_found(hospital: Hospital, backup: Path, tmp_path: Path) -> None:
    manifest = checked_manifest(Task(backup, tmp_path / "new", hospital.folder.vault, None))
    write_manifest(backup, manifest, vault=Vault(Keys(b"x" * 32, {1: b"y" * 32})))
    assert "does not belong to this backup" in refused(hospital, backup, tmp_path / "new")


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"format": "1"}', "[" * 5000, '{"format": 1}'])
def test_manifest_that_is_none_is_told(
    hospital: Hospital, backup: Path, tmp_path: Path, content: str
) -> None:
    (backup / "manifest.json").write_text(content, "utf-8")
    assert refused(hospital, backup, tmp_path / "new")


def resealed(hospital: Hospital, backup: Path, **changes: object) -> None:
    """The manifest changed by somebody with the keys, or written by another version."""
    manifest = checked_manifest(Task(backup, backup.parent / "x", hospital.folder.vault, None))
    values = {name: getattr(manifest, name) for name in Manifest.__slots__} | changes
    write_manifest(backup, Manifest(**values), vault=hospital.folder.vault)


@pytest.mark.parametrize("change", [{"revision": "9999"}, {"format": 2}])
def test_backup_of_a_newer_version_is_told(
    hospital: Hospital, backup: Path, tmp_path: Path, change: dict[str, object]
) -> None:
    resealed(hospital, backup, **change)
    assert "by a newer Lianxin" in refused(hospital, backup, tmp_path / "new")


def test_manifest_that_leads_out_of_the_folder_is_refused(
    hospital: Hospital, backup: Path, tmp_path: Path
) -> None:
    manifest = checked_manifest(Task(backup, tmp_path / "new", hospital.folder.vault, None))
    resealed(hospital, backup, files=manifest.files | {"../outside": next(iter(manifest.files.values()))})
    assert "belongs into no backup" in refused(hospital, backup, tmp_path / "new")


def test_trail_that_was_cut_before_the_backup_was_sealed_is_found(
    hospital: Hospital, backup: Path, tmp_path: Path
) -> None:
    """Somebody with the keys swaps in a shorter database and seals the manifest, but keeps its head."""
    from bot.backup.copying import measure

    with closing(sqlite3.connect(backup / DATABASE)) as connection, connection:
        connection.execute("DROP TRIGGER events_no_delete")
        statement = "DELETE FROM events WHERE id = (SELECT max(id) FROM events)"
        connection.execute(statement)
        connection.execute(
            "CREATE TRIGGER events_no_delete BEFORE DELETE ON events "
            "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
        )
    manifest = checked_manifest(Task(backup, tmp_path / "new", hospital.folder.vault, None))
    resealed(hospital, backup, files=manifest.files | {DATABASE: measure(backup / DATABASE)})
    assert "the end of the trail is missing" in refused(hospital, backup, tmp_path / "new")


def test_unfinished_backup_is_refused(hospital: Hospital, backup: Path, tmp_path: Path) -> None:
    part = backup.rename(backup.with_name(backup.name + ".part"))
    assert "was never finished" in refused(hospital, part, tmp_path / "new")


def test_folder_that_is_not_there_or_no_backup_is_told(hospital: Hospital, tmp_path: Path) -> None:
    assert "there is no such folder" in refused(hospital, tmp_path / "nowhere", tmp_path / "new")
    assert "is no backup" in refused(hospital, hospital.folder.path, tmp_path / "new")


def test_file_that_was_damaged_before_the_backup_stops_no_restore_and_is_told(
    hospital: Hospital, tmp_path: Path
) -> None:
    """The copy is as good as the original: better one photo lost than all reports."""
    flip(next(hospital.folder.files.glob("*/*")), 0.9)
    backup = hospital.backs_up().folder
    task = Task(backup, tmp_path / "new", hospital.folder.vault, hospital.folder.key_file)
    assert restore_backup(task, checked_manifest(task), now=LATER) == {"files": 1}


def test_file_that_was_lost_before_the_backup_stops_no_restore(hospital: Hospital, tmp_path: Path) -> None:
    [path] = hospital.folder.files.glob("*/*")
    hospital.store.delete(path.name)
    manifest = restore(hospital.backs_up().folder, tmp_path / "new", hospital.folder.key_file)
    assert manifest.missing == [path.name]


def test_interrupted_restore_leaves_nothing(
    hospital: Hospital, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.backup.restoring.sync_tree", interrupted)
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(KeyboardInterrupt):
        restore(backup, tmp_path / "new", hospital.folder.key_file)
    assert {path.name for path in tmp_path.iterdir()} == before


def test_the_moment_is_remembered_so_that_no_patient_is_asked_twice(
    hospital: Hospital, backup: Path, tmp_path: Path
) -> None:
    restore(backup, tmp_path / "new", hospital.folder.key_file)
    found = open_folder(tmp_path / "new", IN_FOLDER)
    assert found.database.run_now(restored_at) == LATER
    assert hospital.folder.database.run_now(restored_at) is None
    found.close()
