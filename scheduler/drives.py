"""Tells of drives: a phase that begins, one that is over, items of the ledger that wait."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.drives.duties import offices_of_drive
from storage.drives.phases import (
    LATE_END,
    DrivePhase,
    begins_at,
    known_phases,
    note_begun,
    note_ended,
    told_over_at,
)
from storage.drives.plan import Drive, Phase, find_drive
from storage.drives.reminders import Wait, claim_items, has_head
from storage.duties.moments import allowed_from
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.groups import EVERYONE
from storage.house import House
from storage.outbox import announce


def sweep_drives(session: Session, *, house: House, now: datetime) -> int:
    """Tells what is to be told now; how much that was. Nothing in quiet hours and on days off.

    A phase is announced once, also after a stop; one that was over by then is not announced as new.
    """
    if not house.drives or allowed_from(now, house) > now:
        return 0
    known = known_phases(session)
    told = sum(
        _look_after(session, drive, phase, known.get((drive.key, phase.key)), house=house, now=now)
        for drive in house.drives
        for phase in drive.phases
    )
    return told + _remind_of_items(session, house=house, now=now)


def _look_after(
    session: Session, drive: Drive, phase: Phase, row: DrivePhase | None, *, house: House, now: datetime
) -> int:
    told = 0
    if row is None and now >= begins_at(drive, phase, house):
        told += _begin(session, drive, phase, house=house, now=now)
    ended_at = row.ended_at if row is not None else None
    if ended_at is None and now >= told_over_at(drive, phase, house) and (row is not None or told):
        told += _end(session, drive, phase, house=house, now=now)
    return told


def _begin(session: Session, drive: Drive, phase: Phase, *, house: House, now: datetime) -> int:
    today = house.local_day(now)
    if not note_begun(session, drive, phase, now=now):
        return 0
    if today > drive.last(phase) or drive.is_over(today):
        return 1  # over before anybody was told: it stands in the figures, not in the groups
    facts: dict[str, Any] = {"drive": drive.key, "phase": phase.key}
    record_event(session, SYSTEM, EventName.DRIVE_PHASE, now=now, **facts)
    if drive.takes_part.everyone:
        announce(session, f"groups:{EVERYONE}", "drive.phase", now=now, office="", **facts)
    for office in offices_of_drive(drive, house.duties, house.hospital):
        announce(session, f"groups:{office}", "drive.phase", now=now, office=office, **facts)
        announce(session, f"every_head:{office}", "drive.phase", now=now, office=office, **facts)
    return 1


def _end(session: Session, drive: Drive, phase: Phase, *, house: House, now: datetime) -> int:
    """Told to the lead office alone; long after, or where the drive was ended before it, to nobody."""
    if not note_ended(session, drive, phase, now=now):
        return 0
    late = now > told_over_at(drive, phase, house) + LATE_END
    if late or (drive.ended is not None and drive.ended <= drive.last(phase)):
        return 1
    facts: dict[str, Any] = {"drive": drive.key, "phase": phase.key}
    record_event(session, SYSTEM, EventName.DRIVE_PHASE_OVER, now=now, **facts)
    announce(session, f"officers:{drive.lead}", "drive.over", now=now, **facts)
    return 1


def _remind_of_items(session: Session, *, house: House, now: datetime) -> int:
    """Heads of what is overdue; the lead office once, of what waits and of what is overdue for long."""
    waits = claim_items(session, house=house, now=now)
    leads: set[str] = set()
    for wait in waits:
        drive = find_drive(house.drives, wait.drive)
        if drive is not None and drive.ended is None and (wait.fixed or _overdue(session, wait, house, now)):
            leads.add(drive.key)
    for drive in house.drives:
        if drive.key in leads:
            announce(session, f"officers:{drive.lead}", "drive.waiting", now=now, drive=drive.key)
    return len(waits)


def _overdue(session: Session, wait: Wait, house: House, now: datetime) -> bool:
    """Tells the office's head; True where the lead office is told, too: after days, or without a head."""
    facts: dict[str, Any] = {"drive": wait.drive, "office": wait.office}
    record_event(session, SYSTEM, EventName.ITEM_REMINDED, now=now, count=wait.items, **facts)
    headed = has_head(session, wait.office)
    if headed:
        announce(session, f"every_head:{wait.office}", "drive.overdue", now=now, **facts)
    return not headed or wait.longest >= house.duties.reminding.discipline_after
