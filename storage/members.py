"""Officers and groups: who joined, for which office, and how they are reached."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, bindparam, func
from sqlalchemy import select as core_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, Word
from storage.direct import Prepared
from storage.errors import SealError
from storage.identity import chat_hash
from storage.rights import RIGHTS, Right, Role, roles_with
from storage.vault import Vault, place

__all__ = [
    "Member", "Right", "Role", "active_members", "add_member", "address_of", "chat_of", "count_staff",
    "everybody_of", "find_member", "forget_member", "handling_members", "is_forgotten",
    "is_head_or_supervisor", "may", "members_of", "move_member", "name_of", "opens", "reads_along",
    "supervisors", "with_right",
]  # fmt: skip


class Member(SQLModel, table=True):
    """A person of the hospital; `sender` is a keyed hash, name and address are sealed.

    Both are empty once a member who left was forgotten.
    """

    __tablename__ = "members"
    __table_args__ = (
        # Thousands may have joined who handle no cases: those who do are found without looking at them.
        Index("ix_members_able", "role", "active", "office"),
        Index("ix_members_changed", "changed_at", "active"),
    )

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
    member.address = vault.seal_text(address, member_place(member, "address"))
    member.name = vault.seal_text(name, member_place(member, "name"))
    session.add(member)
    session.flush()
    return member


def move_member(
    session: Session, member: Member, *, office: str, role: Role, vault: Vault, now: datetime
) -> None:
    """Puts somebody into another office or role; storage.posting looks after what goes with it."""
    name, address = name_of(member, vault=vault), address_of(member, vault=vault)
    member.office, member.role, member.changed_at = office, role, now
    member.address = vault.seal_text(address, member_place(member, "address"))
    member.name = vault.seal_text(name, member_place(member, "name"))
    session.add(member)
    session.flush()


def find_member(
    session: Session, sender: str, *, active_only: bool = True, vault: Vault | None = None
) -> Member | None:
    """The member with this keyed hash; with `vault`, raises SealError for one lifted to other rights."""
    known = _WHO.first(session, {"who": sender})  # most senders are no members: ask cheaply
    member = session.get(Member, known[0]) if known else None
    if member is None or (active_only and not member.active):
        return None
    if vault is not None:
        vault.open(member.name, member_place(member, "name"))
    return member


def may(member: Member, right: Right) -> bool:
    """Whether a member's role has a right, and they have not left."""
    return member.active and right in RIGHTS[member.role]


def is_head_or_supervisor(member: Member) -> bool:
    """Whether a member may approve what needs two pairs of eyes: blocking a sender, holding back deletion."""
    return may(member, Right.APPROVE)


def members_of(session: Session, office: str) -> list[Member]:
    """The active members of an office who may handle cases."""
    return _with(session, Right.HANDLE, col(Member.office) == office)


def everybody_of(session: Session, office: str) -> list[Member]:
    """All active members of an office, whatever their role: any of them may read in its group."""
    here = select(Member).where(col(Member.active), Member.office == office)
    return list(session.exec(here.order_by(col(Member.id))))


def reads_along(session: Session, office: str, members: AbstractSet[int]) -> bool:
    """Whether one of these members, whatever their role, may read in the group of an office."""
    if not members:
        return False
    here = select(Member.id).where(col(Member.active), Member.office == office)
    return session.exec(here.where(col(Member.id).in_(members)).limit(1)).first() is not None


def with_right(session: Session, right: Right) -> list[Member]:
    """The active members whose role has a right."""
    return _with(session, right)


def handling_members(session: Session) -> list[Member]:
    """The active members who may handle cases, of all offices."""
    return _with(session, Right.HANDLE)


def supervisors(session: Session) -> list[Member]:
    """The members who may see sealed cases."""
    return _with(session, Right.EVERY_CASE)


def _with(session: Session, right: Right, *more: ColumnElement[bool]) -> list[Member]:
    able = (col(Member.role).in_(roles_with(right)), col(Member.active))
    return list(session.exec(select(Member).where(*able, *more).order_by(col(Member.id))))


def count_staff(session: Session) -> int:
    """How many have joined who neither handle cases nor run the house."""
    able = (col(Member.role) == Role.STAFF, col(Member.active))
    return session.exec(select(func.count(col(Member.id))).where(*able)).one()


def active_members(session: Session) -> list[Member]:
    """Everybody who is in, whatever their role: any of them may be named in a report."""
    return list(session.exec(select(Member).where(col(Member.active)).order_by(col(Member.id))))


def name_of(member: Member, *, vault: Vault) -> str:
    """The name the member goes by; empty once it was forgotten."""
    return "" if not member.name else vault.open_text(member.name, member_place(member, "name"))


def address_of(member: Member, *, vault: Vault) -> str:
    """How the member's channel names their chat; empty once it was forgotten."""
    return "" if not member.address else vault.open_text(member.address, member_place(member, "address"))


def opens(member: Member, *, vault: Vault) -> bool:
    """Whether the row is as it was written: whoever was lifted to other rights is let in nowhere."""
    try:
        return bool(name_of(member, vault=vault)) and bool(address_of(member, vault=vault))
    except SealError:
        return False


def chat_of(member: Member, *, vault: Vault) -> str | None:
    """The keyed hash of the member's chat; None where it was forgotten, or the row does not open."""
    if not opens(member, vault=vault):
        return None
    return chat_hash(vault, member.channel, address_of(member, vault=vault))


def member_place(row: Any, column: str) -> str:
    """Name and address stand for the rights beside them: a row lifted to other rights opens no more."""
    return place("members", row.sender, column, row.channel, row.office, str(row.role))


def is_forgotten(member: Member) -> bool:
    """Whether name and address of a member who left were erased."""
    return not member.name and not member.address


def forget_member(session: Session, member: Member) -> None:
    """Erases name, address and keyed hash of a member who left; the trail goes on naming the number alone.

    Raises ValueError while the member is in. Who joins again later is somebody new.
    """
    if member.active:
        raise ValueError("a member who is in cannot be forgotten")
    member.name = member.address = b""
    member.sender = f"forgotten:{member.id}"
    session.add(member)
    session.flush()
