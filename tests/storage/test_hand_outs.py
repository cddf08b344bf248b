"""Files made for a member: theirs alone, for some days."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage.errors import NoSuchFile, SealError
from storage.files import FileStore, count_moved, known_files, unknown_files
from storage.hand_outs import LASTS, HandOut, forget_hand_outs, hand_out, handed_to, take_back
from storage.hospital import Files
from storage.members import Member, Role, add_member
from storage.messages import StoredFile
from storage.vault import Vault


@pytest.fixture
def store(tmp_path: Path, vault: Vault) -> FileStore:
    return FileStore(tmp_path / "files", vault, Files())


@pytest.fixture
def members(session: Session, vault: Vault, now: datetime) -> tuple[Member, Member]:
    def join(name: str) -> Member:
        return add_member(
            session, sender=name, channel="web", address=name, name=name, office="骨科", role=Role.HEAD,
            vault=vault, now=now,
        )  # fmt: skip

    return join("anna"), join("bert")


@pytest.fixture
def file(store: FileStore) -> StoredFile:
    return store.keep_own(b"picture", "满意度.png", "image/png")


def test_it_is_sealed_on_disk_and_opens_again(store: FileStore, file: StoredFile, tmp_path: Path) -> None:
    assert store.read(file.uid) == b"picture"
    [path] = [one for one in (tmp_path / "files").rglob("*") if one.is_file()]
    assert b"picture" not in path.read_bytes()


def test_its_member_gets_it_and_nobody_else(
    session: Session, vault: Vault, now: datetime, file: StoredFile, members: tuple[Member, Member]
) -> None:
    anna, bert = members
    hand_out(session, file, anna.id or 0, vault=vault, now=now)
    assert handed_to(session, file.uid, anna.id, vault=vault, now=now) == file
    assert handed_to(session, file.uid, bert.id, vault=vault, now=now) is None
    assert handed_to(session, file.uid, anna.id, vault=vault, now=now + LASTS) is None


def test_a_row_given_to_somebody_else_in_the_table_opens_nothing(
    session: Session, vault: Vault, now: datetime, file: StoredFile, members: tuple[Member, Member]
) -> None:
    anna, bert = members
    hand_out(session, file, anna.id or 0, vault=vault, now=now)
    row = session.exec(select(HandOut)).one()
    row.member_id = bert.id or 0
    session.flush()
    with pytest.raises(SealError):
        handed_to(session, file.uid, bert.id, vault=vault, now=now)
    assert count_moved(session, vault=vault) == 1, "keys verify tells of it"


def test_the_file_of_a_case_cannot_be_handed_out_by_who_has_the_table_alone(
    session: Session, vault: Vault, now: datetime, members: tuple[Member, Member]
) -> None:
    forged = HandOut(
        uid="a" * 32, member_id=members[0].id or 0, name="x", media_type="image/png", size=1,
        until=now + LASTS, bond="forged",
    )  # fmt: skip
    session.add(forged)
    session.flush()
    with pytest.raises(SealError):
        handed_to(session, "a" * 32, members[0].id, vault=vault, now=now)


def test_it_is_known_until_its_days_are_over(
    session: Session, vault: Vault, now: datetime, file: StoredFile, members: tuple[Member, Member]
) -> None:
    hand_out(session, file, members[0].id or 0, vault=vault, now=now)
    assert known_files(session) == {file.uid}
    assert unknown_files(session, [file.uid, "b" * 32]) == ["b" * 32]
    assert forget_hand_outs(session, now=now) == 0
    assert forget_hand_outs(session, now=now + LASTS) == 1
    assert unknown_files(session, [file.uid]) == [file.uid]


def test_who_leaves_has_nothing_any_more(
    session: Session, vault: Vault, now: datetime, file: StoredFile, members: tuple[Member, Member]
) -> None:
    hand_out(session, file, members[0].id or 0, vault=vault, now=now)
    take_back(session, members[0].id or 0)
    assert known_files(session) == set()


def test_what_is_gone_is_gone(store: FileStore, file: StoredFile) -> None:
    store.delete(file.uid)
    with pytest.raises(NoSuchFile):
        store.read(file.uid)
