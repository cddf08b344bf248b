"""The check value tells the right key from every wrong one."""

import pytest
from sqlmodel import Session

from storage.errors import KeyFileError
from storage.marks import check_keys, has_key_mark, key_marks, mark_key, read_mark, set_mark
from storage.vault import Keys, Vault


def test_a_mark_is_read_back_and_replaced(session: Session) -> None:
    assert read_mark(session, "page") is None
    set_mark(session, "page", b"1")
    set_mark(session, "page", b"2")
    assert read_mark(session, "page") == b"2"


def test_right_key_passes(session: Session, vault: Vault) -> None:
    assert not has_key_mark(session, vault=vault)
    mark_key(session, vault=vault)
    assert has_key_mark(session, vault=vault)
    check_keys(key_marks(session), vault=vault)


@pytest.mark.parametrize(
    "wrong",
    [
        Keys(b"h" * 32, {1: b"x" * 32}),
        Keys(b"h" * 32, {2: b"s" * 32}),
        Keys(b"x" * 32, {1: b"s" * 32}),
    ],
    ids=["another key that seals", "our key under another number", "another key that hashes"],
)
def test_wrong_key_is_named_as_such(session: Session, vault: Vault, wrong: Keys) -> None:
    mark_key(session, vault=vault)
    with pytest.raises(KeyFileError, match="does not belong to this database"):
        check_keys(key_marks(session), vault=Vault(wrong))


def test_key_added_for_rotation_passes(session: Session, vault: Vault) -> None:
    mark_key(session, vault=vault)
    check_keys(key_marks(session), vault=Vault(Keys(b"h" * 32, {1: b"s" * 32, 2: b"n" * 32})))
