"""Officers and groups: who joined, for which office, and how they are reached."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func
from sqlalchemy import select as core_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, Word
from storage.direct import Prepared
from storage.vault import Vault


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


_TABLE = Member.__table__  # type: ignore[attr-defined]
_WHO = Prepared(core_select(_TABLE.c.id).where(_TABLE.c.sender == bindparam("who")))
_VERSION = Prepared(core_select(func.count(_TABLE.c.id), func.max(_TABLE.c.changed_at)))


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
