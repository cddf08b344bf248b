"""What is sealed opens only with its key and in its place; the key file is guarded."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import KeyFileError, SealError
from storage.key_file import add_seal_key, drop_seal_keys
from storage.vault import Keys, Vault, create_key_file, load_keys, place, seal_number

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


PLACES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.binary(max_size=300), PLACES)
def test_any_bytes_open_in_any_place_they_were_sealed_for(plain: bytes, where: str) -> None:
    assert SAME.open(SAME.seal(plain, where), where) == plain


@given(st.binary(max_size=200), PLACES, st.data())
def test_a_changed_bit_anywhere_never_opens(plain: bytes, where: str, data: st.DataObject) -> None:
    sealed = bytearray(SAME.seal(plain, where))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealError):
        SAME.open(bytes(sealed), where)


@given(st.binary(max_size=200), PLACES, PLACES)
def test_what_was_moved_never_opens(plain: bytes, where: str, elsewhere: str) -> None:
    sealed = SAME.seal(plain, where)
    if where == elsewhere:
        return
    with pytest.raises(SealError):
        SAME.open(sealed, elsewhere)


@given(st.binary(max_size=200), PLACES, st.binary(min_size=1, max_size=40))
def test_cut_or_lengthened_never_opens(plain: bytes, where: str, more: bytes) -> None:
    sealed = SAME.seal(plain, where)
    for changed in (sealed + more, more + sealed, sealed[: -len(more)]):
        with pytest.raises(SealError):
            SAME.open(changed, where)


@given(st.binary(max_size=100))
def test_bytes_of_nobody_never_open(garbage: bytes) -> None:
    with pytest.raises(SealError):
        SAME.open(garbage, "t/1")


PARTS = st.lists(st.one_of(st.none(), st.integers(), st.text(alphabet="ab/:|,药\n", max_size=4)), max_size=4)


@given(PARTS, PARTS)
def test_two_places_are_alike_only_where_all_their_parts_are(one: list[object], two: list[object]) -> None:
    alike = list(map(str, one)) == list(map(str, two))
    both_empty = [*map(str, one)] in ([], [""]) and [*map(str, two)] in ([], [""])
    assert (place("t", *one) == place("t", *two)) == (alike or both_empty)


def test_key_that_comes_into_the_file_seals_from_the_next_look_on(tmp_path: Path) -> None:
    create_key_file(tmp_path / "keys")
    vault = Vault.from_file(tmp_path / "keys")
    old = vault.seal(b"old", "t/1")
    add_seal_key(tmp_path / "keys")
    assert vault.newest == 1
    vault.refresh()
    assert (vault.newest, vault.numbers) == (2, (1, 2))
    assert seal_number(vault.seal(b"new", "t/1")) == 2
    assert vault.open(old, "t/1") == b"old"


def test_value_sealed_with_a_key_not_seen_yet_opens_without_a_restart(tmp_path: Path) -> None:
    create_key_file(tmp_path / "keys")
    serving = Vault.from_file(tmp_path / "keys")
    add_seal_key(tmp_path / "keys")
    elsewhere = Vault.from_file(tmp_path / "keys")
    assert serving.open(elsewhere.seal(b"new", "t/1"), "t/1") == b"new"
    assert serving.newest == 2


def test_retired_key_opens_on_in_who_knew_it_and_seals_no_more(tmp_path: Path) -> None:
    create_key_file(tmp_path / "keys")
    vault = Vault.from_file(tmp_path / "keys")
    old = vault.seal(b"late", "t/1")
    add_seal_key(tmp_path / "keys")
    drop_seal_keys(tmp_path / "keys", {1})
    vault.refresh()
    assert vault.open(old, "t/1") == b"late"
    assert seal_number(vault.seal(b"new", "t/1")) == 2
    with pytest.raises(SealError, match="not in the key file"):
        Vault.from_file(tmp_path / "keys").open(old, "t/1")


@pytest.mark.parametrize("spoiled", ["gone", "empty", "of another", "same number, another key", "readable"])
def test_spoiled_key_file_changes_nothing_for_who_runs(tmp_path: Path, spoiled: str) -> None:
    path = tmp_path / "keys"
    create_key_file(path)
    vault = Vault.from_file(path)
    sealed, ours = vault.seal(b"text", "t/1"), path.read_text()
    create_key_file(tmp_path / "other")
    lines = (tmp_path / "other").read_text().splitlines()
    match spoiled:
        case "gone":
            path.unlink()
        case "empty":
            path.write_text("")
        case "of another":
            path.write_text((tmp_path / "other").read_text() + f"seal 2 {'B' * 43}=\n")
        case "same number, another key":
            path.write_text("\n".join([*ours.splitlines()[:-1], lines[-1], f"seal 2 {'B' * 43}="]))
        case "readable":
            add_seal_key(path)
            path.chmod(0o644)
    vault.refresh()
    assert vault.newest == 1
    assert vault.open(sealed, "t/1") == b"text"
    assert vault.keyed_hash("a", "b") == vault.keyed_hash("a", "b")


def test_values_that_do_not_open_are_counted(vault: Vault) -> None:
    before = vault.unopened
    with pytest.raises(SealError):
        vault.open(b"", "t/1")
    assert vault.unopened == before + 1
