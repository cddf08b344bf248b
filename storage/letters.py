"""A letter: one message to one chat or audience, with its words and address sealed."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, insert, text
from sqlmodel import Field, Session, SQLModel

from storage.columns import UtcTime, Word
from storage.direct import Prepared
from storage.messages import Choice, Reply, StoredFile
from storage.vault import Vault, place


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
    pages remember up to which one they have read. What is `bulk` goes to thousands at once: everything
    else goes first.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "channel", "bulk", "due_at", "id",
              sqlite_where=text("state = 'pending'"), postgresql_where=text("state = 'pending'")),
        Index("ix_outbox_queue", "chat", "bulk", "id",
              sqlite_where=text("state = 'pending'"), postgresql_where=text("state = 'pending'")),
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
    bulk: bool = False
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


_INSERT = Prepared(insert(_TABLE).returning(_TABLE.c.id))


_EMPTY: dict[str, Any] = {
    "channel": None, "chat": None, "address": None, "is_group": False, "bulk": False, "audience": None,
    "notice": None, "arguments": "{}", "case_id": None, "payload": None, "inbox_id": None, "attempts": 0,
    "settled_at": None,
}  # fmt: skip


_BOUND = ("uid", "channel", "chat", "is_group", "audience", "notice", "case_id", "inbox_id")
"""What words and address of a letter stand for: none of it may be exchanged, or somebody else reads them."""


def put_letter(
    session: Session,
    values: Mapping[str, Any],
    *,
    address: str | None = None,
    reply: Reply | None = None,
    vault: Vault | None = None,
) -> int:
    """Writes a letter with these columns, all others empty, and seals address and words; returns its id."""
    row = {**_EMPTY, **values}
    if vault is not None:
        where = _bound(row[name] for name in _BOUND)
        if address is not None:
            row["address"] = vault.seal_text(address, where("address"))
        if reply is not None:
            row["payload"] = vault.seal(reply_to_json(reply), where("payload"))
    return _INSERT.new_id(session, row)


def letter_place(row: Any, column: str) -> str:
    """Where `column` (address or payload) of a row of the outbox stands."""
    return _bound(getattr(row, name) for name in _BOUND)(column)


def _bound(values: Iterable[object]) -> Callable[[str], str]:
    beside = tuple(values)
    return lambda column: place("outbox", column, *beside)


def open_reply(letter: Letter, *, vault: Vault) -> Reply:
    """The reply in a letter; an emptied one reads as no words."""
    if letter.payload is None:
        return Reply("")
    return reply_from_json(vault.open(letter.payload, letter_place(letter, "payload")))


def open_address(letter: Letter, *, vault: Vault) -> str:
    """Where the letter goes, as its channel names the chat."""
    return vault.open_text(letter.address, letter_place(letter, "address")) if letter.address else ""


def readdress_letter(letter: Letter, *, chat: str, address: str, vault: Vault) -> None:
    """The letter goes to another chat: its words are sealed anew for there."""
    words = vault.open(letter.payload, letter_place(letter, "payload")) if letter.payload else None
    letter.chat = chat
    letter.address = vault.seal_text(address, letter_place(letter, "address"))
    letter.payload = None if words is None else vault.seal(words, letter_place(letter, "payload"))


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
