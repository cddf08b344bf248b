"""A drive in small: two phases, something to read, a report, a figure and a weekly note."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from storage.drives.duties import book_with_drives
from storage.drives.items import DriveItem, ItemState, new_item
from storage.drives.plan import Drive
from storage.house import House
from storage.members import Member
from tests.duties import make_book
from tests.factories import MONDAY, make_house

DRIVE: dict[str, Any] = {
    "key": "clean", "title": "红包专项整治", "text": "查自己。", "start": "2025-11-24", "lead": "纪检办",
    "takes_part": {"offices": ["药剂科", "设备科"]},
    "phases": [
        {
            "key": "selfcheck", "title": "自查自纠", "from": 1, "to": 12, "text": "问题进台账。",
            "deliverables": [
                {"key": "read", "title": "学习要求", "owed_by": "everyone", "proof": "reading", "due": 5},
                {"key": "report", "title": "自查报告"},
                {"key": "count", "title": "发现问题数", "proof": "figure", "unit": "条"},
            ],
        },
        {
            "key": "rectify", "title": "检查整改", "from": 15, "to": 26,
            "recurring": [{"key": "weekly", "title": "周报", "every": "week", "proof": "text"}],
        },
    ],
    "summary": {"due": 30},
}  # fmt: skip
"""Monday, 24 November 2025, to Tuesday, 23 December; 药剂科 and 设备科, led by 纪检办."""


def make_drive(**changes: Any) -> Drive:
    """That drive, with changes."""
    return Drive.model_validate(DRIVE | changes)


def drive_house(drive: Drive | None = None, *more: Drive, **changes: Any) -> House:
    """The usual house, with drives and the duties that come of them, and no others."""
    drives = (drive or make_drive(), *more)
    book = make_book().model_copy(update={"duties": ()})
    return replace(make_house(**changes), duties=book_with_drives(book, drives), drives=drives)


def make_item(
    session: Session, house: House, by: Member, problem: str = "账物不符", **fields: Any
) -> DriveItem:
    """An item of the drive, added by a member for their office."""
    now = fields.pop("now", MONDAY)
    item = new_item(session, "clean", by.office, problem, by=by.id or 0, vault=house.vault, now=now)
    for name, value in fields.items():
        setattr(item, name, value)
    session.add(item)
    session.flush()
    return item


def state_of(session: Session, item: DriveItem) -> ItemState:
    """How an item stands in the table."""
    session.refresh(item)
    return item.state
