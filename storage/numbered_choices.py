"""What the digits mean that stood under the last message in a chat without buttons."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, SQLModel

from storage.columns import UtcTime, as_number
from storage.direct import Prepared
from storage.errors import SealError
from storage.vault import Vault, place

KEPT = timedelta(minutes=30)
LASTING_KEPT = timedelta(days=20)
"""A survey may be answered for two weeks; what is about a case must not lie here for long."""
_LASTING = ("survey:", "ticket:", "mine:")
"""Surveys, and cases whose news somebody agreed to get here: that they belong together is kept anyway."""


class NumberedChoices(SQLModel, table=True):
    """`who` is a keyed hash of its own, so that the row joins to no other; `choices` sealed JSON."""

    __tablename__ = "numbered_choices"

    who: str = Field(primary_key=True)
    choices: bytes
    until: datetime = Field(sa_type=UtcTime, index=True)


_TABLE = NumberedChoices.__table__  # type: ignore[attr-defined]
_FIND = Prepared(select(_TABLE.c.choices, _TABLE.c.until).where(_TABLE.c.who == bindparam("one")))


def _upsert(make: Any) -> Prepared:
    row = make(_TABLE)
    fresh = {"choices": row.excluded.choices, "until": row.excluded.until}
    return Prepared(row.on_conflict_do_update(index_elements=["who"], set_=fresh))


_PUT = {"sqlite": _upsert(sqlite_insert), "postgresql": _upsert(postgres_insert)}


def remember_choices(
    session: Session, address: str, choices: Mapping[str, str], *, channel: str, vault: Vault, now: datetime
) -> None:
    """What each number under a message stands for, in place of those under the message before."""
    who = _who(vault, channel, address)
    lasting = all(value.startswith(_LASTING) for value in choices.values())
    row = {
        "who": who,
        "choices": vault.seal_text(json.dumps(dict(choices)), choices_place(who)),
        "until": now + (LASTING_KEPT if lasting else KEPT),
    }
    _PUT[session.get_bind().dialect.name].run(session, row)


def choice_for(
    session: Session, address: str, number: str, *, channel: str, vault: Vault, now: datetime
) -> str | None:
    """The value of the choice with this number, None where there is none any more."""
    who = _who(vault, channel, address)
    row = _FIND.first(session, {"one": who})
    if row is None or row[1] <= as_number(now):
        return None
    try:
        choices: dict[str, str] = json.loads(vault.open_text(row[0], choices_place(who)))
    except (SealError, ValueError):
        return None
    return choices.get(number)


def forget_choices(session: Session, *, now: datetime) -> int:
    """Deletes what has had its time; returns how many."""
    return int(session.execute(delete(NumberedChoices).where(_TABLE.c.until <= now)).rowcount)  # type: ignore[attr-defined]


def choices_place(who: str) -> str:
    """The choices stand for their chat."""
    return place("numbered_choices", who)


def _who(vault: Vault, channel: str, address: str) -> str:
    return vault.keyed_hash("choices", f"{channel}\x00{address}")
