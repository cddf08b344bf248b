"""One-time join codes, kept as keyed hashes."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Field, Session, SQLModel, col, select

import storage.staff.employees  # noqa: F401 (a code may point to a row of that table)
from storage.columns import UtcTime, Word, as_number
from storage.errors import CodeError
from storage.members import Role
from storage.vault import Vault, place

INVITE_LASTS = timedelta(days=7)
PRINTED_LASTS = timedelta(days=30)
"""For those that are printed for the people of the roster."""
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


class Invite(SQLModel, table=True):
    """A one-time join code, kept as a keyed hash; `employee_id` is the person of the roster it is for."""

    __tablename__ = "invites"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    office: str
    role: Role = Field(sa_type=Word(Role))
    name: bytes
    for_group: bool = False
    employee_id: int | None = Field(default=None, foreign_key="employees.id", index=True)
    expires_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)


def invite(
    session: Session,
    office: str,
    *,
    vault: Vault,
    now: datetime,
    role: Role = Role.OFFICER,
    name: str = "",
    for_group: bool = False,
    employee_id: int | None = None,
) -> str:
    """A new join code such as ABCDE-23456 that works once, within seven days; 30 for one of the roster."""
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2))
    hashed = _code_hash(vault, code)
    lasts = INVITE_LASTS if employee_id is None else PRINTED_LASTS
    made = Invite(
        code=hashed, office=office, role=role, name=b"", for_group=for_group, employee_id=employee_id,
        expires_at=now + lasts,
    )  # fmt: skip
    made.name = vault.seal_text(name, invite_place(made))
    session.add(made)
    return code


def withdraw_invites(session: Session, office: str, role: Role) -> None:
    """Unused personal codes for this office and role work no more."""
    unused = (col(Invite.used_at).is_(None), col(Invite.for_group).is_(False))
    session.execute(delete(Invite).where(*unused, col(Invite.office) == office, col(Invite.role) == role))


def withdraw_codes_of(session: Session, employee_id: int) -> None:
    """Unused codes that were printed for a person of the roster work no more."""
    unused = (col(Invite.used_at).is_(None), col(Invite.employee_id) == employee_id)
    session.execute(delete(Invite).where(*unused))


def move_codes_of(session: Session, employee_id: int, office: str, role: Role, *, vault: Vault) -> None:
    """Unused codes of a person of the roster let them in where they are now: the paper stays good."""
    unused = (col(Invite.used_at).is_(None), col(Invite.employee_id) == employee_id)
    for one in session.exec(select(Invite).where(*unused)).all():
        name = vault.open_text(one.name, invite_place(one))
        one.office, one.role = office, role
        one.name = vault.seal_text(name, invite_place(one))
        session.add(one)
    session.flush()


def forget_invites(session: Session, *, days: int, now: datetime) -> int:
    """Deletes codes that were used, or ran out, more than `days` days ago; returns how many."""
    long_ago = now - timedelta(days=days)
    old = (col(Invite.used_at) < long_ago) | (col(Invite.expires_at) < long_ago)
    return int(session.execute(delete(Invite).where(old)).rowcount)  # type: ignore[attr-defined]


def check_invite(
    session: Session, code: str, *, for_group: bool, vault: Vault, now: datetime
) -> tuple[Invite, str]:
    """Like `use_invite`, but the code stays good: for asking something before it is used."""
    hashed = _code_hash(vault, code)
    good = (Invite.code == hashed, col(Invite.used_at).is_(None), Invite.expires_at > now)
    found = session.exec(select(Invite).where(*good, Invite.for_group == for_group)).first()
    if found is None:
        raise CodeError("the join code is unknown, used or expired")
    return found, vault.open_text(found.name, invite_place(found))


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
    return found, vault.open_text(found.name, invite_place(found))


def open_invited_name(made: Invite, *, vault: Vault) -> str:
    """The name the code was made for; empty where whoever comes is asked for theirs."""
    return vault.open_text(made.name, invite_place(made))


def invite_place(row: Any) -> str:
    """The name, though it be empty, stands for what the code gives: no code is lifted to another role."""
    until = as_number(row.expires_at)
    return place("invites", row.code, row.office, str(row.role), row.for_group, until, row.employee_id)


def _code_hash(vault: Vault, code: str) -> str:
    return vault.keyed_hash("invite", "".join(filter(str.isalnum, code.upper())))
