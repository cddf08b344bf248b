"""What is done with an item of the ledger; of two who press at once one wins; the trail knows every step."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from storage.deposits import deposit
from storage.drives.item_changes import LONGEST, change, morning_after, next_after, note_item, require
from storage.drives.items import (
    UNSETTLED,
    DriveItem,
    ItemState,
    count_fixed,
    matter_of,
    new_item,
    sealed_words,
)
from storage.drives.permits import may_mend, may_see_item, takes_part
from storage.drives.plan import Drive
from storage.duties.moments import morning_of
from storage.errors import ItemMoved, NoSuchItem
from storage.event_names import EventName
from storage.house import House
from storage.members import Member
from storage.messages import StoredFile
from storage.outbox import announce
from storage.refusals import note_refusal

SLIP = timedelta(minutes=30)
"""How long whoever added an item may take it back: later only the lead office settles it."""
_WAITS = 3
"""Working days after which the lead office is reminded of what waits to be struck off."""


def item_for(
    session: Session, item_id: int, drives: Sequence[Drive], member: Member, *, now: datetime
) -> tuple[DriveItem, Drive]:
    """An item and its drive; raises NoSuchItem for what is not theirs, and the refusal is in the trail."""
    item = session.get(DriveItem, item_id)
    drive = next((one for one in drives if item is not None and one.key == item.drive), None)
    if (
        item is None or drive is None or item.state is ItemState.WITHDRAWN
        or not may_see_item(member, item, drive)
    ):  # fmt: skip
        note_refusal(session, member, "drive_item", now=now, item=item_id)
        raise NoSuchItem("no such item")
    return item, drive


def add_item(
    session: Session, drive: Drive, member: Member, problem: str, *, house: House, now: datetime
) -> DriveItem:
    """A problem that an office found in itself. Raises NoSuchItem for who takes no part, or after the end."""
    if not takes_part(member, drive, house) or drive.is_over(house.local_day(now)):
        note_refusal(session, member, "drive", now=now)
        raise NoSuchItem("no part in this drive")
    words = problem[: LONGEST["problem"]]
    item = new_item(session, drive.key, member.office, words, by=member.id or 0, vault=house.vault, now=now)
    note_item(session, EventName.ITEM_ADDED, item, member, now=now)
    return item


def set_plan(
    session: Session,
    item: DriveItem,
    member: Member,
    *,
    version: int,
    measure: str | None = None,
    responsible: str | None = None,
    due_on: date | None = None,
    house: House,
    now: datetime,
) -> None:
    """What is done about it, by whom and until when; what is not given stays. Raises ItemMoved."""
    require(session, may_mend(member, item), member, now=now)
    if item.state not in UNSETTLED:
        raise ItemMoved("the item is not open")
    values: dict[str, Any] = {}
    if due_on is not None:
        values |= {"due_on": due_on, "next_at": morning_after(due_on, house), "reminders": 0}
    for column, words in (("measure", measure), ("responsible", responsible)):
        if words is not None:
            values[column] = sealed_words(item, column, words[: LONGEST[column]], vault=house.vault)
    change(session, item, version, **values)
    set_ = [name for name in ("measure", "responsible", "due_on") if name in values]
    note_item(session, EventName.ITEM_PLANNED, item, member, now=now, what=",".join(set_))


def say_fixed(
    session: Session,
    item: DriveItem,
    drive: Drive,
    member: Member,
    proof: str,
    files: Sequence[StoredFile] = (),
    *,
    version: int,
    house: House,
    now: datetime,
) -> None:
    """The office says that it is put right, with words or files as proof. Raises ItemMoved."""
    require(session, may_mend(member, item), member, now=now)
    if item.state not in UNSETTLED or not (proof or files):
        raise ItemMoved("the item is not open")
    sealed = sealed_words(item, "proof", proof[: LONGEST["proof"]], vault=house.vault)
    waits = morning_of(house.calendar.step(house.local_day(now), _WAITS), house)
    change(
        session, item, version, state=ItemState.FIXED, proof=sealed, fixed_by=member.id, fixed_at=now,
        next_at=waits, reminders=0,
    )  # fmt: skip
    deposit(session, files, matter_of(item), vault=house.vault, now=now)
    note_item(session, EventName.ITEM_FIXED, item, member, now=now, files=len(files))
    if count_fixed(session, drive.key) == 1:  # of more that wait the lead office is reminded, all at once
        announce(session, f"officers:{drive.lead}", "drive.fixed", now=now, drive=drive.key, item=item.id)


def take_fixed_back(
    session: Session, item: DriveItem, member: Member, *, version: int, house: House, now: datetime
) -> None:
    """It was not fixed after all, as long as nobody judged it. Raises ItemMoved."""
    require(session, may_mend(member, item), member, now=now)
    if item.state is not ItemState.FIXED:
        raise ItemMoved("the item is not said to be fixed")
    state = ItemState.RETURNED if item.returns else ItemState.OPEN
    change(
        session, item, version, state=state, fixed_by=None, fixed_at=None, reminders=0,
        next_at=next_after(item.due_on, house, now),
    )  # fmt: skip
    note_item(session, EventName.ITEM_UNDONE, item, member, now=now, what="fixed")


def withdraw_item(session: Session, item: DriveItem, member: Member, *, version: int, now: datetime) -> None:
    """It was a slip: for a while whoever added it may take it back. Raises ItemMoved."""
    require(session, member.id == item.added_by, member, now=now)
    if not is_slip(item, member, now):
        raise ItemMoved("too late to take it back")
    change(session, item, version, state=ItemState.WITHDRAWN, next_at=None)
    note_item(session, EventName.ITEM_UNDONE, item, member, now=now, what="added")


def is_slip(item: DriveItem, member: Member, now: datetime) -> bool:
    """Whether a member may still take an item back as a slip."""
    fresh = now - item.added_at <= SLIP and item.state is ItemState.OPEN and item.returns == 0
    return fresh and member.active and member.id == item.added_by
