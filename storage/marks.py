"""Marks the application leaves for itself in the database, among them one that tells the right key."""

import hmac
from collections.abc import Collection

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage.errors import KeyFileError, SealError
from storage.vault import Vault, place, seal_number

_KEY = "key:"
_WRONG = "the key file does not belong to this database; put the newest copy from your safe back"


class Mark(SQLModel, table=True):
    """One value under its name."""

    __tablename__ = "marks"

    name: str = Field(primary_key=True)
    value: bytes


def read_mark(session: Session, name: str) -> bytes | None:
    """The value under this name, if there is one."""
    mark = session.get(Mark, name)
    return mark.value if mark else None


def set_mark(session: Session, name: str, value: bytes) -> None:
    """Keeps a value under a name, in place of an earlier one."""
    mark = session.get(Mark, name) or Mark(name=name, value=b"")
    mark.value = value
    session.add(mark)


def mark_key(session: Session, *, vault: Vault) -> None:
    """Seals a check value with the newest key: from here on no start goes without that key."""
    name = f"{_KEY}{vault.newest}"
    set_mark(session, name, vault.seal(_check_value(vault), place("marks", name)))


def has_key_mark(session: Session, *, vault: Vault) -> bool:
    """Whether the newest key is known to the database."""
    return read_mark(session, f"{_KEY}{vault.newest}") is not None


def drop_key_marks(session: Session, numbers: Collection[int]) -> None:
    """These keys are needed no more."""
    names = [f"{_KEY}{number}" for number in numbers]
    session.execute(delete(Mark).where(col(Mark.name).in_(names)))


def key_marks(session: Session) -> dict[str, bytes]:
    """The check values of all keys the database needs, by their names."""
    found = session.exec(select(Mark).where(col(Mark.name).startswith(_KEY)))
    return {mark.name: mark.value for mark in found}


def check_keys(values: dict[str, bytes], *, vault: Vault) -> None:
    """Raises KeyFileError unless all keys of these marks are those of old, and the one that hashes is.

    A database without a check value belongs to any key.
    """
    missing = {seal_number(value) for value in values.values()} - set(vault.numbers)
    for name, value in values.items():
        if seal_number(value) not in missing and not _fits(vault, name, value):
            raise KeyFileError(_WRONG)
    if missing and len(missing) == len(values):
        raise KeyFileError(_WRONG)
    if missing:
        numbers = ", ".join(map(str, sorted(number or 0 for number in missing)))
        raise KeyFileError(
            f"the seal key {numbers}, which the database needs, is missing; put the newest copy back"
        )


def _fits(vault: Vault, name: str, value: bytes) -> bool:
    try:
        return hmac.compare_digest(vault.open(value, place("marks", name)), _check_value(vault))
    except SealError:
        return False


def _check_value(vault: Vault) -> bytes:
    return vault.keyed_hash("check", "lianxin").encode()
