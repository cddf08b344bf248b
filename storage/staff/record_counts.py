"""Counts of one year for everybody who works here: for the yearly appraisal, in a few statements."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.book import Proof
from storage.duties.occurrences import Occurrence
from storage.duties.promises import Promise
from storage.hand_ins.rows import HandIn, HandInState
from storage.house import House
from storage.staff.employees import Employee, Employment
from storage.staff.record import COUNTS, EntryKind, RecordEntry, Veto, is_entered, is_set

_VOID = (HandInState.WITHDRAWN, HandInState.REFUSED)


@dataclass(frozen=True, slots=True)
class Counted:
    """What the year comes to for one person; `quiz` is the mean of their best results in percent."""

    employee: Employee
    entries: Counter[EntryKind]
    owed: int
    done: int
    late: int
    quiz: float | None
    passed: int
    promises: int
    hand_ins: int
    hand_ins_late: int
    veto: bool


def counts_of(session: Session, year: int, *, office: str = "", house: House) -> list[Counted]:
    """Everybody who works here, or at one office, by office; nobody who left."""
    here = select(Employee).where(Employee.standing == Employment.ACTIVE)
    here = here.where(Employee.office == office) if office else here
    people = session.exec(here.order_by(col(Employee.office), col(Employee.id))).all()
    first, after = _bounds(year, house)
    entries = _entries(session, year, house)
    learned = _training(session, first, after)
    signed = (col(Promise.signed_at) >= first, col(Promise.signed_at) < after)
    promises = Counter(session.exec(select(Promise.employee_id).where(*signed)))
    given, late = _hand_ins(session, year)
    vetoes = session.exec(select(Veto).where(Veto.year == year, col(Veto.state).in_(COUNTS)))
    vetoed = {one.employee_id for one in vetoes if is_set(one, vault=house.vault)}
    return [
        Counted(
            one, entries[number], *learned[number].counts, promises[number], given[number], late[number],
            number in vetoed,
        )
        for one in people
        if (number := one.id) is not None
    ]  # fmt: skip


class _Learned:
    """Adds up the assignments of one person."""

    def __init__(self) -> None:
        self._owed = self._done = self._late = self._passed = 0
        self._scores: list[int] = []

    def add(self, state: AssignmentState, late: bool, score: int | None, passed: bool | None) -> None:
        self._owed += 1
        self._done += state is AssignmentState.DONE
        self._late += late
        self._passed += bool(passed)
        self._scores += [score] if score is not None else []

    @property
    def counts(self) -> tuple[int, int, int, float | None, int]:
        """Owed, done, late, mean score, passed."""
        mean = sum(self._scores) / len(self._scores) if self._scores else None
        return self._owed, self._done, self._late, mean, self._passed


def _training(session: Session, first: datetime, after: datetime) -> dict[int, _Learned]:
    what = (col(Assignment.employee_id), col(Assignment.state), col(Assignment.late), col(Assignment.score))
    found = (
        core_select(*what, col(Assignment.passed))
        .join(Occurrence, col(Occurrence.id) == col(Assignment.occurrence_id))
        .where(
            col(Assignment.employee_id).is_not(None), col(Assignment.state) != AssignmentState.EXCUSED,
            col(Occurrence.proof).in_((Proof.READING, Proof.QUIZ)),
            col(Occurrence.due_at) >= first, col(Occurrence.due_at) < after,
        )
    )  # fmt: skip
    learned: dict[int, _Learned] = defaultdict(_Learned)
    for employee, state, late, score, passed in session.execute(found):
        learned[employee].add(state, late, score, passed)
    return learned


def _entries(session: Session, year: int, house: House) -> dict[int, Counter[EntryKind]]:
    """Those that were put to somebody else, or struck, from outside do not count; `keys verify` tells."""
    within = (col(RecordEntry.on_day) >= date(year, 1, 1), col(RecordEntry.on_day) <= date(year, 12, 31))
    found = select(RecordEntry).where(col(RecordEntry.struck_at).is_(None), *within)
    entries: dict[int, Counter[EntryKind]] = defaultdict(Counter)
    for entry in session.exec(found):
        entries[entry.employee_id][entry.kind] += is_entered(entry, vault=house.vault)
    return entries


def _hand_ins(session: Session, year: int) -> tuple[Counter[int], Counter[int]]:
    """Those by name, and the late ones among them."""
    within = (col(HandIn.received_on) >= date(year, 1, 1), col(HandIn.received_on) <= date(year, 12, 31))
    found = select(HandIn.employee_id, HandIn.late).where(
        col(HandIn.employee_id).is_not(None), col(HandIn.state).not_in(_VOID), *within
    )
    rows = [(employee, late) for employee, late in session.exec(found) if employee is not None]
    return Counter(employee for employee, _ in rows), Counter(employee for employee, late in rows if late)


def _bounds(year: int, house: House) -> tuple[datetime, datetime]:
    zone = ZoneInfo(house.hospital.timezone)
    first, after = (datetime(one, 1, 1, tzinfo=zone).astimezone(UTC) for one in (year, year + 1))
    return first, after
