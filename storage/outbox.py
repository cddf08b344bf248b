"""What is to be said to the world: written in the transaction that decides it, sent by delivery."""

import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, delete, insert, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, Word
from storage.direct import Prepared
from storage.members import chat_hash
from storage.messages import Choice, Reply, StoredFile
from storage.vault import Vault

KEPT = timedelta(days=1)
"""How long a shown reply stays readable: the same event gets the same answer, a page can reload."""

DEAD_KEPT = timedelta(days=90)
"""How long a letter that could not be delivered stays on the list."""


class State(StrEnum):
    """PENDING waits, CLAIMED is being sent, SENT was shown, DEAD was given up."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    DEAD = "dead"


class Letter(SQLModel, table=True):
    """One message to one chat, or (with `audience`) to whoever that is when it is sent.

    A letter holds either a sealed reply, or a `notice`: a name and arguments from which the words
    are made when it is sent, so that a card shows the case as it is then. Ids are never used again:
    pages remember up to which one they have read.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "due_at", sqlite_where=text("state = 'pending'"),
              postgresql_where=text("state = 'pending'")),
        Index("ix_outbox_chat", "chat", "id"),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    state: State = Field(sa_type=Word(State))
    channel: str | None = None
    chat: str | None = None
    address: bytes | None = None
    is_group: bool = False
    audience: str | None = None
    notice: str | None = None
    arguments: str = "{}"
    case_id: int | None = None
    payload: bytes | None = None
    inbox_id: int | None = Field(default=None, index=True)
    attempts: int = 0
    error: str | None = None
    created_at: datetime = Field(sa_type=UtcTime)
    due_at: datetime = Field(sa_type=UtcTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcTime)


_PLAIN = tuple(name.name for name in fields(Reply) if name.name not in ("choices", "files"))
_TABLE = Letter.__table__  # type: ignore[attr-defined]
_INSERT = Prepared(insert(_TABLE))
_INSERT_ID = Prepared(insert(_TABLE).returning(_TABLE.c.id))
_IS_PENDING = text("outbox.state = 'pending'")
"""Spelled out, so that the partial index serves."""
_EMPTY: dict[str, Any] = {
    "channel": None, "chat": None, "address": None, "is_group": False, "audience": None, "notice": None,
    "arguments": "{}", "case_id": None, "payload": None, "inbox_id": None, "attempts": 0, "settled_at": None,
}  # fmt: skip


def post_reply(
    session: Session,
    reply: Reply,
    *,
    channel: str,
    address: str,
    is_group: bool = False,
    inbox_id: int | None = None,
    shown: bool = False,
    case_id: int | None = None,
    audience: str | None = None,
    state: str = "",
    vault: Vault,
    now: datetime,
) -> int:
    """Puts a finished reply into the outbox and returns its id; `shown` where the channel pulls.

    For the card of a case, `audience` says whose it is and `state` (see card_state) what it shows.
    """
    uid = secrets.token_hex(8)
    row = _EMPTY | {
        "uid": uid,
        "state": State.SENT if shown else State.PENDING,
        "channel": channel,
        "chat": chat_hash(vault, channel, address),
        "address": None if shown else vault.seal_text(address, f"outbox/{uid}/address"),
        "is_group": is_group,
        "payload": vault.seal(reply_to_json(reply), f"outbox/{uid}/payload"),
        "inbox_id": inbox_id,
        "case_id": case_id,
        "audience": audience,
        "arguments": json.dumps({"state": state}) if state else "{}",
        "created_at": now,
        "due_at": now,
        "settled_at": now if shown else None,
    }
    return _INSERT_ID.new_id(session, row)


def announce(
    session: Session,
    audience: str,
    notice: str,
    *,
    case_id: int | None = None,
    now: datetime,
    **arguments: Any,
) -> None:
    """Leaves word for an audience; who that is and how it reads is settled when it is sent.

    `arguments` are words of the office (percent, office, number), never content.
    """
    row = _EMPTY | {
        "uid": secrets.token_hex(8),
        "state": State.PENDING,
        "audience": audience,
        "notice": notice,
        "arguments": json.dumps(arguments, ensure_ascii=False),
        "case_id": case_id,
        "created_at": now,
        "due_at": now,
    }
    _INSERT.run(session, row)


def due_announcements(session: Session, *, now: datetime, limit: int = 50) -> list[Letter]:
    """Notices whose audience is still to be found."""
    return _waiting(session, now, limit, col(Letter.chat).is_(None))


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
    uid = secrets.token_hex(8)
    row = _EMPTY | {
        "uid": uid,
        "state": State.PENDING,
        "channel": channel,
        "chat": chat_hash(vault, channel, address),
        "address": vault.seal_text(address, f"outbox/{uid}/address"),
        "is_group": is_group,
        "audience": audience,
        "notice": letter.notice,
        "arguments": letter.arguments,
        "case_id": letter.case_id,
        "created_at": letter.created_at,
        "due_at": letter.due_at,
    }
    _INSERT.run(session, row)


def settle_announcements(session: Session, letter_ids: Collection[int], *, now: datetime) -> None:
    """The audiences of these notices were found."""
    values = {"state": State.SENT, "settled_at": now}
    session.execute(update(Letter).where(col(Letter.id).in_(letter_ids)).values(values))


