"""What delivery does with the outbox: claims, settles, tries again, gives up, forgets."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from storage.claiming import IS_PENDING
from storage.identity import chat_hash
from storage.letters import Letter, State, put_letter, readdress_letter
from storage.messages import Reply
from storage.outbox import KEPT
from storage.vault import Vault


def address_letter(
    session: Session,
    letter: Letter,
    *,
    channel: str,
    address: str,
    audience: str,
    is_group: bool,
    vault: Vault,
) -> None:
    """Makes of a notice a letter to one chat."""
    row = {
        "uid": secrets.token_hex(8),
        "state": State.PENDING,
        "channel": channel,
        "chat": chat_hash(vault, channel, address),
        "is_group": is_group,
        "bulk": letter.bulk,
        "audience": audience,
        "notice": letter.notice,
        "arguments": letter.arguments,
        "case_id": letter.case_id,
        "created_at": letter.created_at,
        "due_at": letter.due_at,
    }
    put_letter(session, row, address=address, vault=vault)


def settle_announcements(session: Session, letter_ids: Collection[int], *, now: datetime) -> None:
    """The audiences of these notices were found."""
    values = {"state": State.SENT, "settled_at": now}
    session.execute(update(Letter).where(col(Letter.id).in_(letter_ids)).values(values))


def mark_sent(session: Session, letter_id: int, *, keep: bool, now: datetime) -> None:
    """The message was shown; address and words are forgotten unless the channel pulls them (`keep`)."""
    values: dict[str, Any] = {"state": State.SENT, "settled_at": now, "address": None, "error": None}
    if not keep:
        values["payload"] = None
    session.execute(update(Letter).where(col(Letter.id) == letter_id).values(values))


def show(session: Session, letter: Letter, reply: Reply, *, vault: Vault, now: datetime) -> int:
    """A notice for a pulled channel became words: the person finds them when they look.

    It gets a fresh id, which is returned: who has read up to some id must not miss what was written
    before and shown after.
    """
    row = {
        "uid": secrets.token_hex(8),
        "state": State.SENT,
        "channel": letter.channel,
        "chat": letter.chat,
        "audience": letter.audience,
        "notice": letter.notice,
        "case_id": letter.case_id,
        "created_at": letter.created_at,
        "due_at": letter.due_at,
        "settled_at": now,
    }
    session.delete(letter)
    return put_letter(session, row, reply=reply, vault=vault)


def retry_later(session: Session, letter_id: int, *, due_at: datetime, error: str) -> None:
    """The message goes back to wait; `error` is a type, not a text."""
    values = {"state": State.PENDING, "due_at": due_at, "error": error}
    session.execute(update(Letter).where(col(Letter.id) == letter_id).values(values))


def bury(session: Session, letter_id: int, *, error: str, now: datetime) -> None:
    """The message was given up; it stays on the dead-letter list until revived or dropped."""
    values = {"state": State.DEAD, "settled_at": now, "error": error}
    session.execute(update(Letter).where(col(Letter.id) == letter_id).values(values))


def release_claimed(session: Session) -> int:
    """After a stop: what was in flight goes out again; returns how many."""
    back = update(Letter).where(col(Letter.state) == State.CLAIMED).values(state=State.PENDING)
    return int(session.execute(back).rowcount)  # type: ignore[attr-defined]


def bring_forward(session: Session, *, now: datetime) -> None:
    """Whatever waits for a later moment is due now."""
    later = (IS_PENDING, col(Letter.due_at) > now)
    session.execute(update(Letter).where(*later).values(due_at=now))


def dead_letters(session: Session) -> list[Letter]:
    """What could not be delivered, newest first."""
    return list(
        session.exec(select(Letter).where(Letter.state == State.DEAD).order_by(col(Letter.id).desc()))
    )


def count_dead_letters(session: Session) -> int:
    """How many messages could not be delivered."""
    return session.exec(select(func.count()).select_from(Letter).where(Letter.state == State.DEAD)).one()


def revive(session: Session, letter_id: int, *, now: datetime) -> bool:
    """Tries a dead letter again; False if there is none with this id."""
    values = {"state": State.PENDING, "due_at": now, "attempts": 0, "settled_at": None}
    one = col(Letter.id) == letter_id
    found = session.execute(update(Letter).where(one, col(Letter.state) == State.DEAD).values(values))
    return bool(found.rowcount)  # type: ignore[attr-defined]


def drop_waiting(session: Session, chat: str, *, error: str, now: datetime) -> None:
    """Gives up what waits for a chat that is gone."""
    values = {"state": State.DEAD, "settled_at": now, "error": error}
    waiting = (col(Letter.chat) == chat, col(Letter.state) == State.PENDING)
    session.execute(update(Letter).where(*waiting).values(values))


def forget_chat(session: Session, chat: str) -> None:
    """What waits for a chat or was shown there is gone: whoever sits there must read no case any more."""
    session.execute(delete(Letter).where(col(Letter.chat) == chat))


def reseal_address(
    session: Session, chat: str, new_chat: str, address: str, *, also: int, vault: Vault, now: datetime
) -> None:
    """What waits for `chat` (and the letter `also`, which was tried there) goes to a new address."""
    waits = (col(Letter.chat) == chat) & (col(Letter.state) == State.PENDING)
    for letter in session.exec(select(Letter).where(waits | (col(Letter.id) == also))):
        letter.state, letter.due_at = State.PENDING, now
        readdress_letter(letter, chat=new_chat, address=address, vault=vault)
        session.add(letter)
    session.flush()


def forget_shown(session: Session, chat: str, *, since: datetime) -> None:
    """Erases the words of what a chat was shown from a moment on; a page that loads anew lacks them."""
    shown = (col(Letter.chat) == chat, col(Letter.state) == State.SENT, col(Letter.created_at) >= since)
    session.execute(update(Letter).where(*shown).values(payload=None))


def forget_letters(session: Session, *, dead_days: int, now: datetime) -> int:
    """Deletes what was shown a day ago, or given up `dead_days` days ago; returns how many."""
    shown = (col(Letter.state) == State.SENT) & (col(Letter.settled_at) < now - KEPT)
    dead = (col(Letter.state) == State.DEAD) & (col(Letter.settled_at) < now - timedelta(days=dead_days))
    return int(session.execute(delete(Letter).where(shown | dead)).rowcount)  # type: ignore[attr-defined]
