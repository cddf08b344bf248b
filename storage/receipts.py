"""The code a reporter keeps: sixteen random digits, recognised but never stored.

How long guessing takes: of 10^16 codes 100,000 are taken, so a guess hits once in 10^11. More than some 500
messages a second no single machine takes in; at that rate, day and night, the first hit is to be expected
after 10^11 / 500 seconds = 6.3 years, and it opens one case that nobody chose. On the way there a sender may
be wrong 5 times in 15 minutes, each guess on the web costs up to 2^20 hashes (bot/gate.py), and a messenger
account gives 480 guesses a day: a thousand of them hit once in 570 years.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import Field, Session, SQLModel, col, select

from storage.cases import Case
from storage.columns import UtcTime
from storage.vault import Vault

WINDOW = timedelta(minutes=15)
MOST_WRONG = 5
"""Wrong codes a sender may give within the window before the answer is to wait."""
_MOST_COUNTED = 20_000


class WrongGuess(SQLModel, table=True):
    """One wrong receipt or join code; `sender` is a keyed hash.

    A sender adds 5 rows in a window at most. At 500 guesses a second, 750,000 rows (some 120 MB) live
    between two sweeps; the space is used again.
    """

    __tablename__ = "wrong_guesses"

    id: int | None = Field(default=None, primary_key=True)
    sender: str = Field(index=True)
    channel: str
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


def note_wrong_guess(session: Session, sender: str, *, channel: str, now: datetime) -> None:
    """Remembers a wrong code for the length of the window."""
    session.add(WrongGuess(sender=sender, channel=channel, at=now))


def must_wait(session: Session, sender: str, *, now: datetime) -> bool:
    """True where this sender gave too many wrong codes lately, right or wrong this time.

    What lies a window ahead, because the clock was set back since, does not count.
    """
    recent = select(func.count(col(WrongGuess.id))).where(WrongGuess.sender == sender, *_lately(now))
    return session.exec(recent).one() >= MOST_WRONG


def count_wrong_guesses(session: Session, *, now: datetime) -> dict[str, int]:
    """Wrong codes within the window by channel; of very many the newest 20,000 are counted."""
    newest = select(WrongGuess.channel).where(*_lately(now)).order_by(col(WrongGuess.at).desc())
    some = newest.limit(_MOST_COUNTED).subquery()
    return dict(session.execute(select(some.c.channel, func.count()).group_by(some.c.channel)).all())


def _lately(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(WrongGuess.at) > now - WINDOW, col(WrongGuess.at) < now + WINDOW


def forget_guesses(session: Session, *, now: datetime) -> int:
    """Deletes guesses older than the window; returns how many."""
    old = delete(WrongGuess).where(col(WrongGuess.at) < now - WINDOW)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
