"""How an item of the ledger changes: by who may, once of two who press at once, and the trail knows."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from storage.drives.items import DriveItem
from storage.drives.made_real import next_working
from storage.duties.moments import morning_of
from storage.errors import ItemMoved, NoSuchItem
from storage.event_names import EventName
from storage.events import record_event
from storage.house import House
from storage.members import Member
from storage.moves import actor
from storage.refusals import note_refusal

LONGEST = {"problem": 500, "measure": 500, "responsible": 30, "proof": 500, "returned": 300}
"""Characters of each of the words of an item."""


def require(session: Session, allowed: bool, member: Member, *, now: datetime) -> None:
    """Raises NoSuchItem for what is not theirs to do; the refusal is in the trail."""
    if not allowed:
        note_refusal(session, member, "action", now=now, wish="drive_item")
        raise NoSuchItem("not theirs to do")


def change(session: Session, item: DriveItem, version: int, **values: Any) -> None:
    """Changes the item if it still is as its button was drawn; raises ItemMoved."""
    same = (col(DriveItem.id) == item.id, col(DriveItem.version) == version)
    done = session.execute(
        update(DriveItem).where(*same).values(version=version + 1, **values),
        execution_options={"synchronize_session": False},
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise ItemMoved("the item has moved")
    session.refresh(item)


def note_item(
    session: Session, name: EventName, item: DriveItem, member: Member, *, now: datetime, **facts: Any
) -> None:
    """Says in the trail what a member did with an item: its number, never its words."""
    record_event(session, actor(member), name, now=now, drive=item.drive, item=item.number, **facts)


def morning_after(day: date, house: House) -> datetime:
    """The morning of the first working day after a due day."""
    return morning_of(next_working(day + timedelta(days=1), house.calendar), house)


def next_after(due_on: date | None, house: House, now: datetime) -> datetime | None:
    """When an open item is next called to mind: never at once."""
    if due_on is None:
        return None
    return max(morning_after(due_on, house), house.calendar.next_working_morning(now))
