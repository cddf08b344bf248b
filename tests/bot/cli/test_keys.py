"""The commands about keys tell numbers and counts, never a key, and say what to do next."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot import rotation
from bot.data_folder import KEYS, DataFolder, changing_keys
from storage.key_file import add_seal_key, load_keys
from storage.ratings import record_rating
from tests.bot.cli.conftest import Command
from tests.factories import MONDAY


@pytest.fixture
def rated(folder: DataFolder) -> DataFolder:
    """A folder with three sealed values."""

    def rate(session: Session) -> None:
        for words in ("等了三个小时", "很好", "还行"):
            what = {"score": 3, "polarity": "neutral", "words": words}
            record_rating(session, **what, vault=folder.vault, now=MONDAY)  # type: ignore[arg-type]

    folder.database.run_now(rate)
    return folder


def material(data: Path) -> list[str]:
    """The keys as they stand in the file."""
    lines = (data / KEYS).read_text().splitlines()
    return [line.split()[-1] for line in lines if line.startswith(("hash", "seal"))]


def test_list_counts_by_number_and_shows_no_key(lianxin: Command, data: Path, rated: DataFolder) -> None:
    add_seal_key(data / KEYS)
    ended = lianxin("keys", "list", "--data", data)
    assert (ended.code, ended.err) == (0, "")
    rows = [line.split() for line in ended.out.splitlines()]
    assert rows[:3] == [
        ["key", "state", "values", "files"],
        ["1", "opens", "3", "0"],
        ["2", "seals", "0", "0"],
    ]
    assert not any(key in ended.out for key in material(data))


def test_rotate_then_retire(lianxin: Command, data: Path, rated: DataFolder) -> None:
    ended = lianxin("keys", "rotate", "--data", data)
    assert (ended.code, ended.err) == (0, "")
    assert f"Key 2 was added to {data / KEYS}" in ended.out
    assert "into your safe now" in ended.out
    assert "3 values and 0 files were sealed anew." in ended.out
    assert "lianxin keys retire" in ended.out
    assert not any(key in ended.out for key in material(data))
    retired = lianxin("keys", "retire", "--data", data)
    assert retired.code == 0
    assert "key 1." in retired.out
    assert "Backups made before need them" in retired.out
    assert set(load_keys(data / KEYS).seal_keys) == {2}
    assert lianxin("keys", "retire", "--data", data).out == "There is no older key.\n"


def test_rotate_and_retire_in_one_go(lianxin: Command, data: Path, rated: DataFolder) -> None:
    assert "key 1." in lianxin("keys", "rotate", "--retire", "--data", data).out
    assert lianxin("keys", "verify", "--data", data).out == "Everything opens.\n"


def test_interrupted_rotation_says_how_to_go_on_and_goes_on(
    lianxin: Command, data: Path, rated: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rotation, "reseal_all", interrupted)
        ended = lianxin("keys", "rotate", "--data", data)
    assert ended.code == 130
    assert ended.err == "Stopped. Run it again to go on: lianxin keys rotate\n"
    again = lianxin("keys", "rotate", "--data", data)
    assert "An earlier rotation goes on: key 2 seals." in again.out
    assert set(load_keys(data / KEYS).seal_keys) == {1, 2}


def test_retire_refuses_while_something_needs_an_older_key(
    lianxin: Command, data: Path, rated: DataFolder
) -> None:
    add_seal_key(data / KEYS)
    ended = lianxin("keys", "retire", "--data", data)
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "3 values and 0 files still need older keys; run: lianxin keys rotate" in ended.err


def test_what_does_not_open_is_counted_by_table(lianxin: Command, data: Path, rated: DataFolder) -> None:
    rated.database.run_now(lambda session: session.execute(text("UPDATE ratings SET score = 5 WHERE id = 1")))
    verified = lianxin("keys", "verify", "--data", data)
    assert (verified.code, verified.out) == (1, "")
    assert "does not open: 1 in ratings" in verified.err
    rotated = lianxin("keys", "rotate", "--data", data)
    assert "2 values and 0 files were sealed anew." in rotated.out
    assert "compare with a backup: 1 in ratings." in rotated.err
    assert "等了" not in verified.err + rotated.err + rotated.out


def test_two_rotations_at_once_are_refused(lianxin: Command, data: Path, rated: DataFolder) -> None:
    with changing_keys(data):
        ended = lianxin("keys", "rotate", "--data", data)
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "another 'lianxin keys' works on this folder" in ended.err


def test_key_file_elsewhere_is_rotated_where_it_lies(
    lianxin: Command, data: Path, rated: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "safe").mkdir()
    there = (data / KEYS).rename(tmp_path / "safe" / "lianxin.keys")
    monkeypatch.setenv("LIANXIN_KEY_FILE", str(there))
    assert f"Key 2 was added to {there}" in lianxin("keys", "rotate", "--data", data).out
    assert set(load_keys(there).seal_keys) == {1, 2}
    assert there.stat().st_mode & 0o777 == 0o600
    assert not (data / KEYS).exists()


def test_read_only_folder_of_the_key_file_is_told_and_nothing_changes(
    lianxin: Command, data: Path, rated: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = (data / KEYS).read_bytes(), os.open

    def read_only(path: str, flags: int, *more: int, **named: int) -> int:
        if flags & os.O_CREAT and Path(path).name.startswith(".keys.") and not str(path).endswith(".lock"):
            raise OSError(30, "Read-only file system")
        return real(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", read_only)
    ended = lianxin("keys", "rotate", "--data", data)
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "folder of the key file is not writable" in ended.err
    assert "EROFS" in ended.err
    assert (data / KEYS).read_bytes() == before
    assert "seals" in lianxin("keys", "list", "--data", data).out
