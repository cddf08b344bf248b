"""How far a drive is: counted from assignments and items, so that it is always true."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from storage.drives.duties import duty_key, offices_of_drive
from storage.drives.items import UNSETTLED, DriveItem, ItemState, count_items
from storage.drives.plan import SUMMARY, Drive
from storage.duties.book import Answers, Proof
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.progress import Progress, progress_by_office
from storage.house import House


class Cell(StrEnum):
    """How an office stands with something: LATE is done after its time, MISSING is overdue, SOON is not yet.

    NONE: this office does not owe it, or all its people are excused.
    """

    DONE = "done"
    LATE = "late"
    OPEN = "open"
    MISSING = "missing"
    SOON = "soon"
    NONE = "none"


GIVEN = (Cell.DONE, Cell.LATE, Cell.OPEN, Cell.MISSING)
HANDED_IN = (Cell.DONE, Cell.LATE)


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence of what is to be handed in; `offices` only once it was given out."""

    occurrence_id: int
    duty: str
    title: str
    phase: str
    due_at: datetime
    due_on: date
    stage: OccurrenceStage
    proof: Proof
    each: Answers
    offices: Mapping[str, Progress]

    def cell(self, office: str, now: datetime) -> Cell:
        """How one office stands."""
        if self.stage is OccurrenceStage.PLANNED:
            return Cell.SOON
        found = self.offices.get(office, Progress())
        if not found.expected:
            return Cell.NONE
        if found.missing:
            return Cell.MISSING if now > self.due_at else Cell.OPEN
        return Cell.LATE if found.late else Cell.DONE

    @property
    def total(self) -> Progress:
        """All offices together."""
        return sum(self.offices.values(), Progress())

    def missing(self, now: datetime) -> list[str]:
        """The offices that have not handed it in, or not all of their people."""
        return [office for office, found in self.offices.items() if found.missing]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A drive at a moment; `items` by office and state, `overdue` items by office."""

    drive: Drive
    now: datetime
    today: date
    offices: tuple[str, ...]
    lines: tuple[Line, ...]
    items: Mapping[str, Mapping[ItemState, int]]
    overdue: Mapping[str, int]

    def handed_in(self, office: str = "", *, phase: str = "") -> tuple[int, int]:
        """How much of what was given out is done, office by office: done, all; of one phase or of all."""
        names = (office,) if office else self.offices
        lines = [line for line in self.lines if phase in ("", line.phase)]
        cells = [line.cell(one, self.now) for line in lines for one in names]
        return sum(cell in HANDED_IN for cell in cells), sum(cell in GIVEN for cell in cells)

    @property
    def to_come(self) -> int:
        """How many occurrences were not given out yet."""
        return sum(line.stage is OccurrenceStage.PLANNED for line in self.lines)

    def count(self, *states: ItemState, office: str = "") -> int:
        """How many items are in these states; all that count, without any."""
        wanted = states or tuple(ItemState)
        names = (office,) if office else tuple(self.items)
        return sum(self.items.get(name, {}).get(state, 0) for name in names for state in wanted)

    def overdue_items(self, office: str = "") -> int:
        """How many items are overdue."""
        return self.overdue.get(office, 0) if office else sum(self.overdue.values())


def reckon(session: Session, drive: Drive, *, house: House, now: datetime) -> Reckoning:
    """All that is shown of a drive."""
    today = house.local_day(now)
    lines = tuple(_line(session, one, drive, house) for one in occurrences_of(session, drive))
    there = {office for line in lines for office in line.offices}
    counted = count_items(session, drive.key)
    offices = offices_of_drive(drive, house.duties, house.hospital)
    gone = sorted((there | counted.keys()) - set(offices))
    overdue = _overdue(session, drive.key, today)
    return Reckoning(drive, now, today, (*offices, *gone), lines, counted, overdue)


def occurrences_of(session: Session, drive: Drive) -> list[Occurrence]:
    """What was planned or given out for a drive, the earliest first.

    Of what was taken back after it was given out, the answers there were still count.
    """
    stands = or_(col(Occurrence.stage) != OccurrenceStage.STOPPED, col(Occurrence.opened_at).is_not(None))
    found = select(Occurrence).where(Occurrence.drive == drive.key, stands)
    return list(session.exec(found.order_by(col(Occurrence.due_at), col(Occurrence.id))))


def _line(session: Session, one: Occurrence, drive: Drive, house: House) -> Line:
    assert one.id is not None
    offices = progress_by_office(session, one.id) if one.stage is not OccurrenceStage.PLANNED else {}
    title = _titles(drive).get(one.duty, one.title)
    return Line(
        one.id, one.duty, title, one.phase, one.due_at, house.local_day(one.due_at), one.stage, one.proof,
        one.each, offices,
    )  # fmt: skip


def _titles(drive: Drive) -> dict[str, str]:
    """The titles without the drive's own in front."""
    found = {duty_key(drive, asked.key): asked.title for _, asked in drive.asked()}
    return found | {duty_key(drive, SUMMARY): drive.summary.title}


def _overdue(session: Session, drive: str, today: date) -> dict[str, int]:
    counted = (
        select(DriveItem.office, func.count())
        .where(DriveItem.drive == drive, col(DriveItem.state).in_(UNSETTLED), col(DriveItem.due_on) < today)
        .group_by(DriveItem.office)
    )
    return dict(session.exec(counted).all())
