"""Where each person stands in a conversation; forgotten soon, sealed while it lasts."""

import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, SQLModel

from storage.columns import UtcTime, as_number
from storage.direct import Prepared
from storage.errors import SealError
from storage.vault import Vault, place


class DialogueRow(SQLModel, table=True):
    """One person's dialogue; `sender` is a keyed hash of its own kind, which stands in no other table.

    With the hash that members are known by, the minute of a report would tell which of the staff wrote it.
    """

    __tablename__ = "dialogues"

    sender: str = Field(primary_key=True)
    state: bytes
    until: datetime = Field(sa_type=UtcTime)


@dataclass(slots=True)
class Dialogue:
    """`flow` is the open conversation and `step` the place in it; `case_id` the case it is about.

    `told` is the case that this person opened last and the likeness of its words: sent once more, they
    open no second one.
    """

    flow: str = ""
    step: str = ""
    case_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)
    told: list[Any] = field(default_factory=list)

    def clear(self) -> None:
        """Back to the beginning; what was told last is still known."""
        self.flow, self.step, self.case_id, self.data = "", "", None, {}


_NAMES = tuple(one.name for one in fields(Dialogue))
_TABLE = DialogueRow.__table__  # type: ignore[attr-defined]
_FIND = Prepared(select(_TABLE.c.state, _TABLE.c.until).where(_TABLE.c.sender == bindparam("who")))
_DROP = Prepared(delete(_TABLE).where(_TABLE.c.sender == bindparam("who")))


def _upsert(make: Any) -> Any:
    row = make(_TABLE)
    fresh = {"state": row.excluded.state, "until": row.excluded.until}
    return row.on_conflict_do_update(index_elements=["sender"], set_=fresh)


_PUT = {"sqlite": Prepared(_upsert(sqlite_insert)), "postgresql": Prepared(_upsert(postgres_insert))}


def load_dialogue(session: Session, sender: str, *, vault: Vault, now: datetime) -> Dialogue:
    """The person's dialogue, or a fresh one if there is none or its time is over.

    One that cannot be read (damaged, or written by another version) is as good as over: the person must
    be able to go on writing.
    """
    who = _whose(vault, sender)
    row = _FIND.first(session, {"who": who})
    if row is None or row[1] <= as_number(now):
        return Dialogue()
    try:
        return Dialogue(**json.loads(vault.open(row[0], dialogue_place(who))))
    except (SealError, TypeError, ValueError):
        return Dialogue()


def save_dialogue(
    session: Session, sender: str, dialogue: Dialogue, *, vault: Vault, until: datetime
) -> None:
    """Keeps the dialogue up to `until`; an empty one is deleted."""
    who = _whose(vault, sender)
    if not dialogue.flow and not dialogue.told:
        _DROP.run(session, {"who": who})
        return
    values = {name: getattr(dialogue, name) for name in _NAMES}
    state = vault.seal(json.dumps(values).encode(), dialogue_place(who))
    put = _PUT[session.get_bind().dialect.name]
    put.run(session, {"sender": who, "state": state, "until": until})


def forget_dialogues(session: Session, *, now: datetime) -> int:
    """Deletes dialogues whose time is over; returns how many."""
    return int(session.execute(delete(DialogueRow).where(_TABLE.c.until <= now)).rowcount)  # type: ignore[attr-defined]


def _whose(vault: Vault, sender: str) -> str:
    return vault.keyed_hash("dialogue", sender)


def dialogue_place(sender: str) -> str:
    """A dialogue stands for its person: the case it has open must not pass to another."""
    return place("dialogues", sender)
