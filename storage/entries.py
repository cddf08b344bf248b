"""The thread of a case: what the reporter and the office wrote, and the steps told to the reporter."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime, Word
from storage.direct import Prepared
from storage.vault import Vault


class Kind(StrEnum):
    """REPORT and ADDITION come from the reporter; QUESTION, STEP go to them; NOTE stays inside."""

    REPORT = "report"
    ADDITION = "addition"
    QUESTION = "question"
    STEP = "step"
    NOTE = "note"


SHARED = frozenset({Kind.REPORT, Kind.ADDITION, Kind.QUESTION, Kind.STEP})
FROM_REPORTER = frozenset({Kind.REPORT, Kind.ADDITION})


class EntryRow(SQLModel, table=True):
    """One message of a thread, sealed; `seen_at` is when the reporter was shown it."""

    __tablename__ = "entries"

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    case_id: int = Field(foreign_key="cases.id", index=True)
    kind: Kind = Field(sa_type=Word(Kind))
    member_id: int | None = None
    body: bytes
    created_at: datetime = Field(sa_type=UtcTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcTime)


@dataclass(frozen=True, slots=True)
class Entry:
    """An opened entry: `text`, and for a step its name and arguments in `facts`."""

    id: int
    kind: Kind
    member_id: int | None
    text: str
    facts: dict[str, Any]
    created_at: datetime
    seen: bool


_TABLE = EntryRow.__table__  # type: ignore[attr-defined]
_INSERT = Prepared(insert(_TABLE).returning(_TABLE.c.id))


def add_entry(
    session: Session,
    case_id: int,
    kind: Kind,
    text: str,
    *,
    member_id: int | None = None,
    vault: Vault,
    now: datetime,
    **facts: Any,
) -> int:
    """Adds to a thread and returns the entry's id; a step carries its name and arguments in `facts`."""
    uid = secrets.token_hex(8)
    body = json.dumps({"text": text, "facts": facts} if facts else {"text": text}).encode()
    row = {
        "uid": uid, "case_id": case_id, "kind": kind, "member_id": member_id, "created_at": now,
        "seen_at": None, "body": vault.seal(body, _place(case_id, uid)),
    }  # fmt: skip
    return _INSERT.new_id(session, row)


def thread(session: Session, case_id: int, *, vault: Vault, shared_only: bool = False) -> list[Entry]:
    """The entries of a case, oldest first; with `shared_only`, what the reporter may read."""
    found = select(EntryRow).where(EntryRow.case_id == case_id).order_by(col(EntryRow.id))
    return [_opened(row, vault) for row in session.exec(found) if not shared_only or row.kind in SHARED]


def reported_text(session: Session, case_id: int, *, vault: Vault) -> str:
    """All that the reporter wrote, in order, one entry a line."""
    found = thread(session, case_id, vault=vault)
    return "\n".join(entry.text for entry in found if entry.kind in FROM_REPORTER and entry.text)


def question_waits(session: Session, case_id: int) -> bool:
    """Whether the reporter was asked something and has added nothing since."""
    either = col(EntryRow.kind).in_((Kind.QUESTION, Kind.ADDITION))
    last = select(EntryRow.kind).where(EntryRow.case_id == case_id, either)
    return session.exec(last.order_by(col(EntryRow.id).desc()).limit(1)).first() is Kind.QUESTION


def thread_bytes(session: Session, case_id: int) -> int:
    """How much is kept of a thread, in sealed bytes: up to six for a character."""
    size = select(func.sum(func.length(EntryRow.body))).where(EntryRow.case_id == case_id)
    return session.exec(size).one() or 0


def mark_seen(session: Session, case_id: int, *, now: datetime) -> None:
    """The reporter has been shown the thread as it stands."""
    unseen = update(EntryRow).where(col(EntryRow.case_id) == case_id, col(EntryRow.seen_at).is_(None))
    session.execute(unseen.values(seen_at=now))


def _opened(row: EntryRow, vault: Vault) -> Entry:
    body = json.loads(vault.open(row.body, _place(row.case_id, row.uid)))
    facts = body.get("facts", {})
    assert row.id is not None
    return Entry(
        row.id, row.kind, row.member_id, body["text"], facts, row.created_at, row.seen_at is not None
    )


def _place(case_id: int, uid: str) -> str:
    return f"entries/{case_id}/{uid}"
