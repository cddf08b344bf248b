"""Which items of the ledger have to be called to mind: overdue ones, and those that wait to be struck off."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.drives.items import UNSETTLED, DriveItem, ItemState
from storage.drives.plan import find_drive
from storage.duties.moments import morning_of
from storage.house import House
from storage.members import Role, members_of

_TOGETHER = 500


class Wait(NamedTuple):
    """Items of one office that are overdue (`fixed` false), or wait for the lead office; `longest`: reminders
    that the one called to mind most often has had, this one included."""

    drive: str
    office: str
    fixed: bool
    items: int
    longest: int


def claim_items(session: Session, *, house: House, now: datetime) -> list[Wait]:
    """Items whose reminder is due, by drive and office; each is taken by one sweeper, and set on.

    The next time is the next working morning, for what waits to be struck off three later; after `nag_days`
    reminders nothing more comes.
    """
    due = select(DriveItem).where(col(DriveItem.next_at).is_not(None), col(DriveItem.next_at) <= now)
    counted: Counter[tuple[str, str, bool]] = Counter()
    longest: dict[tuple[str, str, bool], int] = {}
    for item in session.exec(due.order_by(col(DriveItem.next_at), col(DriveItem.id)).limit(_TOGETHER)).all():
        if not _take(session, item, house, now) or not _is_due(item, house, now):
            continue
        key = (item.drive, item.office, item.state is ItemState.FIXED)
        counted[key] += 1
        longest[key] = max(longest.get(key, 0), item.reminders)
    return [Wait(*key, count, longest[key]) for key, count in counted.items()]


def has_head(session: Session, office: str) -> bool:
    """Whether an office has a head who could be told."""
    return any(member.role is Role.HEAD for member in members_of(session, office))


def _take(session: Session, item: DriveItem, house: House, now: datetime) -> bool:
    values: dict[str, Any] = {"next_at": _next(item, house, now), "reminders": item.reminders + 1}
    same = (col(DriveItem.id) == item.id, col(DriveItem.next_at) == item.next_at)
    taken = session.execute(
        update(DriveItem).where(*same).values(values), execution_options={"synchronize_session": False}
    )
    session.refresh(item)
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _is_due(item: DriveItem, house: House, now: datetime) -> bool:
    drive = find_drive(house.drives, item.drive)
    if drive is None or item.state not in (*UNSETTLED, ItemState.FIXED):
        return False
    overdue = item.due_on is not None and item.due_on < house.local_day(now)
    return overdue or item.state is ItemState.FIXED


def _next(item: DriveItem, house: House, now: datetime) -> datetime | None:
    is_over = item.reminders + 1 >= house.duties.reminding.nag_days
    if is_over or find_drive(house.drives, item.drive) is None:
        return None
    days = 3 if item.state is ItemState.FIXED else 1
    return morning_of(house.calendar.step(house.local_day(now), days), house)
