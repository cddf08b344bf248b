"""Group chats of offices: only cards without content go there."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime
from storage.hospital_types import EVERYONE
from storage.identity import chat_hash
from storage.vault import Vault, place

__all__ = [
    "EVERYONE", "Group", "active_groups", "bind_group", "group_address", "group_place", "move_group",
]  # fmt: skip


class Group(SQLModel, table=True):
    """An office's group chat, or that of the whole house (EVERYONE); only cards without content go there."""

    __tablename__ = "groups"

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    chat: str = Field(unique=True)
    address: bytes
    office: str = Field(index=True)
    active: bool = True
    joined_at: datetime = Field(sa_type=UtcTime)


def bind_group(
    session: Session, *, channel: str, address: str, office: str, vault: Vault, now: datetime
) -> Group:
    """Makes a group chat the group of an office; a group serves one office."""
    chat = chat_hash(vault, channel, address)
    group = session.exec(select(Group).where(Group.chat == chat)).first() or Group(
        channel=channel, chat=chat, address=b"", office=office, joined_at=now
    )
    group.office, group.active = office, True
    group.address = vault.seal_text(address, group_place(group))
    session.add(group)
    session.flush()
    return group


def move_group(session: Session, *, channel: str, before: str, after: str, vault: Vault) -> bool:
    """The group has a new address (it became a supergroup); False if it was bound to no office."""
    group = session.exec(select(Group).where(Group.chat == chat_hash(vault, channel, before))).first()
    if group is None:
        return False
    office, now = group.office, group.joined_at
    group.active = False
    session.add(group)
    session.flush()
    bind_group(session, channel=channel, address=after, office=office, vault=vault, now=now)
    return True


def group_address(group: Group, *, vault: Vault) -> str:
    """How the messenger names the group; raises SealError if the row was given to another office."""
    return vault.open_text(group.address, group_place(group))


def group_place(row: Any) -> str:
    """The address stands for the office whose cards go there."""
    return place("groups", row.chat, row.channel, row.office)


def active_groups(session: Session) -> list[Group]:
    """Every bound group."""
    return list(session.exec(select(Group).where(col(Group.active)).order_by(col(Group.id))))
