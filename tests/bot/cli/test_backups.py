"""backup and restore as a person types them."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.data_folder import DataFolder
from tests.bot.cli.conftest import Command, Ended


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def made(ended: Ended) -> Path:
    """The folder that `backup` names first."""
    assert ended.code == 0, ended.err
    return Path(ended.out.partition(": ")[0])


def test_backup_tells_where_what_and_the_head(lianxin: Command, data: Path, place: Path) -> None:
    ended = lianxin("backup", place, "--data", data)
    assert made(ended).parent == place
    assert "0 cases, 0 files, 1 events" in ended.out
    assert "Head of the trail within: 1-" in ended.out
    assert ended.err == ""
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_backup_is_restored_and_verified(lianxin: Command, data: Path, place: Path, tmp_path: Path) -> None:
    first = lianxin("backup", place, "--data", data)
    head = first.out.rpartition(": ")[2].strip()
    ended = lianxin("restore", made(first), "--data", tmp_path / "new", "--key-file", data / "keys")
    assert (ended.code, ended.err) == (0, "")
    assert f"Next: lianxin serve --data {tmp_path / 'new'}" in ended.out
    verified = lianxin("audit", "verify", "--head", head, "--data", tmp_path / "new")
    assert (verified.code, verified.err) == (0, "")
    assert lianxin("check", "--data", tmp_path / "new").code == 0


def test_keys_inside_are_a_loud_matter_and_suffice(
    lianxin: Command, data: Path, place: Path, tmp_path: Path
) -> None:
    first = lianxin("backup", place, "--with-keys", "--data", data)
    assert "THE KEYS ARE INSIDE" in first.err
    assert lianxin("restore", made(first), "--data", tmp_path / "new").code == 0
    assert (tmp_path / "new" / "keys").read_bytes() == (data / "keys").read_bytes()


def test_restore_without_keys_says_which_option_is_missing(
    lianxin: Command, data: Path, place: Path, tmp_path: Path
) -> None:
    ended = lianxin("restore", made(lianxin("backup", place, "--data", data)), "--data", tmp_path / "new")
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "--key-file" in ended.err
    assert not (tmp_path / "new").exists()


def test_key_file_of_the_environment_is_used_and_not_copied(
    lianxin: Command, data: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(lianxin("backup", place, "--data", data))
    monkeypatch.setenv("LIANXIN_KEY_FILE", str((data / "keys").rename(tmp_path / "safe")))
    assert lianxin("restore", first, "--data", tmp_path / "new").code == 0
    assert not (tmp_path / "new" / "keys").exists()
    assert lianxin("audit", "verify", "--data", tmp_path / "new").code == 0


def test_keep_removes_what_is_older(
    lianxin: Command, data: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([datetime(2026, 11, 22, 4, 0, number, tzinfo=UTC) for number in range(3)])
    monkeypatch.setattr("bot.cli.backups.utc_now", lambda: next(moments))
    folders = [made(lianxin("backup", place, "--keep", 2, "--data", data)) for _ in range(3)]
    assert sorted(place.iterdir()) == folders[1:]


def test_full_disk_is_one_line(
    lianxin: Command, data: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.backup.making.copy_database", fails)
    ended = lianxin("backup", place, "--data", data)
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "the disk is full" in ended.err
    assert list(place.iterdir()) == []


def test_interrupted_backup_leaves_nothing(
    lianxin: Command, data: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.backup.making.copy_database", interrupted)
    assert lianxin("backup", place, "--data", data).code == 130
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("where", ["", "inside"])
def test_place_in_the_data_folder_is_refused_in_one_line(lianxin: Command, data: Path, where: str) -> None:
    ended = lianxin("backup", data / where, "--data", data)
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "lies in the data folder" in ended.err


def test_restore_over_a_hospital_in_use_is_refused(
    lianxin: Command, data: Path, place: Path, folder: DataFolder
) -> None:
    first = made(lianxin("backup", place, "--data", data))
    before = (data / "lianxin.db").read_bytes()
    ended = lianxin("restore", first, "--data", data, "--key-file", data / "keys")
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "is not empty" in ended.err
    assert (data / "lianxin.db").read_bytes() == before


def test_missing_backup_is_told(lianxin: Command, tmp_path: Path, data: Path) -> None:
    ended = lianxin("restore", "nowhere", "--data", tmp_path / "new", "--key-file", data / "keys")
    assert (ended.code, ended.err) == (1, "lianxin: nowhere: there is no such folder\n")


@pytest.mark.parametrize("place", ["file/deeper", "file"])
def test_a_place_that_cannot_be_is_told_in_a_line_without_wrong_advice(
    lianxin: Command, data: Path, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").touch()
    ended = lianxin("backup", tmp_path / place, "--data", data)
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "name " in ended.err
    assert "--data" not in ended.err
    made_ = made(lianxin("backup", tmp_path / "backups", "--data", data))
    ended = lianxin("restore", made_, "--data", tmp_path / "file/deeper/new", "--key-file", data / "keys")
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "cannot be made" in ended.err


def test_what_a_killed_backup_left_is_told(lianxin: Command, data: Path, place: Path) -> None:
    left = place / "lianxin-20261122-040000.part"
    left.mkdir(parents=True)
    ended = lianxin("backup", place, "--keep", 1, "--data", data)
    assert ended.code == 0
    assert str(left) in ended.err
    assert left.exists()


def test_a_backup_from_before_a_rotation_asks_for_the_key_file_of_that_time(
    lianxin: Command, data: Path, place: Path, tmp_path: Path
) -> None:
    first = made(lianxin("backup", place, "--data", data))
    (tmp_path / "safe").write_bytes((data / "keys").read_bytes())
    (tmp_path / "safe").chmod(0o600)
    assert lianxin("keys", "rotate", "--retire", "--data", data).code == 0
    ended = lianxin("restore", first, "--data", tmp_path / "new", "--key-file", data / "keys")
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "from when the backup was made" in ended.err
    assert not (tmp_path / "new").exists()
    assert lianxin("restore", first, "--data", tmp_path / "new", "--key-file", tmp_path / "safe").code == 0
