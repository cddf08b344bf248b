"""Coverage: for each occurrence and office how many owe it, have read, passed, done it, were late, excused.

Counted by the database from one index, never kept; what is closed counts on for the yearly appraisal.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.book import Answers, Proof
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.progress import Progress
from storage.house import House

COUNTED = (OccurrenceStage.OPEN, OccurrenceStage.CLOSED)
"""What was given out and not taken back."""
_AT_ONCE = 500
"""Occurrences in one statement."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One occurrence and how far each office is with it; `duty` is its key, `period` names it for good."""

    id: int
    duty: str
    title: str
    period: str
    due_at: datetime
    stage: OccurrenceStage
    each: Answers
    proof: Proof
    offices: Mapping[str, Progress]

    @property
    def total(self) -> Progress:
        """All offices together."""
        return sum(self.offices.values(), Progress())


@dataclass(frozen=True, slots=True)
class Coverage:
    """Occurrences in the order in which they are due; those that nobody of the offices owes are left out."""

    lines: tuple[Covered, ...] = ()

    @property
    def total(self) -> Progress:
        """Everything together."""
        return sum((line.total for line in self.lines), Progress())

    @property
    def by_office(self) -> dict[str, Progress]:
        """All that is due, by office, in the order of hospital.toml."""
        found: dict[str, Progress] = {}
        for line in self.lines:
            for office, progress in line.offices.items():
                found[office] = found.get(office, Progress()) + progress
        return found

    @property
    def titles(self) -> dict[str, str]:
        """Each duty's newest title, by its key."""
        return {line.duty: line.title for line in self.lines}

    def of(self, duty: str) -> "Coverage":
        """One duty alone; all of them for an empty key."""
        return Coverage(tuple(line for line in self.lines if duty in ("", line.duty)))

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.lines + other.lines)


def coverage(
    session: Session,
    *,
    house: House,
    offices: Collection[str] | None = None,
    since: datetime,
    until: datetime,
    duty: str = "",
) -> Coverage:
    """What is due from `since` (UTC) until before `until`, of these offices, or of all for None.

    A year of 500 duties for 10,000 people are five million assignments: ask month by month
    (storage.duties.spans.slices_of), each in a unit of work of its own.
    """
    due = due_between(session, since, until, duty=duty)
    counted = _counts(session, [one.id or 0 for one in due], offices)
    order = {place: number for number, place in enumerate(house.hospital.places)}
    lines = []
    for one in due:
        found = counted.get(one.id or 0, {})
        if found:
            places = sorted(found, key=lambda place: (order.get(place, len(order)), place))
            lines.append(_covered(one, {place: found[place] for place in places}))
    return Coverage(tuple(lines))


def coverage_of(
    session: Session, occurrence: Occurrence, *, house: House, offices: Collection[str] | None = None
) -> Covered:
    """One occurrence alone."""
    found = _counts(session, [occurrence.id or 0], offices).get(occurrence.id or 0, {})
    places = [*(one for one in house.hospital.places if one in found)]
    places += sorted(set(found) - set(places))
    return _covered(occurrence, {place: found[place] for place in places})


def due_between(session: Session, since: datetime, until: datetime, *, duty: str = "") -> list[Occurrence]:
    """The occurrences that were given out and are due in this time, the earliest first."""
    wanted = [
        col(Occurrence.stage).in_(COUNTED),
        col(Occurrence.due_at) >= since,
        col(Occurrence.due_at) < until,
    ]
    if duty:
        wanted.append(col(Occurrence.duty) == duty)
    order = (col(Occurrence.due_at), col(Occurrence.id))
    return list(session.exec(select_rows(Occurrence).where(*wanted).order_by(*order)))


def _counts(
    session: Session, ids: Sequence[int], offices: Collection[str] | None
) -> dict[int, dict[str, Progress]]:
    found: dict[int, dict[str, Progress]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        for number, office, *counts in session.execute(counting(ids[start : start + _AT_ONCE], offices)):
            # PostgreSQL's sums are decimals.
            found.setdefault(number, {})[office] = Progress(*map(int, counts))
    return found


def counting(ids: Sequence[int], offices: Collection[str] | None) -> Select[Any]:
    """The statement: occurrence, office, and the figures of Progress, all read from the index of progress.

    First alike assignments are counted in the order of that index, which is twice as fast as sums of cases
    over each of them; those few counts are summed up then.
    """
    place = (col(Assignment.occurrence_id), col(Assignment.office))
    what = (*place, col(Assignment.state), col(Assignment.late), col(Assignment.passed))
    wanted = [place[0].in_(ids)]
    if offices is not None:
        wanted.append(place[1].in_(sorted(offices)))
    counts = (func.count().label("people"), func.count(col(Assignment.acknowledged_at)).label("read"))
    alike = select(*what, *counts).where(*wanted).group_by(*what).subquery().c
    is_owed, is_done = alike.state != AssignmentState.EXCUSED, alike.state == AssignmentState.DONE
    figures = (
        _sum(alike.people, is_owed), _sum(alike.people, is_done), _sum(alike.people, is_done, alike.late),
        _sum(alike.people, ~is_owed), _sum(alike.people, is_owed, alike.passed), _sum(alike.read, is_owed),
    )  # fmt: skip
    by = (alike.occurrence_id, alike.office)
    return select(*by, *figures).group_by(*by)


def _sum(count: ColumnElement[int], *so: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*so), count), else_=0))


def _covered(one: Occurrence, offices: Mapping[str, Progress]) -> Covered:
    return Covered(
        one.id or 0, one.duty, one.title, one.period, one.due_at, one.stage, one.each, one.proof, offices
    )
