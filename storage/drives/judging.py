"""The lead office of a drive judges what was put right: struck off (销号), taken up again, given back."""

from datetime import datetime

from sqlmodel import Session

from storage.drives.item_changes import LONGEST, change, next_after, note_item, require
from storage.drives.items import DriveItem, ItemState, sealed_words
from storage.drives.permits import may_judge
from storage.drives.plan import Drive
from storage.errors import ItemMoved
from storage.event_names import EventName
from storage.house import House
from storage.members import Member
from storage.outbox import announce


def strike_off(
    session: Session, item: DriveItem, drive: Drive, member: Member, *, version: int, house: House,
    now: datetime,
) -> None:  # fmt: skip
    """The lead office settles what was fixed (销号); never its own. Raises ItemMoved."""
    require(session, may_judge(member, item, drive, house=house), member, now=now)
    if item.state is not ItemState.FIXED:
        raise ItemMoved("the item is not said to be fixed")
    change(session, item, version, state=ItemState.STRUCK, struck_by=member.id, struck_at=now, next_at=None)
    note_item(session, EventName.ITEM_STRUCK, item, member, now=now)
    if item.fixed_by is not None:
        announce(session, f"member:{item.fixed_by}", "drive.struck", now=now, drive=drive.key, item=item.id)


def undo_strike(
    session: Session, item: DriveItem, drive: Drive, member: Member, *, version: int, house: House,
    now: datetime,
) -> None:  # fmt: skip
    """It was struck off by a slip, or came back: it waits for judgement again. Raises ItemMoved."""
    require(session, may_judge(member, item, drive, house=house), member, now=now)
    if item.state is not ItemState.STRUCK:
        raise ItemMoved("the item is not struck off")
    waits = house.calendar.next_working_morning(now)
    change(
        session, item, version, state=ItemState.FIXED, struck_by=None, struck_at=None, next_at=waits,
        reminders=0,
    )  # fmt: skip
    note_item(session, EventName.ITEM_UNDONE, item, member, now=now, what="struck")


def return_item(
    session: Session, item: DriveItem, drive: Drive, member: Member, word: str, *, version: int,
    house: House, now: datetime,
) -> None:  # fmt: skip
    """It does not do yet, for this reason; the office goes on with it. Raises ItemMoved."""
    require(session, may_judge(member, item, drive, house=house), member, now=now)
    if item.state is not ItemState.FIXED or not word:
        raise ItemMoved("the item is not said to be fixed")
    sealed = sealed_words(item, "returned", word[: LONGEST["returned"]], vault=house.vault)
    change(
        session, item, version, state=ItemState.RETURNED, returned=sealed, returned_at=now,
        returns=item.returns + 1, reminders=0, next_at=next_after(item.due_on, house, now),
    )  # fmt: skip
    note_item(session, EventName.ITEM_RETURNED, item, member, now=now)
    for audience in dict.fromkeys([f"member:{item.fixed_by}", f"every_head:{item.office}"]):
        announce(session, audience, "drive.returned", now=now, drive=drive.key, item=item.id)
