"""Every sealed column of every table, with the place its values stand in: for counting and sealing anew.

A table with a binary column that is neither here nor in CLEAR fails the tests.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, select, tuple_, update
from sqlmodel import Session

from storage.blocks import Block, block_place
from storage.cards import Card, card_place
from storage.cases import Case
from storage.corrections import Correction, correction_place
from storage.dialogues import DialogueRow, dialogue_place
from storage.drives.items import COLUMNS as ITEM_COLUMNS
from storage.drives.items import DriveItem, item_place
from storage.duties.assignments import Assignment, assignment_place
from storage.duties.promises import Promise, promise_place
from storage.duties.submissions import Submission, submission_place
from storage.entries import EntryRow, entry_place
from storage.errors import SealError
from storage.followup.discharges import Discharge, discharge_place
from storage.followup.surveys import Survey, survey_place
from storage.followup.tasks import Task, task_place
from storage.groups import Group, group_place
from storage.hand_ins.rows import HandIn, hand_in_place
from storage.invites import Invite, invite_place
from storage.letters import Letter, letter_place
from storage.members import Member, member_place
from storage.numbered_choices import NumberedChoices, choices_place
from storage.ratings import RatingRow, rating_place
from storage.sender_tags import SenderTag, tag_place
from storage.staff.employees import Employee, employee_place
from storage.staff.record import RecordEntry, Veto, entry_record_place, veto_place
from storage.subscriptions import Subscription, subscription_place
from storage.vault import HEAD, Vault, head_of, seal_number


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One column; `place` tells from a whole row, with what stands in `beside`, where its value stands."""

    table: Table
    name: str
    place: Callable[[Any], str]
    beside: Sequence[ColumnElement[Any]] = ()

    @property
    def column(self) -> ColumnElement[Any]:
        """The column itself."""
        return self.table.c[self.name]

    @property
    def key(self) -> tuple[ColumnElement[Any], ...]:
        """What tells one row from another."""
        return tuple(self.table.primary_key.columns)


def _of(model: Any, name: str, place: Callable[[Any], str], *beside: ColumnElement[Any]) -> SealedColumn:
    return SealedColumn(model.__table__, name, place, beside)


def _each(model: Any, name: str, place: Callable[[Any, str], str]) -> SealedColumn:
    return _of(model, name, lambda row: place(row, name))


def _entry(row: Any) -> str:
    return entry_place(row.case_id, row.uid, row.kind, row.member_id, row.created_at, row.receipt or "")


_CASE, _ENTRY = Case.__table__, EntryRow.__table__  # type: ignore[attr-defined]
_RECEIPT = select(_CASE.c.receipt).where(_CASE.c.id == _ENTRY.c.case_id).scalar_subquery().label("receipt")

SEALED: tuple[SealedColumn, ...] = (
    _of(EntryRow, "body", _entry, _RECEIPT),
    _of(Correction, "excerpt", correction_place),
    _of(RatingRow, "words", rating_place),
    _of(DialogueRow, "state", lambda row: dialogue_place(row.sender)),
    _of(Letter, "address", lambda row: letter_place(row, "address")),
    _of(Letter, "payload", lambda row: letter_place(row, "payload")),
    _of(Subscription, "address", lambda row: subscription_place(row.case_id, row.chat, row.channel)),
    _of(Card, "address", card_place),
    _of(Member, "address", lambda row: member_place(row, "address")),
    _of(Member, "name", lambda row: member_place(row, "name")),
    _of(Group, "address", group_place),
    _of(Invite, "name", invite_place),
    _of(SenderTag, "tag", lambda row: tag_place(row.case_id)),
    _of(Block, "sealed_tag", block_place),
    *(_each(Discharge, name, discharge_place) for name in ("number", "address", "phone")),
    _of(Survey, "answers", survey_place),
    _of(NumberedChoices, "choices", lambda row: choices_place(row.who)),
    *(_each(Task, name, task_place) for name in ("words", "phone", "note")),
    *(_each(Employee, name, employee_place) for name in ("name", "number")),
    *(_each(DriveItem, name, item_place) for name in ITEM_COLUMNS),
    _of(Assignment, "wish", assignment_place),
    *(_each(HandIn, name, hand_in_place) for name in ("given", "outcome")),
    _of(RecordEntry, "note", entry_record_place),
    *(_each(Veto, name, veto_place) for name in ("reason", "lift_reason")),
    *(_each(Submission, name, submission_place) for name in ("words", "remark")),
    *(_each(Promise, name, promise_place) for name in ("answers", "signature")),
)  # fmt: skip

