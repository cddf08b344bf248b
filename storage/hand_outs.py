"""Files the house made for one member, such as a picture of figures: sealed on disk, and gone after days."""

import hmac
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, as_number
from storage.errors import SealError
from storage.messages import StoredFile
from storage.vault import Vault, place

OWN = "own"
"""The matter of what is nobody's but its owner's, whatever their role."""
LASTS = timedelta(days=3)
"""How long a file can be fetched; the sweep for files without a row takes it afterwards."""


class HandOut(SQLModel, table=True):
    """A file of no case. `bond` is a keyed hash over all the rest, so that nobody is given another's file.

    `matter` is what it tells of where that is not figures for all who see some (drive:KEY, coverage:OFFICE,
    OWN).
    """

    __tablename__ = "hand_outs"

    uid: str = Field(primary_key=True, max_length=32)
    member_id: int = Field(foreign_key="members.id", index=True)
    name: str
    media_type: str
    size: int
    matter: str = ""
    until: datetime = Field(sa_type=UtcTime, index=True)
    bond: str


def hand_out(
    session: Session, file: StoredFile, member_id: int, *, matter: str = "", vault: Vault, now: datetime
) -> None:
    """Lets a member have a stored file for some days, as long as they may know of the matter."""
    until = now + LASTS
    session.add(
        HandOut(
            uid=file.uid, member_id=member_id, name=file.name, media_type=file.media_type, size=file.size,
            matter=matter, until=until, bond=_bond(vault, file, member_id, matter, until),
        )
    )  # fmt: skip
    session.flush()


def handed_to(
    session: Session, uid: str, member_id: int | None, *, vault: Vault, now: datetime
) -> StoredFile | None:
    """The file, if it was made for this member and its days are not over.

    Raises SealError for a row that was changed.
    """
    row = session.get(HandOut, uid)
    if row is None or row.member_id != member_id or row.until <= now:
        return None
    return to_stored(row, vault=vault)


def matter_handed_out(session: Session, uid: str) -> str:
    """The matter of such a file; empty for figures."""
    row = session.get(HandOut, uid)
    return row.matter if row is not None else ""


def to_stored(row: HandOut, *, vault: Vault) -> StoredFile:
    """The plain value that travels to a channel; raises SealError if the row was changed."""
    file = StoredFile(row.uid, row.name, row.media_type, row.size, ours=True)
    if not hmac.compare_digest(_bond(vault, file, row.member_id, row.matter, row.until), row.bond):
        raise SealError("hand_outs: the row was changed, or belongs to somebody else")
    return file


def handed_out(session: Session, uids: Collection[str] | None = None) -> set[str]:
    """The uids of all such files, or those among `uids`."""
    found = select(HandOut.uid)
    return set(session.exec(found if uids is None else found.where(col(HandOut.uid).in_(uids))))


def count_exchanged(session: Session, *, vault: Vault) -> int:
    """How many rows were changed, or given to another member, from outside."""
    return sum(not _is_bound(row, vault) for row in session.exec(select(HandOut)))


def forget_hand_outs(session: Session, *, now: datetime) -> int:
    """Takes back what has had its days; returns how many."""
    return int(session.execute(delete(HandOut).where(col(HandOut.until) <= now)).rowcount)  # type: ignore[attr-defined]


def take_back(session: Session, member_id: int) -> None:
    """Who leaves has nothing any more."""
    session.execute(delete(HandOut).where(col(HandOut.member_id) == member_id))


def _is_bound(row: HandOut, vault: Vault) -> bool:
    try:
        to_stored(row, vault=vault)
    except SealError:
        return False
    return True


def _bond(vault: Vault, file: StoredFile, member_id: int, matter: str, until: datetime) -> str:
    what = (file.uid, file.name, file.media_type, file.size, member_id, matter, as_number(until))
    return vault.keyed_hash("hand_out", place("hand_outs", *what))
