"""What goes out next: notices whose audience is to be found, and the first letter of each chat."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, text
from sqlmodel import Session, col, select

from storage.direct import Prepared
from storage.letters import Letter, State

_TABLE = Letter.__table__  # type: ignore[attr-defined]
_EARLIER = _TABLE.alias("earlier")
IS_PENDING, _EARLIER_IS_PENDING = text("outbox.state = 'pending'"), text("earlier.state = 'pending'")
"""Spelled out, so that the partial indexes serve."""
_NEXT_CHANNEL = Prepared(
    select(func.min(_TABLE.c.channel)).where(IS_PENDING, _TABLE.c.channel > bindparam("before"))
)
_AT_ONCE = 400
"""Letters shown in one go where nothing is sent."""


def due_announcements(
    session: Session, *, now: datetime, limit: int = 50, bulk: bool = False
) -> list[Letter]:
    """Notices whose audience is still to be found: those that are `bulk`, or the others."""
    return _waiting(session, None, bulk, now=now, limit=limit)


def claim_due(
    session: Session,
    *,
    now: datetime,
    held: Collection[str] = (),
    limit: int,
    rooms: Mapping[str, int] = MappingProxyType({}),
    pulled: Collection[str] = (),
) -> list[Letter]:
    """Takes letters to send: the first of each chat, and none for a chat in `held`.

    `rooms` says how many may go to a channel, `limit` how many to one that is not named there; for `pulled`
    ones there is no limit. What is bulk comes after everything else, in all chats and in each. A chat whose
    first letter waits for its next attempt waits with it, so that nothing overtakes.
    """
    taken: list[Letter] = []
    for channel in _channels_waiting(session):
        room = _AT_ONCE if channel in pulled else rooms.get(channel, limit)
        for bulk in (False, True):
            if room > 0:
                first = _is_first(bulk), col(Letter.chat).not_in(held)
                found = _waiting(session, channel, bulk, *first, now=now, limit=room)
                taken += found
                room -= len(found)
    for letter in taken:
        letter.state, letter.attempts = State.CLAIMED, letter.attempts + 1
        session.add(letter)
    session.flush()
    return taken


def _channels_waiting(session: Session) -> list[str]:
    """Looks from one to the next in the index: thousands of letters for one channel are passed in a step."""
    found: list[str] = []
    while (row := _NEXT_CHANNEL.first(session, {"before": found[-1] if found else ""})) and row[0]:
        found.append(row[0])
    return found


def _is_first(bulk: bool) -> ColumnElement[bool]:
    """No other letter of the same chat is to go before."""
    same = (_EARLIER_IS_PENDING, _EARLIER.c.chat == col(Letter.chat))
    before = exists().where(*same, _EARLIER.c.bulk == bulk, _EARLIER.c.id < col(Letter.id))
    others = exists().where(*same, _EARLIER.c.bulk == False)  # noqa: E712 (SQL)
    return ~before & ~others if bulk else ~before


def _waiting(
    session: Session, channel: str | None, bulk: bool, *conditions: Any, now: datetime, limit: int
) -> list[Letter]:
    """In the order of the index: the whole is never sorted, nor what is not due looked at."""
    where = IS_PENDING, col(Letter.channel) == channel, col(Letter.bulk) == bulk, col(Letter.due_at) <= now
    found = select(Letter).where(*where, *conditions)
    return list(session.exec(found.order_by(col(Letter.due_at), col(Letter.id)).limit(limit)))
