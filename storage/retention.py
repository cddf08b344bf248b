"""After its days a closed case loses its content for good; a ledger row without anybody's words stays.

What goes: texts, notes, files, addresses, corrections, letters, cards, the sender's tag, and the hash of the
receipt code, in whose place a random value stands. What stays: number, category, offices and who was left
out, dates, outcome, limits and the trail, none of which holds a word of the report.

Rows go in one transaction, files on disk after its commit: killed in between, no row leads to a file any
more, and the sweep for files without a row takes them. Deleted rows are overwritten with zeros (PRAGMA
secure_delete), and the write-ahead log is emptied afterwards. Files are not overwritten: flash memory and
journaling file systems write elsewhere, so that overwriting promises what it cannot keep. All of it is
sealed: who has neither the key file nor a backup reads nothing of what a disk may still hold.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, update
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, select

from storage.blocks import Block
from storage.cards import Card
from storage.cases import AGEING, Case
from storage.corrections import Correction
from storage.entries import FROM_REPORTER, EntryRow
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.files import CaseFile
from storage.hospital import Retention
from storage.letters import Letter
from storage.ratings import RatingRow
from storage.sender_tags import SenderTag
from storage.subscriptions import Subscription

SLICE = 50
"""Cases destroyed in one transaction: nobody waits long for the one writer."""


_CONTENT: tuple[Any, ...] = (
    CaseFile, EntryRow, Correction, Letter, Card, Block, SenderTag, Subscription,
)  # fmt: skip
"""Tables with something of a case that goes; the others keep numbers, days and offices."""
RECEIPT_BYTES = 16
"""As long as a keyed hash: what stands in its place must not tell itself apart."""
_AT_ONCE = 500
"""Cases counted in one statement."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a case holds that will go: counts, sealed bytes of texts and files, and the files' names."""

    case_id: int
    number: str
    closed_at: datetime
    due_at: datetime
    entries: int
    bytes: int
    files: tuple[str, ...]


def due_for_purge(
    session: Session,
    rules: Retention,
    *,
    now: datetime,
    case_id: int | None = None,
    limit: int | None = SLICE,
) -> list[Case]:
    """The cases whose content goes now, the oldest first; with `case_id` that one, if it is among them.

    Closed for `content` days, officers warned `warning` days ago, not held (nor handled with a case that
    is), and nothing added by the reporter since the warning would have come.
    """
    warned = now - timedelta(days=rules.warning)
    wanted = (
        _aged(now - timedelta(days=rules.content)),
        col(Case.warned_at) >= Case.closed_at,
        col(Case.warned_at) <= warned,
        ~_held(),
        ~exists().where(
            col(EntryRow.case_id) == Case.id,
            col(EntryRow.kind).in_(FROM_REPORTER),
            col(EntryRow.created_at) > warned,
        ),
    )
    found = select(Case).where(*wanted).order_by(col(Case.closed_at), col(Case.id)).limit(limit)
    return list(session.exec(found if case_id is None else found.where(Case.id == case_id)))


def due_for_warning(session: Session, rules: Retention, *, now: datetime, limit: int = 500) -> list[Case]:
    """The cases of whose end officers have to be told, the oldest first."""
    told = or_(col(Case.warned_at).is_(None), col(Case.warned_at) < Case.closed_at)
    old = _aged(now - timedelta(days=rules.content - rules.warning))
    found = select(Case).where(old, told, ~_held()).order_by(col(Case.closed_at), col(Case.id))
    return list(session.exec(found.limit(limit)))


def goes_at(case: Case, rules: Retention) -> datetime | None:
    """When the content of a closed case goes, if nothing comes between; None while it is open or held."""
    if case.closed_at is None or case.held_at is not None or case.purged_at is not None:
        return None
    due = case.closed_at + timedelta(days=rules.content)
    warned = case.warned_at if case.warned_at is not None and case.warned_at >= case.closed_at else None
    return max(due, warned + timedelta(days=rules.warning)) if warned else due


