import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlmodel import Session, SQLModel, create_engine

from storage import cases, entries  # noqa: F401  (their tables are pointed at)
from storage.errors import FileRefused, NoSuchFile, SealError, StorageFull
from storage.files import (
    FileStore,
    attach_files,
    count_files,
    count_moved,
    files_of,
    find_file,
    known_files,
    to_stored,
    unknown_files,
)  # fmt: skip
from storage.hospital import Files
from storage.messages import StoredFile, Upload
from storage.vault import Keys, Vault
from tests.factories import make_house, open_a_case
from tests.storage import documents, samples

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def vault() -> Vault:
    return Vault(Keys(b"h" * 32, {1: b"s" * 32}))


@pytest.fixture
def make_store(tmp_path: Path, vault: Vault) -> Callable[..., FileStore]:
    def make(max_mb: int = 1, *, keep_uncleaned: bool = True) -> FileStore:
        rules = Files(max_mb=max_mb, keep_uncleaned=keep_uncleaned)
        return FileStore(tmp_path / "files", vault, rules)

    return make


@pytest.fixture
def store(make_store: Callable[..., FileStore]) -> FileStore:
    return make_store()


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_kept_file_is_read_back(store: FileStore) -> None:
    text = "医生收了两千块".encode()
    kept = store.keep(Upload("我的名字.txt", text))
    assert store.read(kept.uid) == text
    assert (kept.name, kept.size, kept.warning) == ("文本.txt", len(text), False)


def test_the_name_says_what_the_content_is_not_what_the_sender_said(store: FileStore) -> None:
    kept = store.keep(Upload("骨科王主任.jpg", documents.pdf()))
    assert (kept.name, kept.media_type, kept.warning) == ("文件.pdf", "application/pdf", False)


