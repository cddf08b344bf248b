"""Marks the application leaves for itself in the database, among them one that tells the right key."""

import hmac

from sqlmodel import Field, Session, SQLModel

from storage.errors import KeyFileError, SealError
from storage.vault import Vault

_KEY = "key"
_WRONG = "the key file does not belong to this database; put the copy from your safe back"


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
    """Seals the check value with the newest key."""
    set_mark(session, _KEY, vault.seal(_check_value(vault), _place()))


def has_key_mark(session: Session) -> bool:
    """Whether the check value was ever set."""
    return read_mark(session, _KEY) is not None


def check_key(session: Session, *, vault: Vault) -> None:
    """Raises KeyFileError unless both keys, the one that seals and the one that hashes, are those of old.

    A database without a check value belongs to any key.
    """
    sealed = read_mark(session, _KEY)
    if sealed is None:
        return
    try:
        value = vault.open(sealed, _place())
    except SealError:
        raise KeyFileError(_WRONG) from None
    if not hmac.compare_digest(value, _check_value(vault)):
        raise KeyFileError(_WRONG)


def _check_value(vault: Vault) -> bytes:
    return vault.keyed_hash("check", "lianxin").encode()


def _place() -> str:
    return f"marks/{_KEY}"
