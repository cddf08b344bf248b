"""The thread of a case: what the reporter and the office wrote, and the steps told to the reporter."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, insert, update
from sqlalchemy import select as core_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage.cases import Case
from storage.columns import UtcTime, Word, as_number
from storage.direct import Prepared
from storage.errors import SealError
from storage.vault import Vault, place


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
    """An opened entry: `text`, and for a step its name and arguments in `facts`.

    `broken` where its words do not open; then there are neither.
    """

    id: int
    kind: Kind
    member_id: int | None
    text: str
    facts: dict[str, Any]
    created_at: datetime
    seen: bool
    broken: bool = False


_TABLE = EntryRow.__table__  # type: ignore[attr-defined]
_INSERT = Prepared(insert(_TABLE).returning(_TABLE.c.id))
_CASE = Case.__table__  # type: ignore[attr-defined]
_RECEIPT = Prepared(core_select(_CASE.c.receipt).where(_CASE.c.id == bindparam("case_id")))


def add_entry(
    session: Session,
    case_id: int,
    kind: Kind,
    text: str,
    *,
    member_id: int | None = None,
    receipt: str = "",
    vault: Vault,
    now: datetime,
    **facts: Any,
) -> int:
    """Adds to a thread and returns the entry's id; a step carries its name and arguments in `facts`.

    The REPORT of a case names the case's `receipt` (the keyed hash): a code that was put on another
    case opens nothing there.
    """
    uid = secrets.token_hex(8)
    body = json.dumps({"text": text, "facts": facts} if facts else {"text": text}).encode()
    where = entry_place(case_id, uid, kind, member_id, now, receipt)
    row = {
        "uid": uid, "case_id": case_id, "kind": kind, "member_id": member_id, "created_at": now,
        "seen_at": None, "body": vault.seal(body, where),
    }  # fmt: skip
    return _INSERT.new_id(session, row)


def thread(
    session: Session, case_id: int, *, vault: Vault, shared_only: bool = False, with_broken: bool = False
) -> list[Entry]:
    """The entries of a case, oldest first; with `shared_only`, what the reporter may read.

    Raises SealError if one of them was changed or comes from elsewhere: the case may not be the one it
    seems to be. With `with_broken`, for who may read the case anyhow, it is among the others as `broken`.
    """
    found = select(EntryRow).where(EntryRow.case_id == case_id).order_by(col(EntryRow.id))
    receipt = _receipt(session, case_id)
    return [
        _opened(row, receipt, vault, with_broken=with_broken)
        for row in session.exec(found)
        if not shared_only or row.kind in SHARED
    ]


def reported_text(session: Session, case_id: int, *, vault: Vault) -> str:
    """All that the reporter wrote, in order, one entry a line."""
    found = thread(session, case_id, vault=vault)
    return "\n".join(entry.text for entry in found if entry.kind in FROM_REPORTER and entry.text)


def last_reported(session: Session, case_id: int | None = None) -> int:
    """The id of the newest entry by a reporter, in this case or in any; 0 if there is none."""
    found = select(func.max(EntryRow.id)).where(col(EntryRow.kind).in_(FROM_REPORTER))
    return session.exec(found if case_id is None else found.where(EntryRow.case_id == case_id)).one() or 0


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


def entry_place(
    case_id: int, uid: str, kind: Kind, member_id: int | None, created_at: datetime, receipt: str
) -> str:
    """An entry stands for its case, kind (a note must not pass for an answer), author and time."""
    code = receipt if kind is Kind.REPORT else ""
    return place("entries", case_id, uid, str(kind), member_id, as_number(created_at), code)


def _receipt(session: Session, case_id: int) -> str:
    found = _RECEIPT.first(session, {"case_id": case_id})
    return str(found[0]) if found else ""


def _opened(row: EntryRow, receipt: str, vault: Vault, *, with_broken: bool) -> Entry:
    where = entry_place(row.case_id, row.uid, row.kind, row.member_id, row.created_at, receipt)
    seen = row.seen_at is not None
    assert row.id is not None
    try:
        body = json.loads(vault.open(row.body, where))
    except SealError:
        if not with_broken:
            raise
        return Entry(row.id, row.kind, row.member_id, "", {}, row.created_at, seen, broken=True)
    return Entry(row.id, row.kind, row.member_id, body["text"], body.get("facts", {}), row.created_at, seen)
