"""What is sealed opens only with its key and in its place; the key file is guarded."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import KeyFileError, SealError
from storage.vault import Keys, Vault, create_key_file, load_keys

OTHER = Vault(Keys(b"h" * 32, {1: b"x" * 32}))
SAME = Vault(Keys(b"h" * 32, {1: b"s" * 32}))


@given(st.text())
def test_any_text_opens_as_it_was_sealed(text: str) -> None:
    assert SAME.open_text(SAME.seal_text(text, "t/1"), "t/1") == text


def test_lone_surrogate_is_kept_as_a_question_mark(vault: Vault) -> None:
    assert vault.open_text(vault.seal_text("红包\ud800", "t/1"), "t/1") == "红包?"


def test_same_text_never_seals_alike(vault: Vault) -> None:
    assert vault.seal(b"a", "t/1") != vault.seal(b"a", "t/1")


def test_value_moved_to_another_row_does_not_open(vault: Vault) -> None:
    with pytest.raises(SealError, match=r"^entries: does not open"):
        vault.open(vault.seal(b"a", "entries/1/x"), "entries/2/x")


@pytest.mark.parametrize("position", [0, 1, 2, 3, 15, -1])
def test_changed_byte_does_not_open(vault: Vault, position: int) -> None:
    sealed = bytearray(vault.seal(b"text", "t/1"))
    sealed[position] ^= 1
    with pytest.raises(SealError):
        vault.open(bytes(sealed), "t/1")


@pytest.mark.parametrize("length", range(32))
def test_value_cut_short_does_not_open(vault: Vault, length: int) -> None:
    with pytest.raises(SealError):
        vault.open(vault.seal(b"text", "t/1")[:length], "t/1")


def test_other_key_does_not_open(vault: Vault) -> None:
    with pytest.raises(SealError):
        OTHER.open(vault.seal(b"a", "t/1"), "t/1")


def test_error_names_the_table_and_nothing_else(vault: Vault) -> None:
    with pytest.raises(SealError) as caught:
        OTHER.open(vault.seal("王医生".encode(), "members/abc/name"), "members/abc/name")
    assert "abc" not in str(caught.value)


def test_new_key_seals_and_old_ones_still_open(vault: Vault) -> None:
    both = Vault(Keys(b"h" * 32, {1: b"s" * 32, 2: b"n" * 32}))
    assert both.open(vault.seal(b"old", "t/1"), "t/1") == b"old"
    with pytest.raises(SealError, match="not in the key file"):
        vault.open(both.seal(b"new", "t/1"), "t/1")


def test_hash_depends_on_purpose_value_and_key(vault: Vault) -> None:
    other = Vault(Keys(b"x" * 32, {1: b"s" * 32}))
    hashes = {
        vault.keyed_hash("sender", "1"), vault.keyed_hash("chat", "1"), vault.keyed_hash("sender", "2"),
        other.keyed_hash("sender", "1"),
    }  # fmt: skip
    assert len(hashes) == 4
    assert vault.keyed_hash("sender", "1") == SAME.keyed_hash("sender", "1")
    assert all(len(one) == 32 for one in hashes)


def test_derived_keys_differ_from_each_other(vault: Vault) -> None:
    assert vault.derived_key("web") != vault.derived_key("desk")
    assert len(vault.derived_key("web")) == 32


def test_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    create_key_file(tmp_path / "keys")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_every_key_file_is_another(tmp_path: Path) -> None:
    for name in "ab":
        create_key_file(tmp_path / name)
    one, two = load_keys(tmp_path / "a"), load_keys(tmp_path / "b")
    assert {len(one.hash_key), len(one.seal_keys[1])} == {32}
    assert len({one.hash_key, two.hash_key, one.seal_keys[1], two.seal_keys[1]}) == 4


def test_existing_key_file_is_never_overwritten(tmp_path: Path) -> None:
    create_key_file(tmp_path / "keys")
    before = (tmp_path / "keys").read_bytes()
    with pytest.raises(FileExistsError):
        create_key_file(tmp_path / "keys")
    assert (tmp_path / "keys").read_bytes() == before


def test_missing_key_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="missing"):
        load_keys(tmp_path / "keys")


def test_folder_in_place_of_the_key_file_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(KeyFileError, match="cannot be read"):
        load_keys(tmp_path)


def test_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    create_key_file(tmp_path / "keys")
    (tmp_path / "keys").chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_keys(tmp_path / "keys")


KEY = "A" * 43 + "="


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "needs one 'hash' line"),
        (f"hash {KEY}\n", "needs one 'hash' line"),
        (f"seal 1 {KEY}\n", "needs one 'hash' line"),
        (f"hash {KEY}\nseal one {KEY}\n", ":2: expected"),
        (f"hash {KEY}\nseal 0 {KEY}\n", ":2: expected"),
        (f"hash {KEY}\nseal 65536 {KEY}\n", ":2: expected"),
        ("hash ключ\n", "cannot be read"),
        (f"hash {KEY}\nhash {KEY}\nseal 1 {KEY}\n", ":2: .* second"),
        (f"hash {KEY}\nseal 1 {KEY}\nseal 1 {KEY}\n", ":3: .* second"),
        ("hash AAAA\n", ":1: a key is 44 characters"),
        ("hash !!!\n", ":1: a key is 44 characters"),
        (f"# kept\n\nhash {KEY}\nnonsense\n", ":4: expected"),
    ],
)
def test_mistake_in_the_key_file_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "keys"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=told) as caught:
        load_keys(path)
    assert KEY not in str(caught.value)
