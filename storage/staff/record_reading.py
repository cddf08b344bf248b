"""What is known about a person of the roster: entries, and what other tables tell of training."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from storage.duties.assignments import Assignment, AssignmentState
from storage.duties.book import Proof
from storage.duties.occurrences import Occurrence
from storage.hand_ins.giving import hand_ins_of
from storage.hand_ins.rows import HandIn, HandInState
from storage.house import House
from storage.staff.employees import Employee
from storage.staff.record import EntryKind, RecordEntry, Veto
from storage.staff.record_veto import vetoes_of

_VOID = (HandInState.WITHDRAWN, HandInState.REFUSED)


@dataclass(frozen=True, slots=True)
class Trained:
    """One duty that was answered: `score` in percent where there was a quiz."""

    title: str
    day: date
    late: bool
    score: int | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Promised:
    """A form that was signed."""

    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Record:
    """All of one year, or of all years where `year` is 0; `owed` counts what was to be answered."""

    employee: Employee
    year: int
    entries: list[RecordEntry]
    trained: list[Trained]
    owed: int
    promised: list[Promised]
    hand_ins: list[HandIn]
    vetoes: list[Veto]

    def of(self, kind: EntryKind) -> list[RecordEntry]:
        """The entries of one kind."""
        return [entry for entry in self.entries if entry.kind is kind]


def record_of(session: Session, employee: Employee, year: int, *, house: House) -> Record:
    """The record of a person; whether somebody may read it is asked before."""
    zone = ZoneInfo(house.hospital.timezone)
    trained, owed = _training(session, employee, year, zone)
    given = [row for row in hand_ins_of(session, employee.id) if row.state not in _VOID]
    entries = [one for one in entries_of(session, employee) if _in(one.on_day, year)]
    return Record(
        employee, year, entries, trained, owed,
        [one for one in _promises(session, employee, zone) if _in(one.day, year)],
        [row for row in given if _in(row.received_on, year)],
        [one for one in vetoes_of(session, employee) if year in (0, one.year)],
    )  # fmt: skip


def entries_of(session: Session, employee: Employee) -> list[RecordEntry]:
    """What was entered about a person and not struck, the newest first."""
    found = select(RecordEntry).where(
        RecordEntry.employee_id == employee.id, col(RecordEntry.struck_at).is_(None)
    )
    return list(session.exec(found.order_by(col(RecordEntry.on_day).desc(), col(RecordEntry.id).desc())))


def _training(session: Session, employee: Employee, year: int, zone: ZoneInfo) -> tuple[list[Trained], int]:
    """What was learned: by reading or by quiz; excused ones do not count."""
    found = (
        select(Assignment, Occurrence)
        .join(Occurrence, col(Occurrence.id) == col(Assignment.occurrence_id))
        .where(
            Assignment.employee_id == employee.id, Assignment.state != AssignmentState.EXCUSED,
            col(Occurrence.proof).in_((Proof.READING, Proof.QUIZ)),
        )
        .order_by(col(Occurrence.due_at).desc())
    )  # fmt: skip
    rows = [(one, of) for one, of in session.exec(found) if _in(of.due_at.astimezone(zone).date(), year)]
    trained = [
        Trained(of.title, _day(one.done_at or of.due_at, zone), one.late, one.score, one.passed)
        for one, of in rows
        if one.state is AssignmentState.DONE or one.score is not None
    ]
    return trained, len(rows)


def _promises(session: Session, employee: Employee, zone: ZoneInfo) -> list[Promised]:
    from storage.duties.promises import FormVersion, Promise  # with the first record that is read

    found = (
        select(Promise.signed_at, FormVersion.title)
        .join(FormVersion, col(FormVersion.version) == col(Promise.version))
        .where(Promise.employee_id == employee.id, col(Promise.signed_at).is_not(None))
        .order_by(col(Promise.signed_at).desc())
    )
    return [
        Promised(title, _day(signed, zone)) for signed, title in session.exec(found) if signed is not None
    ]


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _in(day: date, year: int) -> bool:
    return year in (0, day.year)
