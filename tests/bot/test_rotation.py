"""Keys are changed without losing a value, whenever it is stopped, and go only when nothing needs them."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlmodel import Session, select

from bot.data_folder import DataFolder, changing_keys, open_folder
from bot.rotation import begin_rotation, find_broken, reseal_all, retire_keys, uses_of
from storage.errors import ConfigError, KeyFileError
from storage.events import Event
from storage.key_file import load_keys
from storage.marks import key_marks
from storage.ratings import RatingRow, record_rating
from storage.sealed_folder import SealedFolder
from tests.factories import MONDAY

ROOT = Path(__file__).parents[2]
OURS = SimpleNamespace(key_file=None)
VALUES, FILES, MANY = 230, 4, 2_000
KILLED = """
import os, signal, sys
from pathlib import Path
from types import SimpleNamespace
from bot.data_folder import open_folder
from bot.rotation import begin_rotation, reseal_all
from tests.factories import MONDAY

folder, steps = open_folder(Path(sys.argv[1]), SimpleNamespace(key_file=None)), int(sys.argv[2])
begin_rotation(folder, new=False, now=MONDAY)

def advance(count):
    global steps
    steps -= count
    if steps <= 0:
        os.kill(os.getpid(), signal.SIGKILL)

reseal_all(folder, advance=advance, now=MONDAY, rest=lambda seconds: None)
"""


def make(path: Path, values: int) -> Path:
    """A folder with so many ratings and some files."""
    folder = open_folder(path, OURS)

    def fill(session: Session) -> None:
        for number in range(values):
            what = {"score": number % 5 + 1, "polarity": "positive", "words": f"第{number}句"}
            record_rating(session, **what, vault=folder.vault, now=MONDAY)  # type: ignore[arg-type]

    folder.database.run_now(fill)
    store = SealedFolder(folder.files, folder.vault)
    for number in range(FILES):
        store.write(b"photo %d" % number)
    folder.close()
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "var", VALUES)


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "var")


@pytest.fixture
def folder(path: Path) -> Iterator[DataFolder]:
    opened = open_folder(path, OURS)
    yield opened
    opened.close()


def nothing(_: float) -> None:
    """Neither waits nor shows."""


def finish(folder: DataFolder) -> int:
    done = reseal_all(folder, advance=nothing, now=MONDAY, rest=nothing)
    assert not done.broken
    return done.values + done.files


def stopping(after: int) -> Callable[[int], None]:
    """Somebody presses Ctrl-C once so much is done."""
    left = [after]

    def advance(count: int) -> None:
        left[0] -= count
        if left[0] <= 0:
            raise KeyboardInterrupt

    return advance


def add_one(folder: DataFolder, words: str) -> None:
    folder.database.run_now(
        lambda session: record_rating(
            session, score=1, polarity="", words=words, vault=folder.vault, now=MONDAY
        )
    )


def actions(folder: DataFolder) -> list[str]:
    return folder.database.run_now(lambda session: list(session.exec(select(Event.action))))


def test_rotation_seals_everything_with_a_fresh_key(folder: DataFolder) -> None:
    assert begin_rotation(folder, new=False, now=MONDAY) == 2
    assert uses_of(folder).by_other_than(2) == (VALUES, FILES)
    assert finish(folder) == VALUES + FILES
    uses = uses_of(folder)
    assert (dict(uses.values), dict(uses.files)) == ({2: VALUES}, {2: FILES})
    assert not find_broken(folder, advance=nothing)
    assert actions(folder) == ["keys_rotated", "keys_resealed"]


def test_rotation_with_nothing_left_to_do_adds_another_key(folder: DataFolder) -> None:
    begin_rotation(folder, new=False, now=MONDAY)
    finish(folder)
    assert begin_rotation(folder, new=False, now=MONDAY) == 3


@pytest.mark.parametrize("after", [1, 150, VALUES + 2])
def test_rotation_stopped_by_hand_goes_on_without_another_key(folder: DataFolder, after: int) -> None:
    begin_rotation(folder, new=False, now=MONDAY)
    with pytest.raises(KeyboardInterrupt):
        reseal_all(folder, advance=stopping(after), now=MONDAY, rest=nothing)
    assert not find_broken(folder, advance=nothing)
    assert begin_rotation(folder, new=False, now=MONDAY) is None
    assert 0 < finish(folder) < VALUES + FILES
    assert set(load_keys(folder.key_file).seal_keys) == {1, 2}
    assert uses_of(folder).by_other_than(2) == (0, 0)


def test_unfinished_rotation_gets_another_key_where_it_is_asked_for(folder: DataFolder) -> None:
    begin_rotation(folder, new=False, now=MONDAY)
    with pytest.raises(KeyboardInterrupt):
        reseal_all(folder, advance=stopping(120), now=MONDAY, rest=nothing)
    assert begin_rotation(folder, new=True, now=MONDAY) == 3
    finish(folder)
    assert dict(uses_of(folder).values) == {3: VALUES}


@pytest.mark.parametrize(("values", "after"), [(MANY, 1_000), (VALUES, 1), (VALUES, VALUES + 2)])
def test_rotation_killed_in_the_middle_goes_on(tmp_path: Path, values: int, after: int) -> None:
    path = make(tmp_path / "var", values)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path), str(after)], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    folder = open_folder(path, OURS)
    assert not find_broken(folder, advance=nothing)
    assert begin_rotation(folder, new=False, now=MONDAY) is None
    finish(folder)
    assert dict(uses_of(folder).values) == {2: values}
    assert retire_keys(folder, now=MONDAY) == (1,)
    assert not find_broken(folder, advance=nothing)
    folder.close()


def test_stop_between_key_file_and_database_is_made_good(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = open_folder(path, OURS)

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("bot.rotation.record_event", stopped)
        with pytest.raises(KeyboardInterrupt):
            begin_rotation(folder, new=False, now=MONDAY)
    folder.close()
    again = open_folder(path, OURS)
    assert set(again.database.run_now(key_marks)) == {"key:1", "key:2"}
    assert begin_rotation(again, new=False, now=MONDAY) is None
    finish(again)
    again.close()


def test_who_runs_beside_seals_with_the_new_key_from_the_next_transaction_on(folder: DataFolder) -> None:
    beside = open_folder(folder.path, OURS)
    add_one(beside, "before")
    begin_rotation(folder, new=False, now=MONDAY)
    add_one(beside, "after")
    assert dict(uses_of(folder).values) == {1: VALUES + 1, 2: 1}
    finish(folder)
    retire_keys(folder, now=MONDAY)
    add_one(beside, "later")
    assert dict(uses_of(folder).values) == {2: VALUES + 3}
    assert not find_broken(beside, advance=nothing)
    beside.close()


def test_value_sealed_with_an_old_key_behind_the_pass_is_caught_by_the_next(folder: DataFolder) -> None:
    """As on a database where several write at once."""
    begin_rotation(folder, new=False, now=MONDAY)
    added: list[int] = []
    old = open_folder(folder.path, OURS)

    def advance(_: int) -> None:
        if len(added) < 2:
            added.append(1)
            old.vault._ring = old.vault._ring._replace(newest=1, head=b"\x01\x00\x01")
            add_one(old, "late")

    done = reseal_all(folder, advance=advance, now=MONDAY, rest=nothing)
    assert done.values == VALUES + 2
    assert uses_of(folder).by_other_than(2) == (0, 0)
    old.close()


def test_keys_that_something_needs_are_not_retired(folder: DataFolder) -> None:
    begin_rotation(folder, new=False, now=MONDAY)
    before = folder.key_file.read_bytes()
    with pytest.raises(KeyFileError, match=f"{VALUES} values and {FILES} files still need older keys"):
        retire_keys(folder, now=MONDAY)
    assert folder.key_file.read_bytes() == before
    assert set(folder.database.run_now(key_marks)) == {"key:1", "key:2"}


def test_one_file_alone_keeps_its_key(folder: DataFolder) -> None:
    begin_rotation(folder, new=False, now=MONDAY)
    uid, _ = next(SealedFolder(folder.files, folder.vault).seal_numbers())
    old = (folder.files / uid[:2] / uid).read_bytes()
    finish(folder)
    (folder.files / uid[:2] / uid).write_bytes(old)
    with pytest.raises(KeyFileError, match="0 values and 1 files"):
        retire_keys(folder, now=MONDAY)


def test_retired_key_is_gone_from_file_and_marks_and_the_trail_tells(folder: DataFolder) -> None:
    begin_rotation(folder, new=False, now=MONDAY)
    finish(folder)
    assert retire_keys(folder, now=MONDAY) == (1,)
    assert set(load_keys(folder.key_file).seal_keys) == {2}
    assert set(folder.database.run_now(key_marks)) == {"key:2"}
    assert actions(folder)[-1] == "keys_retired"
    assert retire_keys(folder, now=MONDAY) == ()
    open_folder(folder.path, OURS).close()


def test_stop_before_the_key_leaves_the_file_can_be_made_good(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_rotation(folder, new=False, now=MONDAY)
    finish(folder)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("bot.rotation.drop_seal_keys", stopped)
        with pytest.raises(KeyboardInterrupt):
            retire_keys(folder, now=MONDAY)
    open_folder(folder.path, OURS).close()
    assert retire_keys(folder, now=MONDAY) == (1,)


def test_older_copy_of_the_key_file_is_told_as_such(folder: DataFolder) -> None:
    copy = folder.key_file.read_bytes()
    begin_rotation(folder, new=False, now=MONDAY)
    folder.key_file.write_bytes(copy)
    with pytest.raises(KeyFileError, match="seal key 2, which the database needs, is missing"):
        open_folder(folder.path, OURS)


def test_value_that_does_not_open_is_counted_kept_and_keeps_its_key(folder: DataFolder) -> None:
    def swap(session: Session) -> None:
        one, two = session.exec(select(RatingRow).limit(2)).all()
        one.words, two.words = two.words, one.words

    folder.database.run_now(swap)
    assert find_broken(folder, advance=nothing) == {"ratings": 2}
    begin_rotation(folder, new=False, now=MONDAY)
    done = reseal_all(folder, advance=nothing, now=MONDAY, rest=nothing)
    assert (done.values, dict(done.broken)) == (VALUES - 2, {"ratings": 2})
    with pytest.raises(KeyFileError, match="2 values and 0 files"):
        retire_keys(folder, now=MONDAY)


def test_two_cannot_change_keys_at_once(folder: DataFolder) -> None:
    with (
        changing_keys(folder.path),
        pytest.raises(ConfigError, match="another 'lianxin keys'"),
        changing_keys(folder.path),
    ):
        pass
