"""What is done with an item of the ledger; of two who press at once one wins; the trail knows every step."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from storage.deposits import deposit
from storage.drives.items import (
    UNSETTLED,
    DriveItem,
    ItemState,
    count_fixed,
    matter_of,
    new_item,
    sealed_words,
)
from storage.drives.made_real import next_working
from storage.drives.permits import may_judge, may_mend, may_see_item, takes_part
from storage.drives.plan import Drive
from storage.duties.moments import morning_of
from storage.errors import ItemMoved, NoSuchItem
from storage.event_names import EventName
from storage.events import record_event
from storage.house import House
from storage.members import Member
from storage.messages import StoredFile
from storage.moves import actor
from storage.outbox import announce
from storage.refusals import note_refusal

LONGEST = {"problem": 500, "measure": 500, "responsible": 30, "proof": 500, "returned": 300}
"""Characters of each of the words of an item."""
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
    _require(session, may_mend(member, item), member, now=now)
    if item.state not in UNSETTLED:
        raise ItemMoved("the item is not open")
    values: dict[str, Any] = {}
    if due_on is not None:
        values |= {"due_on": due_on, "next_at": _morning_after(due_on, house), "reminders": 0}
    for column, words in (("measure", measure), ("responsible", responsible)):
        if words is not None:
            values[column] = sealed_words(item, column, words[: LONGEST[column]], vault=house.vault)
    _step(session, item, version, **values)
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
    _require(session, may_mend(member, item), member, now=now)
    if item.state not in UNSETTLED or not (proof or files):
        raise ItemMoved("the item is not open")
    sealed = sealed_words(item, "proof", proof[: LONGEST["proof"]], vault=house.vault)
    waits = morning_of(house.calendar.step(house.local_day(now), _WAITS), house)
    _step(
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
    _require(session, may_mend(member, item), member, now=now)
    if item.state is not ItemState.FIXED:
        raise ItemMoved("the item is not said to be fixed")
    state = ItemState.RETURNED if item.returns else ItemState.OPEN
    _step(
        session, item, version, state=state, fixed_by=None, fixed_at=None, reminders=0,
        next_at=_next_after(item.due_on, house, now),
    )  # fmt: skip
    note_item(session, EventName.ITEM_UNDONE, item, member, now=now, what="fixed")


def withdraw_item(session: Session, item: DriveItem, member: Member, *, version: int, now: datetime) -> None:
    """It was a slip: for a while whoever added it may take it back. Raises ItemMoved."""
    _require(session, member.id == item.added_by, member, now=now)
    if not is_slip(item, member, now):
        raise ItemMoved("too late to take it back")
    _step(session, item, version, state=ItemState.WITHDRAWN, next_at=None)
    note_item(session, EventName.ITEM_UNDONE, item, member, now=now, what="added")


def is_slip(item: DriveItem, member: Member, now: datetime) -> bool:
    """Whether a member may still take an item back as a slip."""
    fresh = now - item.added_at <= SLIP and item.state is ItemState.OPEN and item.returns == 0
    return fresh and member.active and member.id == item.added_by


def strike_off(
    session: Session, item: DriveItem, drive: Drive, member: Member, *, version: int, house: House,
    now: datetime,
) -> None:  # fmt: skip
    """The lead office settles what was fixed (销号); never its own. Raises ItemMoved."""
    _require(session, may_judge(member, item, drive, house=house), member, now=now)
    if item.state is not ItemState.FIXED:
        raise ItemMoved("the item is not said to be fixed")
    _step(session, item, version, state=ItemState.STRUCK, struck_by=member.id, struck_at=now, next_at=None)
    note_item(session, EventName.ITEM_STRUCK, item, member, now=now)
    if item.fixed_by is not None:
        announce(session, f"member:{item.fixed_by}", "drive.struck", now=now, drive=drive.key, item=item.id)


def undo_strike(
    session: Session, item: DriveItem, drive: Drive, member: Member, *, version: int, house: House,
    now: datetime,
) -> None:  # fmt: skip
    """It was struck off by a slip, or came back: it waits for judgement again. Raises ItemMoved."""
    _require(session, may_judge(member, item, drive, house=house), member, now=now)
    if item.state is not ItemState.STRUCK:
        raise ItemMoved("the item is not struck off")
    waits = house.calendar.next_working_morning(now)
    _step(
        session, item, version, state=ItemState.FIXED, struck_by=None, struck_at=None, next_at=waits,
        reminders=0,
    )  # fmt: skip
    note_item(session, EventName.ITEM_UNDONE, item, member, now=now, what="struck")


def return_item(
    session: Session, item: DriveItem, drive: Drive, member: Member, word: str, *, version: int,
    house: House, now: datetime,
) -> None:  # fmt: skip
    """It does not do yet, for this reason; the office goes on with it. Raises ItemMoved."""
    _require(session, may_judge(member, item, drive, house=house), member, now=now)
    if item.state is not ItemState.FIXED or not word:
        raise ItemMoved("the item is not said to be fixed")
    sealed = sealed_words(item, "returned", word[: LONGEST["returned"]], vault=house.vault)
    _step(
        session, item, version, state=ItemState.RETURNED, returned=sealed, returned_at=now,
        returns=item.returns + 1, reminders=0, next_at=_next_after(item.due_on, house, now),
    )  # fmt: skip
    note_item(session, EventName.ITEM_RETURNED, item, member, now=now)
    for audience in dict.fromkeys([f"member:{item.fixed_by}", f"every_head:{item.office}"]):
        announce(session, audience, "drive.returned", now=now, drive=drive.key, item=item.id)


def _require(session: Session, allowed: bool, member: Member, *, now: datetime) -> None:
    if not allowed:
        note_refusal(session, member, "action", now=now, wish="drive_item")
        raise NoSuchItem("not theirs to do")


def _step(session: Session, item: DriveItem, version: int, **values: Any) -> None:
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


def _morning_after(day: date, house: House) -> datetime:
    """The morning of the first working day after a due day."""
    return morning_of(next_working(day + timedelta(days=1), house.calendar), house)


def _next_after(due_on: date | None, house: House, now: datetime) -> datetime | None:
    if due_on is None:
        return None
    return max(_morning_after(due_on, house), house.calendar.next_working_morning(now))
