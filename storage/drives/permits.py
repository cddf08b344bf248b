"""Who may see a drive's ledger and act on it: asked by all that shows it."""

from sqlmodel import Session

from storage.drives.duties import offices_of_drive
from storage.drives.items import DriveItem, ItemState, words_in
from storage.drives.plan import Drive, find_drive
from storage.errors import SealError
from storage.house import House
from storage.members import Member, Right, may, name_of


def leads(member: Member, drive: Drive) -> bool:
    """Whether somebody runs the drive: who handles cases at its lead office, and supervisors."""
    return may(member, Right.EVERY_CASE) or (may(member, Right.HANDLE) and member.office == drive.lead)


def takes_part(member: Member, drive: Drive, house: House) -> bool:
    """Whether somebody's office takes part; whoever works there may write into its ledger."""
    return member.active and member.office in offices_of_drive(drive, house.duties, house.hospital)


def may_see_drive(member: Member, drive: Drive, house: House) -> bool:
    """Whether somebody may see how far the drive is."""
    return member.active and (
        leads(member, drive) or takes_part(member, drive, house) or may(member, Right.STATISTICS)
    )


def may_see_item(member: Member, item: DriveItem, drive: Drive) -> bool:
    """Whether somebody may read an item: its own office, and who runs the drive."""
    return member.active and (member.office == item.office or leads(member, drive))


def may_mend(member: Member, item: DriveItem) -> bool:
    """Whether somebody may set measures and say that it is fixed: everybody of the item's office."""
    return member.active and member.office == item.office


def may_judge(member: Member, item: DriveItem, drive: Drive, *, house: House) -> bool:
    """Whether somebody may strike an item off or return it: who runs the drive, and never for their own.

    Their own is what they added, said to be fixed, or are named for as responsible.
    """
    if not leads(member, drive) or member.id in (item.added_by, item.fixed_by):
        return False
    try:
        name = name_of(member, vault=house.vault)
    except SealError:
        return False
    responsible = words_in(item, "responsible", vault=house.vault)
    return not (name and name in responsible)


def may_have_made(matter: str, member: Member, house: House) -> bool:
    """Whether somebody may still have what was made for them of a drive: drive:KEY, counts:KEY for counts."""
    kind, _, key = matter.partition(":")
    drive = find_drive(house.drives, key)
    if drive is None or kind not in ("drive", "counts"):
        return False
    return leads(member, drive) or (kind == "counts" and may(member, Right.STATISTICS))


def may_fetch_proof(session: Session, item_id: int, member: Member, house: House) -> bool:
    """Whether somebody may fetch the files that prove an item."""
    item = session.get(DriveItem, item_id)
    if item is None or item.state is ItemState.WITHDRAWN:
        return False
    drive = find_drive(house.drives, item.drive)
    return drive is not None and may_see_item(member, item, drive)
