"""The code a reporter keeps: sixteen random digits, recognised but never stored."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Field, Session, SQLModel, col, select

from storage.cases import Case
from storage.columns import UtcTime
from storage.vault import Vault

WINDOW = timedelta(minutes=15)
MOST_WRONG = 5
"""Wrong codes a sender may give within the window before the answer is to wait."""


class WrongGuess(SQLModel, table=True):
    """One wrong receipt or join code; `sender` is a keyed hash."""

    __tablename__ = "wrong_guesses"

    id: int | None = Field(default=None, primary_key=True)
    sender: str = Field(index=True)
    at: datetime = Field(sa_type=UtcTime, index=True)


def new_code() -> str:
    """Sixteen uniformly random digits."""
    return f"{secrets.randbelow(10**16):016d}"


def spaced(code: str) -> str:
    """The code in groups of four, as it is shown and written down."""
    return " ".join(code[start : start + 4] for start in range(0, 16, 4))


def code_hash(vault: Vault, code: str) -> str:
    """What is stored of a code."""
    return vault.keyed_hash("receipt", code)


def find_by_code(session: Session, code: str, *, vault: Vault) -> Case | None:
    """The case this code belongs to; an unknown code costs the same look-up."""
    return session.exec(select(Case).where(Case.receipt == code_hash(vault, code))).first()


def note_wrong_guess(session: Session, sender: str, *, now: datetime) -> None:
    """Remembers a wrong code for the length of the window."""
    session.add(WrongGuess(sender=sender, at=now))


def must_wait(session: Session, sender: str, *, now: datetime) -> bool:
    """True where this sender gave too many wrong codes lately, right or wrong this time.

    What lies a window ahead, because the clock was set back since, does not count.
    """
    lately = (WrongGuess.at > now - WINDOW, WrongGuess.at < now + WINDOW)
    recent = select(func.count(col(WrongGuess.id))).where(WrongGuess.sender == sender, *lately)
    return session.exec(recent).one() >= MOST_WRONG


def forget_guesses(session: Session, *, now: datetime) -> int:
    """Deletes guesses older than the window; returns how many."""
    old = delete(WrongGuess).where(col(WrongGuess.at) < now - WINDOW)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
