"""The key file is read only as it should lie there, and changed whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import KeyFileError
from storage.key_file import add_seal_key, create_key_file, drop_seal_keys, load_keys


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create_key_file(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A key file of nobody's in a folder of root's, while we are nobody."""
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody else")
    place = Path(tempfile.mkdtemp(dir="/tmp"))
    create_key_file(place / "keys")
    place.chmod(0o755)
    os.chown(place / "keys", 65534, 65534)
    os.seteuid(65534)
    yield place / "keys"
    os.seteuid(0)
    shutil.rmtree(place)


def refused(path: Path) -> str:
    with pytest.raises(KeyFileError) as caught:
        load_keys(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_added_key_has_the_next_number_and_the_others_stay(path: Path) -> None:
    before = load_keys(path)
    assert add_seal_key(path) == 2
    after = load_keys(path)
    assert after.hash_key == before.hash_key
    assert after.seal_keys[1] == before.seal_keys[1]
    assert set(after.seal_keys) == {1, 2}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["keys"]


def test_what_else_stands_in_the_file_stays(path: Path) -> None:
    text = path.read_text() + "# ours: second safe, third shelf"
    path.write_text(text.replace("\n", "\r\n"))
    add_seal_key(path)
    assert "# ours: second safe, third shelf" in path.read_text().splitlines()


def test_dropped_keys_are_gone_and_the_newest_never_is(path: Path) -> None:
    add_seal_key(path)
    add_seal_key(path)
    kept = load_keys(path)
    drop_seal_keys(path, {1, 2, 3})
    assert load_keys(path).seal_keys == {3: kept.seal_keys[3]}
    assert load_keys(path).hash_key == kept.hash_key


def test_last_number_is_told(path: Path) -> None:
    path.write_text(path.read_text().replace("seal 1 ", "seal 65535 "))
    with pytest.raises(KeyFileError, match="no number left"):
        add_seal_key(path)


def test_stop_before_the_exchange_leaves_the_old_file_and_the_next_change_sweeps(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", stopped)
        with pytest.raises(KeyboardInterrupt):
            add_seal_key(path)
    assert path.read_bytes() == before
    left = path.with_name(".keys.0123abcd")  # as kill -9 leaves it
    left.write_text("seal 2 of nobody")
    add_seal_key(path)
    assert [one.name for one in path.parent.iterdir()] == ["keys"]


def test_read_only_folder_is_told_and_nothing_changes(as_nobody: Path) -> None:
    before = as_nobody.read_bytes()
    with pytest.raises(KeyFileError, match="folder of the key file is not writable"):
        add_seal_key(as_nobody)
    with pytest.raises(KeyFileError, match="nothing was changed"):
        drop_seal_keys(as_nobody, {1})
    assert as_nobody.read_bytes() == before
    assert [one.name for one in as_nobody.parent.iterdir()] == ["keys"]


def test_link_to_a_private_file_is_followed_and_stays_a_link(path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "keys"
    link.symlink_to(path)
    assert add_seal_key(link) == 2
    assert link.is_symlink()
    assert set(load_keys(path).seal_keys) == {1, 2}


def test_link_to_a_file_others_may_read_is_refused(path: Path, tmp_path: Path) -> None:
    path.chmod(0o604)
    (tmp_path / "link").symlink_to(path)
    assert "chmod 600" in refused(tmp_path / "link")


def test_link_that_leads_nowhere_is_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "keys").symlink_to(tmp_path / "gone")
    assert "missing" in refused(tmp_path / "keys")


def test_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    assert "cannot be read" in refused(tmp_path / "keys")


def test_pipe_in_its_place_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "keys", 0o600)
    assert "cannot be read" in refused(tmp_path / "keys")


def test_file_of_another_user_is_refused_though_it_could_be_read(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root to give a file away")
    os.chown(path, 65534, 65534)
    assert "belongs to another user" in refused(path)
    os.chown(path.parent, 65534, 65534)  # the user of the service, to whom the folder belongs as well
    assert load_keys(path)


def test_rotation_by_root_leaves_the_file_to_its_owner(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root to give a file away")
    for one in (path, path.parent):
        os.chown(one, 65534, 65534)
    add_seal_key(path)
    assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65534)


def test_windows_line_ends_are_read(path: Path) -> None:
    keys = load_keys(path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_keys(path) == keys


def test_every_length_a_truncated_file_may_have_is_refused_or_whole(path: Path) -> None:
    content, keys = path.read_bytes(), load_keys(path)
    for length in range(len(content)):
        path.write_bytes(content[:length])
        if length == len(content) - 1:  # only the last line end is missing
            assert load_keys(path) == keys
        else:
            refused(path)