def claim_due(
    session: Session, *, now: datetime, held: Collection[str] = (), limit: int, pulled: Collection[str] = ()
) -> list[Letter]:
    """Takes letters to send, in order, at most one for each chat and none for a chat in `held`.

    At most `limit` of them are for channels that send; for `pulled` ones there is no limit. A chat whose
    earlier letter waits for its next attempt waits with it, so that nothing overtakes.
    """
    later = select(Letter.chat).where(_IS_PENDING, col(Letter.due_at) > now, col(Letter.chat).is_not(None))
    free = col(Letter.chat).not_in({*held, *session.exec(later)})
    waiting = _waiting(session, now, 400, col(Letter.chat).is_not(None), free)
    taken: list[Letter] = []
    chats: set[str | None] = set()
    for letter in waiting:
        sends = letter.channel not in pulled
        if sends and (letter.chat in chats or limit <= 0):
            continue
        chats.add(letter.chat)
        limit -= sends
        letter.state, letter.attempts = State.CLAIMED, letter.attempts + 1
        session.add(letter)
        taken.append(letter)
    session.flush()
    return taken


def _waiting(session: Session, now: datetime, limit: int, *conditions: Any) -> list[Letter]:
    found = select(Letter).where(_IS_PENDING, col(Letter.due_at) <= now, *conditions)
    return list(session.exec(found.order_by(col(Letter.id)).limit(limit)))


def next_due(session: Session) -> datetime | None:
    """When the next waiting letter is due."""
    return session.exec(
        select(Letter.due_at).where(_IS_PENDING).order_by(col(Letter.due_at)).limit(1)
    ).first()


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
    uid = secrets.token_hex(8)
    row = _EMPTY | {
        "uid": uid,
        "state": State.SENT,
        "channel": letter.channel,
        "chat": letter.chat,
        "audience": letter.audience,
        "case_id": letter.case_id,
        "payload": vault.seal(reply_to_json(reply), f"outbox/{uid}/payload"),
        "created_at": letter.created_at,
        "due_at": letter.due_at,
        "settled_at": now,
    }
    session.delete(letter)
    return _INSERT_ID.new_id(session, row)


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
    later = (_IS_PENDING, col(Letter.due_at) > now)
    session.execute(update(Letter).where(*later).values(due_at=now))


def dead_letters(session: Session) -> list[Letter]:
    """What could not be delivered, newest first."""
    return list(
        session.exec(select(Letter).where(Letter.state == State.DEAD).order_by(col(Letter.id).desc()))
    )


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


def reseal_address(
    session: Session, chat: str, new_chat: str, address: str, *, also: int, vault: Vault, now: datetime
) -> None:
    """What waits for `chat` (and the letter `also`, which was tried there) goes to a new address."""
    waits = (col(Letter.chat) == chat) & (col(Letter.state) == State.PENDING)
    for letter in session.exec(select(Letter).where(waits | (col(Letter.id) == also))):
        letter.chat, letter.state, letter.due_at = new_chat, State.PENDING, now
        letter.address = vault.seal_text(address, f"outbox/{letter.uid}/address")
        session.add(letter)
    session.flush()


def replies_to(session: Session, inbox_id: int) -> list[Letter]:
    """What was answered to one event, oldest first."""
    return list(session.exec(select(Letter).where(Letter.inbox_id == inbox_id).order_by(col(Letter.id))))


def shown_after(session: Session, chat: str, after: int, *, limit: int = 100) -> list[Letter]:
    """What a pulled chat was shown after the letter `after`, oldest first."""
    shown = (Letter.chat == chat, Letter.state == State.SENT, col(Letter.id) > after)
    return list(
        session.exec(
            select(Letter)
            .where(*shown, col(Letter.payload).is_not(None))
            .order_by(col(Letter.id))
            .limit(limit)
        )
    )


def forget_letters(session: Session, *, now: datetime) -> int:
    """Deletes what was shown, or given up, long enough ago; returns how many."""
    shown = (col(Letter.state) == State.SENT) & (col(Letter.settled_at) < now - KEPT)
    dead = (col(Letter.state) == State.DEAD) & (col(Letter.settled_at) < now - DEAD_KEPT)
    return int(session.execute(delete(Letter).where(shown | dead)).rowcount)  # type: ignore[attr-defined]


def open_reply(letter: Letter, *, vault: Vault) -> Reply:
    """The reply in a letter; an emptied one reads as no words."""
    if letter.payload is None:
        return Reply("")
    return reply_from_json(vault.open(letter.payload, f"outbox/{letter.uid}/payload"))


def open_address(letter: Letter, *, vault: Vault) -> str:
    """Where the letter goes, as its channel names the chat."""
    return vault.open_text(letter.address, f"outbox/{letter.uid}/address") if letter.address else ""


def reply_to_json(reply: Reply) -> bytes:
    """The reply as bytes for sealing."""
    values: dict[str, Any] = {name: getattr(reply, name) for name in _PLAIN}
    values["choices"] = [[(choice.label, choice.value) for choice in row] for row in reply.choices]
    values["files"] = [asdict(file) for file in reply.files]
    return json.dumps(values).encode()


def reply_from_json(raw: bytes) -> Reply:
    """The reply that `reply_to_json` wrote."""
    values = json.loads(raw)
    rows: Sequence[Sequence[tuple[str, str]]] = values.pop("choices")
    files: Sequence[dict[str, Any]] = values.pop("files")
    return Reply(
        **values,
        choices=tuple(tuple(Choice(*choice) for choice in row) for row in rows),
        files=tuple(StoredFile(**file) for file in files),
    )