CLEAR = {"marks.value": "check values of the keys, each sealed by its own; see storage.marks"}
"""Binary columns that hold no sealed words, and why."""


@dataclass(frozen=True, slots=True)
class Page:
    """A batch: rows looked at, values sealed anew, values that do not open, and where the next one begins."""

    seen: int
    done: int
    broken: int
    last: tuple[Any, ...] | None


def count_by_key(session: Session, sealed: SealedColumn) -> Counter[int]:
    """How many values each key sealed; 0 stands for what is no sealed value at all."""
    head = func.substr(sealed.column, 1, HEAD)
    found = session.execute(select(head, func.count()).where(_filled(sealed)).group_by(head))
    counted: Counter[int] = Counter()
    for begins, count in found:
        counted[(seal_number(bytes(begins)) if isinstance(begins, bytes | memoryview) else 0) or 0] += count
    return counted


def reseal_rows(
    session: Session, sealed: SealedColumn, after: tuple[Any, ...] | None, *, vault: Vault, limit: int
) -> Page:
    """Seals the next values of older keys with the newest; `after` is the `last` of the page before.

    A row that somebody changes meanwhile stays as they left it: it is compared before it is set.
    """
    old = and_(_filled(sealed), func.substr(sealed.column, 1, HEAD) != head_of(vault.newest))
    rows = _rows(session, sealed, after, old, limit)
    broken = done = 0
    for row in rows:
        try:
            fresh = vault.reseal(row[0], sealed.place(row))
        except SealError:
            broken += 1
            continue
        done += _set(session, sealed, row, fresh)
    return _page(sealed, rows, done=done, broken=broken)


def open_rows(
    session: Session, sealed: SealedColumn, after: tuple[Any, ...] | None, *, vault: Vault, limit: int
) -> Page:
    """Opens the next values, to see whether they do; changes nothing."""
    rows = _rows(session, sealed, after, _filled(sealed), limit)
    broken = sum(not _opens(vault, row[0], sealed.place(row)) for row in rows)
    return _page(sealed, rows, done=0, broken=broken)


def _rows(
    session: Session, sealed: SealedColumn, after: tuple[Any, ...] | None, which: Any, limit: int
) -> Sequence[Any]:
    key = sealed.key
    beyond = which if after is None else and_(which, tuple_(*key) > tuple_(*after))
    value = sealed.column.label("sealed_value")
    return session.execute(
        select(value, sealed.table, *sealed.beside).where(beyond).order_by(*key).limit(limit)
    ).all()


def _set(session: Session, sealed: SealedColumn, row: Any, fresh: bytes | None) -> int:
    if fresh is None:
        return 0
    same = [column == getattr(row, column.key or "") for column in sealed.key]
    unchanged = update(sealed.table).where(*same, sealed.column == row[0])
    return int(session.execute(unchanged.values({sealed.name: fresh})).rowcount)  # type: ignore[attr-defined]


def _page(sealed: SealedColumn, rows: Sequence[Any], *, done: int, broken: int) -> Page:
    last = tuple(getattr(rows[-1], column.key or "") for column in sealed.key) if rows else None
    return Page(len(rows), done, broken, last)


def _filled(sealed: SealedColumn) -> ColumnElement[bool]:
    """Neither without a value nor with one that was erased."""
    return func.length(sealed.column) > 0


def _opens(vault: Vault, value: bytes, place: str) -> bool:
    try:
        vault.open(value, place)
    except SealError:
        return False
    return True