def test_nothing_in_clear_and_nothing_for_others_on_disk(store: FileStore, tmp_path: Path) -> None:
    uid = store.keep(Upload("SENDER-WAS-HERE.txt", samples.MARK * 50)).uid
    store.keep(Upload("SENDER-WAS-HERE.jpg", samples.talkative_jpeg()))
    search = subprocess.run(
        ["grep", "-raq", "-e", "SENDER-WAS-HERE", "-e", "JFIF", str(tmp_path)], check=False
    )
    assert search.returncode == 1
    assert not any("SENDER" in str(path) for path in tmp_path.rglob("*"))
    path = tmp_path / "files" / uid[:2] / uid
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"a" * (1024 * 1024 + 1), "too_large"),
        (b"MZ" + bytes(300), "type"),
        (samples.picture("JPEG", (200, 200))[:400], "damaged"),
    ],
)
def test_a_refused_file_leaves_nothing(store: FileStore, tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        store.keep(Upload("a.jpg", content))
    assert refusal.value.reason == reason
    assert on_disk(tmp_path) == []


def test_the_size_limit_itself_is_allowed(store: FileStore) -> None:
    assert store.keep(Upload("a.txt", b"a" * 1024 * 1024)).size == 1024 * 1024


def test_a_strict_hospital_refuses_what_cannot_be_cleaned(make_store: Callable[..., FileStore]) -> None:
    strict = make_store(keep_uncleaned=False)
    with pytest.raises(FileRefused, match="type"):
        strict.keep(Upload("a.doc", samples.compound()))
    lenient = make_store().keep(Upload("a.doc", samples.compound()))
    assert (lenient.name, lenient.warning) == ("文档.doc", True)
    assert strict.keep(Upload("a.jpg", samples.talkative_jpeg())).name == "照片.jpg"


@pytest.mark.parametrize(
    "uid", ["", "../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", "a/" + "b" * 30, "0" * 32]
)
def test_a_name_that_is_not_ours_reads_nothing(store: FileStore, uid: str) -> None:
    with pytest.raises(NoSuchFile):
        store.read(uid)


def test_a_path_is_never_deleted(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("x")
    with pytest.raises(NoSuchFile):
        store.delete("../keys")
    assert (tmp_path / "keys").exists()


@pytest.mark.parametrize("length", [0, 3, 10, 20, 40])
def test_a_file_cut_off_does_not_open(store: FileStore, tmp_path: Path, length: int) -> None:
    uid = store.keep(Upload("a.txt", b"a" * 100)).uid
    os.truncate(tmp_path / "files" / uid[:2] / uid, length)
    with pytest.raises(SealError):
        store.read(uid)


def test_two_files_exchanged_do_not_open(store: FileStore, tmp_path: Path) -> None:
    first, second = (store.keep(Upload("a.txt", text)).uid for text in (b"one", b"two"))
    theirs = (tmp_path / "files" / second[:2] / second).read_bytes()
    (tmp_path / "files" / first[:2] / first).write_bytes(theirs)
    with pytest.raises(SealError):
        store.read(first)


def test_a_deleted_file_is_gone_and_deleting_twice_is_no_error(store: FileStore) -> None:
    uid = store.keep(Upload("a.txt", b"a")).uid
    store.delete(uid)
    store.delete(uid)
    with pytest.raises(NoSuchFile):
        store.read(uid)


def test_a_full_disk_is_named_and_leaves_nothing(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull, match="ENOSPC"):
        store.keep(Upload("a.txt", b"a"))
    assert on_disk(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_named(make_store: Callable[..., FileStore], tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    with pytest.raises(StorageFull):
        make_store().keep(Upload("a.txt", b"a"))


def test_old_files_are_told_from_young_ones_and_from_what_is_not_ours(
    store: FileStore, tmp_path: Path
) -> None:
    other, old, young = (store.keep(Upload("a.txt", b"a")).uid for _ in range(3))
    unfinished = tmp_path / "files" / old[:2] / f"{old[:2]}{'0' * 30}.part"
    unfinished.write_bytes(b"")
    (tmp_path / "files" / old[:2] / "notes.txt").write_text("not ours")
    for path in [*on_disk(tmp_path)]:
        at = NOW if young in path.name else NOW - timedelta(hours=2)
        os.utime(path, (at.timestamp(), at.timestamp()))
    assert store.written_before(NOW - timedelta(hours=1)) == sorted([other, old, unfinished.stem])
    for uid in (old, unfinished.stem):
        store.delete(uid)
    assert store.written_before(NOW - timedelta(hours=1)) == [other]
    assert store.read(other) == store.read(young) == b"a"


def test_files_that_no_case_knows_are_found_among_others(session: Session, vault: Vault) -> None:
    case = open_a_case(session, make_house(), "骨科主任收了红包")
    stored = StoredFile("a" * 32, "照片.jpg", "image/jpeg", 3)
    attach_files(session, [stored], case_id=case.id or 0, entry_id=None, vault=vault, now=NOW)
    assert unknown_files(session, ["b" * 32, "a" * 32, "c" * 32]) == ["b" * 32, "c" * 32]
    assert unknown_files(session, []) == []


def test_several_threads_keep_at_once(store: FileStore) -> None:
    photos = [samples.picture("PNG", (10 + number, 10)) for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        kept = list(threads.map(lambda photo: store.keep(Upload("", photo)), photos))
    widths = [Image.open(BytesIO(store.read(file.uid))).width for file in kept]
    assert widths == list(range(10, 18))


def test_pictures_are_not_loaded_before_the_first_file() -> None:
    program = "import sys, storage.files; sys.exit('PIL' in sys.modules or 'filetype' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_no_folder_no_files(store: FileStore) -> None:
    assert store.written_before(NOW) == []


def test_files_of_a_case_come_in_the_order_in_which_they_were_sent(vault: Vault) -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    files = [StoredFile(letter * 32, "照片.jpg", "image/jpeg", 5, letter == "a") for letter in "cab"]
    with Session(engine) as session:
        attach_files(session, files[:2], case_id=1, entry_id=1, vault=vault, now=NOW)
        attach_files(session, files[2:], case_id=1, entry_id=2, vault=vault, now=NOW)
        attach_files(session, [], case_id=1, entry_id=None, vault=vault, now=NOW)
        last = StoredFile("d" * 32, "照片.jpg", "image/jpeg", 5)
        attach_files(session, [last], case_id=2, entry_id=None, vault=vault, now=NOW)
        assert [to_stored(row, vault=vault) for row in files_of(session, 1)] == files
        assert (count_files(session, 1), count_files(session, 2), count_files(session, 3)) == (3, 1, 0)
        assert known_files(session) == {letter * 32 for letter in "abcd"}
        found = find_file(session, "d" * 32)
        assert found is not None
        assert (found.case_id, found.entry_id, found.created_at) == (2, None, NOW)
        assert find_file(session, "e" * 32) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"case_id": 2}, {"entry_id": 2}, {"entry_id": None}, {"position": 1}, {"name": "文件.pdf"},
        {"media_type": "text/html"}, {"size": 6}, {"warning": True}, {"created_at": NOW + timedelta(days=1)},
        {"bond": "0" * 32},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_row_of_a_file_that_was_changed_or_moved_is_refused(vault: Vault, changed: dict[str, Any]) -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    file = StoredFile("a" * 32, "照片.jpg", "image/jpeg", 5)
    with Session(engine) as session:
        attach_files(session, [file], case_id=1, entry_id=1, vault=vault, now=NOW)
        [row] = files_of(session, 1)
        assert to_stored(row, vault=vault) == file
        for name, value in changed.items():
            setattr(row, name, value)
        with pytest.raises(SealError, match="belongs to another case"):
            to_stored(row, vault=vault)


def test_files_of_two_cases_whose_uids_were_swapped_are_refused(vault: Vault) -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        for number in (1, 2):
            file = StoredFile(f"{number}" * 32, "照片.jpg", "image/jpeg", 5)
            attach_files(session, [file], case_id=number, entry_id=number, vault=vault, now=NOW)
        [one], [two] = files_of(session, 1), files_of(session, 2)
        one.uid, two.uid = two.uid, one.uid
        for row in (one, two):
            with pytest.raises(SealError):
                to_stored(row, vault=vault)
        one.case_id, two.case_id = 2, 1  # whole rows exchanged but for their bonds
        one.entry_id, two.entry_id = 2, 1
        with pytest.raises(SealError):
            to_stored(one, vault=vault)
        session.rollback()


def test_rows_that_were_moved_to_another_case_are_counted(session: Session, vault: Vault) -> None:
    first, second = (open_a_case(session, make_house(), f"骨科主任收了红包{n}") for n in range(2))
    for number, case in enumerate((first, second)):
        stored = StoredFile(f"{number}" * 32, "照片.jpg", "image/jpeg", 3)
        attach_files(session, [stored], case_id=case.id or 0, entry_id=None, vault=vault, now=NOW)
    assert count_moved(session, vault=vault) == 0
    row = find_file(session, "0" * 32)
    assert row is not None
    row.case_id = second.id or 0
    session.flush()
    assert count_moved(session, vault=vault) == 1


def test_of_the_time_of_writing_only_the_day_stays(store: FileStore, tmp_path: Path) -> None:
    uid = store.keep(Upload("a.txt", b"a")).uid
    [path] = on_disk(tmp_path)
    os.utime(path, (NOW.timestamp() + 0.123456, NOW.timestamp() + 0.123456))
    for _ in range(2):
        store.forget_hours([uid, "0" * 32])
    day = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    assert path.stat().st_mtime_ns == path.stat().st_atime_ns == int(day.timestamp()) * 10**9
    assert store.written_before(NOW) == [uid]
    assert store.read(uid) == b"a"
