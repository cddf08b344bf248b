"""Who is told of what lies overdue: heads by office, then the heads of the discipline office."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.moments import morning_of
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.stepping import days_overdue
from storage.house import House
from storage.marks import read_mark, set_mark
from storage.members import Member, Role

_LAST = "duties:told"
_LOOKED_BACK = timedelta(days=180)
"""Occurrences that were due longer ago are closed, and their last word is spoken."""


@dataclass(slots=True)
class Told:
    """What is to be told: `offices` to their heads, with what ended there; `chiefs` if discipline hears."""

    offices: dict[str, set[int]] = field(default_factory=dict)
    chiefs: bool = False
    over: set[int] = field(default_factory=set)


def begin_morning(session: Session, *, house: House, now: datetime) -> datetime | None:
    """Takes this working day's telling and gives the time of the one before; None if it is not to be.

    Once a working day, from the digest on, however often it is asked: a restart tells nobody twice.
    """
    today = house.local_day(now)
    if not house.calendar.is_working_day(today) or now < morning_of(today, house):
        return None
    mark = read_mark(session, _LAST)
    before = datetime.fromisoformat(mark.decode()) if mark else datetime(1970, 1, 1, tzinfo=UTC)
    if house.local_day(before) >= today:
        return None
    set_mark(session, _LAST, now.isoformat().encode())
    session.flush()
    return before


def newly_overdue(session: Session, *, since: datetime, house: House, now: datetime) -> Told:
    """The offices whose heads are to read names today: something came to `head_after` days, or ended."""
    told, rules = Told(), house.duties.reminding
    recent = Occurrence.due_at > now - _LOOKED_BACK, Occurrence.due_at <= now
    late = select_rows(Occurrence).where(Occurrence.stage == OccurrenceStage.OPEN, *recent)
    for occurrence in session.exec(late):
        duty = house.duties.by_key.get(occurrence.duty)
        for office, due, _ in _missing(session, occurrence):
            before = days_overdue(due, duty, house, since) if since > due else 0
            today = days_overdue(due, duty, house, now)
            if before < rules.head_after <= today:
                told.offices.setdefault(office, set())
            told.chiefs |= before < rules.discipline_after <= today
    over = select_rows(Occurrence).where(
        Occurrence.stage == OccurrenceStage.CLOSED, *recent, col(Occurrence.closed_at) > since
    )
    for occurrence in session.exec(over):
        for office, _, _ in _missing(session, occurrence):
            told.offices.setdefault(office, set()).add(occurrence.id or 0)
            told.over.add(occurrence.id or 0)
    told.chiefs |= bool(told.over)
    return told


def headed_offices(session: Session) -> set[str]:
    """The offices that a head has joined for."""
    heads = select(col(Member.office)).where(col(Member.active), col(Member.role) == Role.HEAD)
    return set(session.execute(heads.distinct()).scalars())


def overdue_in(
    session: Session, offices: Iterable[str], *, over: Iterable[int] = (), now: datetime
) -> list[tuple[Occurrence, str, int]]:
    """What is overdue in these offices now, and what of `over` was never done: with office and count."""
    wanted, ended = set(offices), set(over)
    found = select_rows(Occurrence).where(
        Occurrence.due_at <= now, Occurrence.due_at > now - _LOOKED_BACK,
        (col(Occurrence.stage) == OccurrenceStage.OPEN)
        | ((col(Occurrence.stage) == OccurrenceStage.CLOSED) & col(Occurrence.id).in_(ended)),
    )  # fmt: skip
    rows: list[tuple[Occurrence, str, int]] = []
    for occurrence in session.exec(found.order_by(col(Occurrence.due_at), col(Occurrence.id))):
        counts: dict[str, int] = defaultdict(int)
        for office, due, count in _missing(session, occurrence):
            if office in wanted and due <= now:
                counts[office] += count
        rows += [(occurrence, office, count) for office, count in counts.items()]
    return rows


def _missing(session: Session, occurrence: Occurrence) -> list[tuple[str, datetime, int]]:
    """Who still owes it: office, due time, how many; who has longer is counted apart."""
    counted = (
        select(col(Assignment.office), col(Assignment.extended_until), func.count())
        .where(col(Assignment.occurrence_id) == occurrence.id,
               col(Assignment.state) == AssignmentState.OPEN)
        .group_by(col(Assignment.office), col(Assignment.extended_until))
        .order_by(col(Assignment.office))
    )  # fmt: skip
    return [
        (office, max(occurrence.due_at, until or occurrence.due_at), count)
        for office, until, count in session.execute(counted)
    ]
