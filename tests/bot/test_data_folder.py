"""The data folder opens, or says in one line why not, and never makes a second set of keys."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.data_folder import DATABASE, KEYS, open_folder, serving
from storage.errors import ConfigError, KeyFileError, LianxinError

ROOT = Path(__file__).parents[2]
OURS = SimpleNamespace(key_file=None)
OPEN = """
import sys; from pathlib import Path; from types import SimpleNamespace
from bot.data_folder import open_folder; from storage.errors import LianxinError
try: open_folder(Path(sys.argv[1]), SimpleNamespace(key_file=None)).close()
except LianxinError as error: sys.exit(str(error))
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the first start leaves it."""
    path = tmp_path_factory.mktemp("made") / "var"
    open_folder(path, OURS).close()
    return path


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "var")


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder of root's, while we are somebody else; root itself may write everywhere."""
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody else")
    place = Path(tempfile.mkdtemp(dir="/tmp"))
    place.chmod(0o755)
    os.seteuid(65534)
    yield place
    os.seteuid(0)
    shutil.rmtree(place)


def refused(path: Path) -> str:
    """The one line that opening this folder ends with."""
    with pytest.raises(LianxinError) as caught:
        open_folder(path, OURS)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_first_start_makes_everything_private(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "var"
    opened = open_folder(path, OURS)
    assert mode(path) == 0o700
    assert mode(path / KEYS) == 0o600
    assert {DATABASE, KEYS, "hospital.toml", "holidays.toml"} <= {one.name for one in path.iterdir()}
    assert opened.house.hospital.discipline_office
    assert opened.files == path / "files"
    opened.close()


def test_second_start_changes_nothing(folder: Path) -> None:
    (folder / "hospital.toml").write_text("# ours\n", "utf-8")
    before = {name: (folder / name).read_bytes() for name in (KEYS, "hospital.toml", "holidays.toml")}
    open_folder(folder, OURS).close()
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_what_was_sealed_opens_after_a_second_start(tmp_path: Path) -> None:
    first = open_folder(tmp_path / "var", OURS)
    sealed = first.vault.seal(b"text", "t/1")
    first.close()
    second = open_folder(tmp_path / "var", OURS)
    assert second.vault.open(sealed, "t/1") == b"text"
    second.close()


def test_mistake_in_hospital_file_is_told_when_the_house_is_needed(folder: Path) -> None:
    (folder / "hospital.toml").write_text("name = [", "utf-8")
    opened = open_folder(folder, OURS)
    with pytest.raises(ConfigError, match=r"hospital\.toml"):
        _ = opened.house
    opened.close()


def test_key_file_may_lie_elsewhere(tmp_path: Path) -> None:
    elsewhere = SimpleNamespace(key_file=tmp_path / "safe.keys")
    open_folder(tmp_path / "var", elsewhere).close()
    assert mode(tmp_path / "safe.keys") == 0o600
    assert not (tmp_path / "var" / KEYS).exists()


def test_missing_key_file_beside_a_database_is_an_error_and_not_a_fresh_key(folder: Path) -> None:
    (folder / KEYS).unlink()
    assert "the key file is missing" in refused(folder)
    assert not (folder / KEYS).exists()


def test_wrong_key_stops_the_start_and_touches_nothing(folder: Path, tmp_path: Path) -> None:
    open_folder(tmp_path / "other", OURS).close()
    shutil.copy(tmp_path / "other" / KEYS, folder / KEYS)
    before = (folder / DATABASE).read_bytes()
    with pytest.raises(KeyFileError, match="does not belong to this database"):
        open_folder(folder, OURS)
    assert (folder / DATABASE).read_bytes() == before


def test_key_file_that_others_may_read_is_refused(folder: Path) -> None:
    (folder / KEYS).chmod(0o644)
    assert "chmod 600" in refused(folder)


def test_start_that_was_killed_before_the_check_value_goes_on(folder: Path) -> None:
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.execute("DELETE FROM marks")
    connection.close()
    open_folder(folder, OURS).close()
    with sqlite3.connect(folder / DATABASE) as connection:
        assert connection.execute("SELECT count(*) FROM marks").fetchone() == (1,)
    connection.close()


def test_keys_without_a_database_are_used(folder: Path) -> None:
    before = (folder / KEYS).read_bytes()
    (folder / DATABASE).unlink()
    open_folder(folder, OURS).close()
    assert (folder / KEYS).read_bytes() == before


def test_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    assert "is a file, not a folder" in refused(tmp_path / "var")
    assert "lies below a file" in refused(tmp_path / "var" / "deeper")


def test_folder_that_cannot_be_made_is_told() -> None:
    assert "cannot be made there" in refused(Path("/proc/nowhere/var"))


def test_folder_of_somebody_else_is_told(as_nobody: Path) -> None:
    assert "not writable for this user" in refused(as_nobody)
    assert "not writable for this user" in refused(as_nobody / "var")


def test_database_of_somebody_else_is_told(made: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody else")
    place = Path(tempfile.mkdtemp(dir="/tmp"))
    shutil.copytree(made, place, dirs_exist_ok=True)
    for path in (place, place / KEYS, place / ".setup.lock"):
        os.chown(path, 65534, 65534)
    (place / DATABASE).chmod(0o644)
    os.seteuid(65534)
    try:
        assert "not writable for this user" in refused(place)
    finally:
        os.seteuid(0)
        shutil.rmtree(place)


@pytest.mark.parametrize("content", [b"this is no database, it is a letter" * 40, b"\x00" * 5000])
def test_database_that_is_none_is_told(folder: Path, content: bytes) -> None:
    (folder / DATABASE).write_bytes(content)
    assert "no database" in refused(folder)
    assert (folder / DATABASE).read_bytes() == content


def test_damaged_database_is_told(folder: Path) -> None:
    whole = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert "damaged" in refused(folder)


def test_folder_in_place_of_the_database_is_told(folder: Path) -> None:
    (folder / DATABASE).unlink()
    (folder / DATABASE).mkdir()
    assert "cannot be opened" in refused(folder)


def test_database_of_another_program_is_told(folder: Path) -> None:
    (folder / DATABASE).unlink()
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.execute("CREATE TABLE bookmarks (id INTEGER)")
    connection.close()
    assert "another program" in refused(folder)


@pytest.mark.parametrize("most", [0, 200, 4096, 60_000])
def test_full_disk_is_told_in_one_line_and_repaired_by_room(tmp_path: Path, most: int) -> None:
    """A limit on the size of files stands for the full disk: the writes fail at different places."""
    path = tmp_path / "var"
    ended = subprocess.run(
        [sys.executable, "-c", OPEN, str(path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "make room" in ended.stderr
    open_folder(path, OURS).close()


def test_two_first_starts_at_once_make_one_set_of_keys(tmp_path: Path) -> None:
    path = tmp_path / "var"
    both = [
        subprocess.Popen([sys.executable, "-c", OPEN, str(path)], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    told = [one.communicate()[1] for one in both]
    assert told == [b"", b""]
    open_folder(path, OURS).close()


def test_second_serve_on_a_folder_is_refused(folder: Path) -> None:
    with serving(folder), pytest.raises(ConfigError, match="another 'lianxin serve'"), serving(folder):
        pass
    with serving(folder):
        pass


def test_other_commands_may_work_beside_serve(folder: Path) -> None:
    with serving(folder):
        open_folder(folder, OURS).close()


def test_serve_makes_its_folder(tmp_path: Path) -> None:
    with serving(tmp_path / "new"):
        assert mode(tmp_path / "new") == 0o700


def test_error_while_serving_is_not_taken_for_a_second_serve(folder: Path) -> None:
    with pytest.raises(BlockingIOError), serving(folder):
        raise BlockingIOError
