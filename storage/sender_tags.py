"""By what the sender of a case's latest message could be blocked: for three days, sealed, and no longer.

A report is kept without its sender, and this does not change that:

- A tag is a keyed hash of the sender's keyed hash under a purpose of its own. It stands in no other table
  unless the sender is blocked, so nothing can be joined by it, over channels least of all.
- It is sealed besides, bound to its case and with a fresh nonce: two cases of one sender hold two values
  that have nothing in common. The database alone does not tell that they are one person's.
- There is one for each case, of the last message that was kept. It is deleted 72 hours after that message,
  and at once when the case is closed.

On the web a sender is a session: blocking one holds that page and no other.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import UtcTime
from storage.direct import Prepared
from storage.errors import SealError
from storage.vault import Vault, place

KEPT = timedelta(hours=72)


class SenderTag(SQLModel, table=True):
    """The sealed tag of one case; gone at `until`."""

    __tablename__ = "sender_tags"

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    tag: bytes
    until: datetime = Field(sa_type=UtcTime, index=True)


_TABLE = SenderTag.__table__  # type: ignore[attr-defined]


def _upsert(make: Any) -> Any:
    row = make(_TABLE)
    fresh = {"tag": row.excluded.tag, "until": row.excluded.until}
    return row.on_conflict_do_update(index_elements=["case_id"], set_=fresh)


_PUT = {"sqlite": Prepared(_upsert(sqlite_insert)), "postgresql": Prepared(_upsert(postgres_insert))}


def tag_of(sender: str, *, vault: Vault) -> str:
    """The tag of a sender, who is known by a keyed hash."""
    return vault.keyed_hash("block", sender)


def keep_tag(session: Session, case_id: int, sender: str, *, vault: Vault, now: datetime) -> None:
    """Remembers for three days who wrote to a case last; whoever did before is forgotten."""
    tag = bytes.fromhex(tag_of(sender, vault=vault))
    put = _PUT[session.get_bind().dialect.name]
    put.run(session, {"case_id": case_id, "tag": vault.seal(tag, tag_place(case_id)), "until": now + KEPT})


def find_tag(session: Session, case_id: int, *, vault: Vault, now: datetime) -> str:
    """The tag of a case's last sender; empty where it is gone."""
    row = session.get(SenderTag, case_id)
    if row is None or row.until <= now:
        return ""
    try:
        return vault.open(row.tag, tag_place(case_id)).hex()
    except SealError:
        return ""


def has_tag(session: Session, case_id: int, *, now: datetime) -> bool:
    """Whether the last sender of a case could be blocked."""
    row = session.get(SenderTag, case_id)
    return row is not None and row.until > now


def forget_tags(session: Session, case_ids: Sequence[int]) -> None:
    """The cases were closed: nothing is left by which their senders could be told."""
    session.execute(delete(SenderTag).where(col(SenderTag.case_id).in_(case_ids)))


def forget_old_tags(session: Session, *, now: datetime) -> int:
    """Deletes tags whose time is over; returns how many."""
    return int(session.execute(delete(SenderTag).where(col(SenderTag.until) <= now)).rowcount)  # type: ignore[attr-defined]


def tag_place(case_id: int) -> str:
    """A tag stands for its case."""
    return place("sender_tags", case_id)
