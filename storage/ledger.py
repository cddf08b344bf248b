"""The ledger: what became of every case, without a word of it and without anybody's identity."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, func, select

from nlp.taxonomy import Category, Intent
from storage.access import visible_to
from storage.cases import Case, Outcome, Status
from storage.clocks import Clock, Limit
from storage.hospital import Hospital
from storage.members import Member


class Kept(StrEnum):
    """How a limit went: kept, missed, or still running."""

    KEPT = "kept"
    MISSED = "missed"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One case; `limits` holds those it ever had."""

    case_id: int
    number: str
    received_at: datetime
    intent: Intent
    categories: tuple[Category, ...]
    status: Status
    lead_office: str
    limits: dict[Limit, Kept]
    outcome: Outcome | None
    closed_at: datetime | None
    sealed: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """Which cases: those that `asker` may see, or all; sealed ones only if `sealed`."""

    hospital: Hospital
    asker: Member | None = None
    sealed: bool = False


def count_ledger(session: Session, extent: Extent) -> int:
    """How many cases there are to write."""
    return session.exec(select(func.count()).select_from(Case).where(*_within(session, extent))).one()


def ledger_page(
    session: Session, extent: Extent, *, after: int, count: int, now: datetime
) -> list[LedgerRow]:
    """At most `count` cases with an id beyond `after`, in order."""
    found = select(Case).where(*_within(session, extent), col(Case.id) > after)
    cases = session.exec(found.order_by(col(Case.id)).limit(count)).all()
    limits = _limits(session, [case.id or 0 for case in cases], now)
    return [_row(case, limits[case.id or 0]) for case in cases]


def _within(session: Session, extent: Extent) -> tuple[ColumnElement[bool], ...]:
    seen = visible_to(session, extent.asker, extent.hospital) if extent.asker is not None else true()
    return (seen, true() if extent.sealed else col(Case.sealed).is_(False))


def _row(case: Case, limits: dict[Limit, Kept]) -> LedgerRow:
    return LedgerRow(
        case.id or 0, case.number, case.received_at, case.intent, case.all_categories, case.status,
        case.lead_office, limits, case.outcome, case.closed_at, case.sealed,
    )  # fmt: skip


def _limits(session: Session, case_ids: Collection[int], now: datetime) -> dict[int, dict[Limit, Kept]]:
    """A limit that ran several times (after a transfer, a reopening) was missed if it was missed once."""
    clocks = session.exec(select(Clock).where(col(Clock.case_id).in_(case_ids)).order_by(col(Clock.id)))
    of_case: dict[int, dict[Limit, list[Kept]]] = defaultdict(lambda: defaultdict(list))
    for clock in clocks:
        of_case[clock.case_id][clock.kind].append(_went(clock, now))
    return defaultdict(dict) | {
        case_id: {kind: _worst(went) for kind, went in kinds.items()} for case_id, kinds in of_case.items()
    }


def _went(clock: Clock, now: datetime) -> Kept:
    if (clock.done_at or now) > clock.due_at:
        return Kept.MISSED
    return Kept.RUNNING if clock.done_at is None else Kept.KEPT


def _worst(went: Iterable[Kept]) -> Kept:
    found = set(went)
    return next(one for one in (Kept.MISSED, Kept.RUNNING, Kept.KEPT) if one in found)
