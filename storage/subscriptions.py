"""Where a reporter wants answers pushed to: only with consent, sealed, apart, and not for ever."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, update
from sqlalchemy import select as core_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime
from storage.direct import Prepared
from storage.errors import SealError
from storage.identity import chat_hash
from storage.vault import Vault, place


class Subscription(SQLModel, table=True):
    """One chat that is told of a case's answers; deleted at `purge_at`.

    `chat` is a keyed hash of the chat's own: in no other table is it known by the same, or a report could be
    joined to the stay of a patient who is asked in that chat.
    """

    __tablename__ = "subscriptions"

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    chat: str = Field(primary_key=True, index=True)
    channel: str
    address: bytes
    purge_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)


_TABLE = Subscription.__table__  # type: ignore[attr-defined]
_TOLD = Prepared(
    core_select(_TABLE.c.case_id, _TABLE.c.chat, _TABLE.c.channel, _TABLE.c.address).where(
        _TABLE.c.chat == bindparam("where")
    )
)


def subscribe(session: Session, case_id: int, *, channel: str, address: str, vault: Vault) -> None:
    """Answers to this case are also pushed to this chat, until it is told otherwise."""
    chat = _known_as(chat_hash(vault, channel, address), vault)
    if session.get(Subscription, (case_id, chat)) is None:
        sealed = vault.seal_text(address, subscription_place(case_id, chat, channel))
        session.add(Subscription(case_id=case_id, chat=chat, channel=channel, address=sealed))


def unsubscribe(session: Session, case_id: int, *, chat: str, vault: Vault) -> None:
    """Forgets one chat of a case."""
    here = (col(Subscription.case_id) == case_id, col(Subscription.chat) == _known_as(chat, vault))
    session.execute(delete(Subscription).where(*here))


def is_subscribed(session: Session, case_id: int, *, chat: str, vault: Vault) -> bool:
    """Whether this chat is told of the case's answers; raises SealError for a row moved to another case."""
    row = session.get(Subscription, (case_id, _known_as(chat, vault)))
    return row is not None and bool(_address(row, vault))


def subscribers(session: Session, case_id: int, *, vault: Vault) -> list[tuple[str, str]]:
    """Channel and address of every chat that wants to be told; a row that was changed is passed over."""
    found = session.exec(select(Subscription).where(Subscription.case_id == case_id)).all()
    return [(row.channel, _address(row, vault)) for row in found if _is_ours(row, vault)]


def cases_told(session: Session, chat: str, *, vault: Vault) -> list[int]:
    """The cases whose answers are pushed to this chat: who writes from it may read them.

    A row that was moved to another case is passed over, else it would open that case.
    """
    rows = (Subscription(case_id=row[0], chat=row[1], channel=row[2], address=row[3])
            for row in _TOLD.rows(session, {"where": _known_as(chat, vault)}))  # fmt: skip
    return [row.case_id for row in rows if _is_ours(row, vault)]


def schedule_purge(session: Session, case_id: int, *, days: int, now: datetime) -> None:
    """The case was closed: its addresses go in `days` days."""
    rows = update(Subscription).where(col(Subscription.case_id) == case_id)
    session.execute(rows.values(purge_at=now + timedelta(days=days)))


def cancel_purge(session: Session, case_id: int) -> None:
    """The case was reopened: its addresses stay."""
    session.execute(update(Subscription).where(col(Subscription.case_id) == case_id).values(purge_at=None))


def purge_addresses(session: Session, *, now: datetime) -> int:
    """Deletes the addresses whose time is over; returns how many."""
    return int(session.execute(delete(Subscription).where(col(Subscription.purge_at) <= now)).rowcount)  # type: ignore[attr-defined]


def drop_chat(session: Session, chat: str, *, vault: Vault) -> None:
    """The chat is gone for good (blocked, left): nothing is pushed there any more."""
    session.execute(delete(Subscription).where(col(Subscription.chat) == _known_as(chat, vault)))


def subscription_place(case_id: int, chat: str, channel: str) -> str:
    """An address stands for its case and chat: neither may be exchanged."""
    return place("subscriptions", case_id, chat, channel)


def _known_as(chat: str, vault: Vault) -> str:
    return vault.keyed_hash("told", chat)


def _address(row: Subscription, vault: Vault) -> str:
    return vault.open_text(row.address, subscription_place(row.case_id, row.chat, row.channel))


def _is_ours(row: Subscription, vault: Vault) -> bool:
    try:
        return bool(_address(row, vault))
    except SealError:
        return False
