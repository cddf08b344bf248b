"""Ends a drive before its time: what nobody has answered is taken back, all that was answered stays."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from storage.drives.items import DriveItem
from storage.drives.plan import Drive
from storage.drives.reckoning import occurrences_of
from storage.duties.occurrences import OccurrenceStage
from storage.duties.stopping import stop_occurrence
from storage.event_names import EventName
from storage.events import CONSOLE, record_event


def end_drive(session: Session, drive: Drive, *, now: datetime) -> int:
    """Takes back what is planned, ends what is open and calls no item to mind any more; how many duties."""
    running = (OccurrenceStage.PLANNED, OccurrenceStage.OPEN)
    found = [one for one in occurrences_of(session, drive) if one.stage in running]
    for occurrence in found:
        stop_occurrence(session, occurrence, by_hand=True, now=now)
    session.execute(
        update(DriveItem).where(col(DriveItem.drive) == drive.key).values(next_at=None),
        execution_options={"synchronize_session": "fetch"},
    )
    record_event(session, CONSOLE, EventName.DRIVE_ENDED, now=now, drive=drive.key, duties=len(found))
    return len(found)
