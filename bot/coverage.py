"""Gathers coverage month by month, each in a transaction of its own: nobody waits for a whole year."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.satisfaction import Run
from handlers.staff.coverage.asked import Asked
from handlers.staff.coverage.report import Report, finished, slice_of
from storage.duties.assignments import Assignment
from storage.duties.coverage import Coverage, Covered
from storage.duties.spans import slices_of
from storage.errors import SealError
from storage.house import House
from storage.staff.employees import Employee, open_sealed

MOST_ROWS = 50_000
"""Lines about people in one table: more would take hundreds of megabytes to write."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What one person, or one office (without name), did about one occurrence."""

    name: str
    number: str
    line: Covered
    assignment: Assignment


async def gather_report(
    run: Run, asked: Asked, scope: frozenset[str] | None, *, house: House, now: datetime
) -> Report:
    """The report on what was asked for, of the offices in `scope` (None: all)."""
    found = Coverage()
    for one in slices_of(asked.span):
        found += await run(lambda session, one=one: slice_of(session, one, asked, scope, house=house))  # type: ignore[misc]
    return await run(lambda session: finished(session, asked, scope, found, house=house, now=now))


async def gather_people(
    run: Run, found: Coverage, scope: frozenset[str] | None, *, house: House, most: int = MOST_ROWS
) -> list[PersonLine] | None:
    """A line for each person and occurrence; None where that would be more than `most`.

    Names are read here, for who oversees these offices alone; one that does not open is empty.
    """
    total = found.total
    if total.expected + total.excused > most:
        return None
    rows: list[tuple[Covered, Assignment]] = []
    for line in found.lines:
        owed = await run(lambda session, line=line: _assignments(session, line, scope))  # type: ignore[misc]
        rows += [(line, one) for one in owed]
    ids = sorted({one.employee_id for _, one in rows if one.employee_id is not None})
    names: dict[int, tuple[str, str]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        names |= await run(lambda session, some=some: _names(session, some, house=house))  # type: ignore[misc]
    return [PersonLine(*names.get(one.employee_id or 0, ("", "")), line, one) for line, one in rows]


def _assignments(session: Session, line: Covered, scope: frozenset[str] | None) -> list[Assignment]:
    """Detached: they are read once the transaction is over."""
    owed = select(Assignment).where(Assignment.occurrence_id == line.id)
    if scope is not None:
        owed = owed.where(col(Assignment.office).in_(sorted(scope)))
    found = list(session.exec(owed.order_by(col(Assignment.office), col(Assignment.employee_id))))
    for one in found:
        session.expunge(one)
    return found


def _names(session: Session, ids: Collection[int], *, house: House) -> Mapping[int, tuple[str, str]]:
    people = session.exec(select(Employee).where(col(Employee.id).in_(ids)))
    return {one.id or 0: (_opened(one, "name", house), _opened(one, "number", house)) for one in people}


def _opened(employee: Employee, column: str, house: House) -> str:
    try:
        return open_sealed(employee, column, vault=house.vault)
    except SealError:  # changed from outside; lianxin keys verify tells of it
        return ""