def content_of_cases(session: Session, cases: Sequence[Case], rules: Retention) -> list[Content]:
    """What these cases hold, without opening any of it."""
    ids = [case.id for case in cases]
    files: dict[int, list[str]] = {}
    for number, uid in session.exec(
        select(CaseFile.case_id, CaseFile.uid).where(col(CaseFile.case_id).in_(ids))
    ):
        files.setdefault(number, []).append(uid)
    file_bytes = _sums(session, col(CaseFile.case_id), func.sum(CaseFile.size), ids)
    texts = _sums(session, col(EntryRow.case_id), func.sum(func.length(EntryRow.body)), ids)
    counts = _sums(session, col(EntryRow.case_id), func.count(), ids)
    return [
        Content(
            case.id or 0, case.number, case.closed_at, goes_at(case, rules) or case.closed_at,
            counts.get(case.id or 0, 0), texts.get(case.id or 0, 0) + file_bytes.get(case.id or 0, 0),
            tuple(files.get(case.id or 0, ())),
        )
        for case in cases
        if case.closed_at is not None
    ]  # fmt: skip


def whole_content_due(
    session: Session, rules: Retention, *, now: datetime, case_id: int | None = None
) -> list[Content]:
    """What all cases hold that are due now, the oldest first."""
    cases = due_for_purge(session, rules, now=now, case_id=case_id, limit=None)
    slices = (cases[start : start + _AT_ONCE] for start in range(0, len(cases), _AT_ONCE))
    return [content for slice_ in slices for content in content_of_cases(session, slice_, rules)]


def purge_due(
    session: Session, rules: Retention, *, now: datetime, case_id: int | None = None, limit: int = SLICE
) -> list[Content]:
    """Destroys the content of the next cases that are due, and returns what it was.

    The files of a case lie on disk until the caller deletes them, which must come after the commit.
    """
    cases = due_for_purge(session, rules, now=now, case_id=case_id, limit=limit)
    gone = content_of_cases(session, cases, rules)
    _destroy(session, cases, now=now)
    for content in gone:
        facts = {"entries": content.entries, "files": len(content.files), "bytes": content.bytes}
        record_event(session, SYSTEM, EventName.PURGED, case_id=content.case_id, now=now, **facts)
    return gone


def forget_rating_words(session: Session, rules: Retention, *, now: datetime, limit: int = 500) -> int:
    """Empties the words of ratings whose time is over, their grades stay; returns how many."""
    old = now - timedelta(days=rules.ratings)
    some = (
        select(RatingRow.id)
        .where(col(RatingRow.created_at) < old, col(RatingRow.words) != b"")
        .order_by(col(RatingRow.created_at))
        .limit(limit)
    )
    emptied = update(RatingRow).where(col(RatingRow.id).in_(some)).values(words=b"")
    return int(session.execute(emptied).rowcount)  # type: ignore[attr-defined]


def _aged(closed_before: datetime) -> ColumnElement[bool]:
    return and_(AGEING, col(Case.closed_at) <= closed_before)


def _held() -> ColumnElement[bool]:
    """Kept by an officer, or a copy of a case that is."""
    first = aliased(Case)
    with_first = exists().where(col(first.id) == Case.same_as, col(first.held_at).is_not(None))
    return or_(col(Case.held_at).is_not(None), with_first)


def _sums(
    session: Session, key: Mapped[int], value: ColumnElement[int], ids: Sequence[int | None]
) -> dict[int, int]:
    found = session.execute(select(key, value).where(key.in_(ids)).group_by(key))
    return {number: int(sum_ or 0) for number, sum_ in found}


def _destroy(session: Session, cases: Sequence[Case], *, now: datetime) -> None:
    """Rows that hold words, names, addresses or a way back; files before the entries they came with."""
    ids = [case.id for case in cases]
    for table in _CONTENT:
        session.execute(delete(table).where(col(table.case_id).in_(ids)))
    for case in cases:
        case.receipt, case.likeness = secrets.token_hex(RECEIPT_BYTES), None
        case.purged_at, case.version = now, case.version + 1
        session.add(case)
    session.flush()
