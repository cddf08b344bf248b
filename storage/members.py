"""Officers and groups: who joined, for which office, and how they are reached."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, delete, func, update
from sqlalchemy import select as core_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, Word
from storage.direct import Prepared
from storage.errors import CodeError
from storage.vault import Vault

INVITE_LASTS = timedelta(days=7)
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


class Role(StrEnum):
    """What a member of staff may do; a supervisor also sees sealed cases."""

    OFFICER = "officer"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Member(SQLModel, table=True):
    """A person who handles cases; `sender` is a keyed hash, name and address are sealed."""

    __tablename__ = "members"

    id: int | None = Field(default=None, primary_key=True)
    sender: str = Field(unique=True)
    channel: str
    address: bytes
    name: bytes
    office: str = Field(index=True)
    role: Role = Field(sa_type=Word(Role))
    on_duty: bool = True
    active: bool = True
    joined_at: datetime = Field(sa_type=UtcTime)
    changed_at: datetime = Field(sa_type=UtcTime)


class Group(SQLModel, table=True):
    """An office's group chat; only cards without content go there."""

    __tablename__ = "groups"

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    chat: str = Field(unique=True)
    address: bytes
    office: str = Field(index=True)
    active: bool = True
    joined_at: datetime = Field(sa_type=UtcTime)


class Invite(SQLModel, table=True):
    """A one-time join code, kept as a keyed hash."""

    __tablename__ = "invites"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    office: str
    role: Role = Field(sa_type=Word(Role))
    name: bytes | None = None
    for_group: bool = False
    expires_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)


_TABLE = Member.__table__  # type: ignore[attr-defined]
_WHO = Prepared(core_select(_TABLE.c.id).where(_TABLE.c.sender == bindparam("who")))
_VERSION = Prepared(core_select(func.count(_TABLE.c.id), func.max(_TABLE.c.changed_at)))


def invite(
    session: Session,
    office: str,
    *,
    vault: Vault,
    now: datetime,
    role: Role = Role.OFFICER,
    name: str = "",
    for_group: bool = False,
) -> str:
    """A new join code such as ABCDE-23456 that works once within seven days."""
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2))
    hashed = _code_hash(vault, code)
    sealed = vault.seal_text(name, f"invites/{hashed}/name") if name else None
    expires = now + INVITE_LASTS
    session.add(
        Invite(code=hashed, office=office, role=role, name=sealed, for_group=for_group, expires_at=expires)
    )
    return code


def withdraw_invites(session: Session, office: str, role: Role) -> None:
    """Unused personal codes for this office and role work no more."""
    unused = (col(Invite.used_at).is_(None), col(Invite.for_group).is_(False))
    session.execute(delete(Invite).where(*unused, col(Invite.office) == office, col(Invite.role) == role))


def check_invite(
    session: Session, code: str, *, for_group: bool, vault: Vault, now: datetime
) -> tuple[Invite, str]:
    """Like `use_invite`, but the code stays good: for asking something before it is used."""
    hashed = _code_hash(vault, code)
    good = (Invite.code == hashed, col(Invite.used_at).is_(None), Invite.expires_at > now)
    found = session.exec(select(Invite).where(*good, Invite.for_group == for_group)).first()
    if found is None:
        raise CodeError("the join code is unknown, used or expired")
    return found, vault.open_text(found.name, f"invites/{hashed}/name") if found.name else ""


def use_invite(
    session: Session, code: str, *, for_group: bool, vault: Vault, now: datetime
) -> tuple[Invite, str]:
    """The invite and the name it was made for (may be empty), marked as used.

    Raises CodeError if the code is unknown, used, expired, or of the other kind.
    """
    hashed = _code_hash(vault, code)
    used = (
        update(Invite)
        .where(
            col(Invite.code) == hashed,
            col(Invite.used_at).is_(None),
            col(Invite.expires_at) > now,
            col(Invite.for_group) == for_group,
        )
        .values(used_at=now)
    )
    if session.execute(used).rowcount != 1:  # type: ignore[attr-defined]
        raise CodeError("the join code is unknown, used or expired")
    found = session.exec(select(Invite).where(Invite.code == hashed)).one()
    return found, vault.open_text(found.name, f"invites/{hashed}/name") if found.name else ""


def add_member(
    session: Session,
    *,
    sender: str,
    channel: str,
    address: str,
    name: str,
    office: str,
    role: Role,
    vault: Vault,
    now: datetime,
) -> Member:
    """Lets a person in, or moves one who is in to another office or role."""
    member = find_member(session, sender, active_only=False) or Member(
        sender=sender, channel=channel, address=b"", name=b"", office=office, role=role, joined_at=now,
        changed_at=now,
    )  # fmt: skip
    member.channel, member.office, member.role = channel, office, role
    member.active, member.on_duty, member.changed_at = True, True, now
    member.address = vault.seal_text(address, f"members/{sender}/address")
    member.name = vault.seal_text(name, f"members/{sender}/name")
    session.add(member)
    session.flush()
    return member


def bind_group(
    session: Session, *, channel: str, address: str, office: str, vault: Vault, now: datetime
) -> Group:
    """Makes a group chat the group of an office; a group serves one office."""
    chat = chat_hash(vault, channel, address)
    group = session.exec(select(Group).where(Group.chat == chat)).first() or Group(
        channel=channel, chat=chat, address=b"", office=office, joined_at=now
    )
    group.office, group.active = office, True
    group.address = vault.seal_text(address, f"groups/{chat}/address")
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


def find_member(session: Session, sender: str, *, active_only: bool = True) -> Member | None:
    """The member with this keyed hash."""
    known = _WHO.first(session, {"who": sender})  # most senders are no members: ask cheaply
    member = session.get(Member, known[0]) if known else None
    return member if member is None or member.active or not active_only else None


def members_of(session: Session, office: str, *, on_duty: bool = False) -> list[Member]:
    """The active members of an office; with `on_duty`, those on duty, or all if nobody is."""
    everyone = list(
        session.exec(
            select(Member).where(Member.office == office, col(Member.active)).order_by(col(Member.id))
        )
    )
    present = [member for member in everyone if member.on_duty]
    return present if on_duty and present else everyone


def supervisors(session: Session) -> list[Member]:
    """The members who may see sealed cases."""
    return list(session.exec(select(Member).where(Member.role == Role.SUPERVISOR, col(Member.active))))


def active_groups(session: Session) -> list[Group]:
    """Every bound group."""
    return list(session.exec(select(Group).where(col(Group.active)).order_by(col(Group.id))))


def staff_version(session: Session) -> tuple[int, int | None]:
    """Changes whenever a member joins, leaves or changes: lets callers keep what they derived."""
    count, changed = _VERSION.first(session) or (0, None)
    return count, changed


def active_members(session: Session) -> list[Member]:
    """Everybody who handles cases."""
    return list(session.exec(select(Member).where(col(Member.active)).order_by(col(Member.id))))


def name_of(member: Member, *, vault: Vault) -> str:
    """The name the member goes by."""
    return vault.open_text(member.name, f"members/{member.sender}/name")


def chat_hash(vault: Vault, channel: str, address: str) -> str:
    """The keyed hash by which a chat is known."""
    return vault.keyed_hash("chat", f"{channel}\x00{address}")


def sender_hash(vault: Vault, channel: str, sender: str) -> str:
    """The keyed hash by which a person is known."""
    return vault.keyed_hash("sender", f"{channel}\x00{sender}")


def _code_hash(vault: Vault, code: str) -> str:
    return vault.keyed_hash("invite", "".join(filter(str.isalnum, code.upper())))
