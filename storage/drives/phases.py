"""Remembers which phases were announced and which ends were told, so that each is told once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcTime
from storage.drives.made_real import next_working
from storage.drives.plan import Drive, Phase
from storage.duties.moments import morning_of
from storage.house import House

LATE_END = timedelta(days=7)
"""The end of a phase is still told so long after it; whoever comes back later reads it in the figures."""


class DrivePhase(SQLModel, table=True):
    """`began_at` is when a phase was announced, or found to be over; `ended_at` when its end was told."""

    __tablename__ = "drive_phases"

    drive: str = Field(primary_key=True, max_length=10)
    phase: str = Field(primary_key=True, max_length=12)
    began_at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


_TABLE = DrivePhase.__table__  # type: ignore[attr-defined]


def begins_at(drive: Drive, phase: Phase, house: House) -> datetime:
    """When a phase is announced: in the morning of its first working day."""
    return morning_of(next_working(drive.first(phase), house.calendar), house)


def told_over_at(drive: Drive, phase: Phase, house: House) -> datetime:
    """When a phase's end is told: in the morning of the first working day after it."""
    return morning_of(next_working(drive.last(phase) + timedelta(days=1), house.calendar), house)


def known_phases(session: Session) -> dict[tuple[str, str], DrivePhase]:
    """What was told of phases so far."""
    return {(row.drive, row.phase): row for row in session.exec(select(DrivePhase))}


def note_begun(session: Session, drive: Drive, phase: Phase, *, now: datetime) -> bool:
    """Marks a phase as announced; False where somebody else did."""
    insert: Any = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    row = insert(_TABLE).values(drive=drive.key, phase=phase.key, began_at=now)
    return bool(session.execute(row.on_conflict_do_nothing()).rowcount)  # type: ignore[attr-defined]


def note_ended(session: Session, drive: Drive, phase: Phase, *, now: datetime) -> bool:
    """Marks a phase's end as told; False where somebody else did."""
    which = (col(DrivePhase.drive) == drive.key, col(DrivePhase.phase) == phase.key)
    ended = update(DrivePhase).where(*which, col(DrivePhase.ended_at).is_(None)).values(ended_at=now)
    return bool(session.execute(ended).rowcount)  # type: ignore[attr-defined]
