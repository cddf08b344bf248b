"""Makes words of what was left about a drive, at the moment they are sent; a group reads no content."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.staff.drives.view import drive_view
from handlers.staff.drives.wording import asked_lines, office_names, span
from handlers.telling import member_addressed
from handlers.turn import Desk
from handlers.words import Words
from storage.drives.items import DriveItem, ItemState
from storage.drives.permits import leads, may_see_drive, may_see_item
from storage.drives.plan import Drive, find_drive
from storage.drives.reckoning import Reckoning, reckon
from storage.house import House
from storage.letters import Letter
from storage.members import Member
from storage.messages import Choice, Reply


def drive_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    """The words for `drive.WHAT`; None where it is over, or whoever reads here may not know of it by now."""
    house = desk.house
    drive = find_drive(house.drives, str(arguments.get("drive")))
    member = member_addressed(letter, session)
    what = (letter.notice or "").partition(".")[2]
    if drive is None or (member is None and not letter.is_group):
        return None
    if what == "phase":
        return _phase(drive, arguments, house=house, words=words, now=now)
    if member is None or not may_see_drive(member, drive, house):
        return None
    if what == "view":
        return drive_view(drive, member, session=session, house=house, words=words, now=now)
    if what in ("fixed", "returned", "struck"):
        return _item(what, drive, session.get(DriveItem, arguments.get("item")), member, words)
    far = reckon(session, drive, house=house, now=now)
    match what:
        case "overdue":
            return _overdue(far, str(arguments.get("office")), member, words)
        case "over" if leads(member, drive):
            return _over(far, str(arguments.get("phase")), words)
        case "waiting" if leads(member, drive):
            return _waiting(far, words)
    return None


def _phase(
    drive: Drive, arguments: dict[str, Any], *, house: House, words: Words, now: datetime
) -> Reply | None:
    """A phase that begins: what is asked of the office whose group this is, or of all."""
    phase, today = drive.phase(str(arguments.get("phase"))), house.local_day(now)
    if phase is None or drive.is_over(today) or today > drive.last(phase):
        return None
    text = words(
        "drives.notice_phase", title=drive.title, number=drive.phases.index(phase) + 1, phase=phase.title,
        range=span(drive.first(phase), drive.last(phase), words, today=today), text=phase.text,
    ).rstrip()  # fmt: skip
    asked = asked_lines(drive, phase, str(arguments.get("office") or ""), words, today)
    heading = words("drives.notice_asked") if asked else words("drives.notice_asked_none")
    return Reply("\n".join([text, heading, *asked]), _open(drive, words))


def _over(far: Reckoning, key: str, words: Words) -> Reply | None:
    phase = far.drive.phase(key)
    if phase is None:
        return None
    missing = [(line.title, line.missing(far.now)) for line in far.lines if line.phase == key]
    lines = [
        words("drives.notice_over_line", title=title, offices=office_names(offices, words))
        for title, offices in missing
        if offices
    ]
    done, all_ = far.handed_in(phase=key)
    said = [words("drives.notice_over", title=far.drive.title, phase=phase.title, done=done, all=all_)]
    said += [words("drives.notice_over_missing"), *lines] if lines else [words("drives.notice_over_all")]
    open_, waiting = far.count(ItemState.OPEN, ItemState.RETURNED), far.count(ItemState.FIXED)
    if open_ or waiting:
        said.append(words("drives.notice_over_ledger", open=open_, waiting=waiting))
    return Reply("\n".join(said), _open(far.drive, words))


def _waiting(far: Reckoning, words: Words) -> Reply | None:
    waiting, overdue = far.count(ItemState.FIXED), far.overdue_items()
    if not waiting and not overdue:
        return None
    said = [words("drives.notice_waiting", title=far.drive.title, waiting=waiting, overdue=overdue)]
    if far.overdue:
        offices = sorted(far.overdue, key=lambda office: -far.overdue[office])
        said.append(words("drives.notice_waiting_offices", offices=office_names(offices, words)))
    which = "fixed" if waiting else "late"
    button = Choice(words("drives.notice_open"), f"drive:items:{far.drive.key}:all:{which}:0")
    return Reply("\n".join(said), ((button,),))


def _overdue(far: Reckoning, office: str, member: Member, words: Words) -> Reply | None:
    count = far.overdue_items(office) if office else 0
    if not count or (member.office != office and not leads(member, far.drive)):
        return None
    text = words("drives.notice_overdue", title=far.drive.title, office=office, count=count)
    button = Choice(words("drives.notice_open"), f"drive:items:{far.drive.key}:mine:late:0")
    return Reply(text, ((button,),))


def _item(what: str, drive: Drive, item: DriveItem | None, member: Member, words: Words) -> Reply | None:
    """A step of an item, as long as it still is so."""
    state = {"fixed": ItemState.FIXED, "returned": ItemState.RETURNED, "struck": ItemState.STRUCK}[what]
    if item is None or item.state is not state or not may_see_item(member, item, drive):
        return None
    if what == "fixed" and (member.id == item.fixed_by or not leads(member, drive)):
        return None
    text = words(f"drives.notice_{what}", title=drive.title, number=item.number, office=item.office)
    return Reply(text, ((Choice(words("drives.notice_open"), f"drive:item:{item.id}"),),))


def _open(drive: Drive, words: Words) -> tuple[tuple[Choice, ...], ...]:
    return ((Choice(words("drives.notice_open"), f"drive:show:{drive.key}"),),)
