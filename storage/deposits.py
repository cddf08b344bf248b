"""Files that staff hand in, for a duty or as proof: sealed on disk, each tied to its matter."""

import hmac
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, as_number
from storage.errors import SealError
from storage.messages import StoredFile
from storage.vault import Vault, place


class Deposit(SQLModel, table=True):
    """A file of a `matter` (submission:12, hand_in:3). `bond` is a keyed hash over all the rest.

    Who may fetch it is decided by the matter; the name is ours and tells only the kind.
    """

    __tablename__ = "deposits"

    uid: str = Field(primary_key=True, max_length=32)
    matter: str = Field(index=True)
    position: int = 0
    name: str
    media_type: str
    size: int
    warning: bool = False
    created_at: datetime = Field(sa_type=UtcTime)
    bond: str


def deposit(
    session: Session, files: Sequence[StoredFile], matter: str, *, vault: Vault, now: datetime
) -> None:
    """Ties stored files to a matter."""
    for position, file in enumerate(files):
        session.add(
            Deposit(
                uid=file.uid, matter=matter, position=position, name=file.name, media_type=file.media_type,
                size=file.size, warning=file.warning, created_at=now,
                bond=_bond(vault, file, matter, position, now),
            )
        )  # fmt: skip
    session.flush()


def deposits_of(session: Session, matter: str) -> list[Deposit]:
    """The files of a matter in the order in which they came."""
    found = select(Deposit).where(Deposit.matter == matter)
    return list(session.exec(found.order_by(col(Deposit.created_at), col(Deposit.position))))


def find_deposit(session: Session, uid: str) -> Deposit | None:
    """The file with this uid; who may fetch it is decided by its matter."""
    return session.get(Deposit, uid)


def drop_deposits(session: Session, matter: str) -> list[str]:
    """Takes the rows of a matter away and gives the uids of their files, for deleting."""
    gone = delete(Deposit).where(col(Deposit.matter) == matter).returning(col(Deposit.uid))
    return [uid for (uid,) in session.execute(gone)]


def deposited(session: Session, uids: Collection[str] | None = None) -> set[str]:
    """The uids of all such files, or those among `uids`."""
    found = select(Deposit.uid)
    return set(session.exec(found if uids is None else found.where(col(Deposit.uid).in_(uids))))


def count_moved_deposits(session: Session, *, vault: Vault) -> int:
    """How many rows were changed, or moved to another matter, from outside."""
    return sum(not _is_bound(row, vault) for row in session.exec(select(Deposit)))


def to_stored(row: Deposit, *, vault: Vault) -> StoredFile:
    """The plain value that travels to a channel; raises SealError if the row was changed."""
    file = StoredFile(row.uid, row.name, row.media_type, row.size, row.warning)
    if not hmac.compare_digest(_bond(vault, file, row.matter, row.position, row.created_at), row.bond):
        raise SealError("deposits: the row was changed, or belongs to another matter")
    return file


def _is_bound(row: Deposit, vault: Vault) -> bool:
    try:
        to_stored(row, vault=vault)
    except SealError:
        return False
    return True


def _bond(vault: Vault, file: StoredFile, matter: str, position: int, at: datetime) -> str:
    what = (file.uid, file.name, file.media_type, file.size, file.warning)
    return vault.keyed_hash("deposit", place("deposits", *what, matter, position, as_number(at)))
