"""Who may open a hand-in, and who may say how it ended: never whoever gave it up or is said to hold it."""

from datetime import datetime

from sqlmodel import Session

from nlp.normalise import normalise
from storage.errors import NoSuchHandIn, SealError
from storage.hand_ins.rows import HandIn, open_given
from storage.house import House
from storage.members import Member, Right, may, name_of
from storage.refusals import note_refusal
from storage.staff.employees import Employee, employee_name
from storage.staff.permits import is_same_person, takes_hand_ins


def may_take(member: Member, house: House) -> bool:
    """Whether somebody looks after hand-ins at all: officers of the discipline office, and supervisors."""
    return takes_hand_ins(member, house.hospital) or may(member, Right.EVERY_CASE)


def may_open_hand_in(session: Session, row: HandIn, member: Member, *, house: House) -> bool:
    """Whether somebody may see what was given up, and take it; not their own, which they see as givers.

    Who gave it up under another account has the same name, and does not settle it either.
    """
    if not may_take(member, house):
        return False
    giver = session.get(Employee, row.employee_id) if row.employee_id is not None else None
    return giver is None or not is_same_person(giver, member, vault=house.vault)


def may_settle(session: Session, row: HandIn, member: Member, *, house: House) -> bool:
    """Whether somebody may say how it ended: not if the giver says that they hold it.

    Words that do not open name nobody; then the officer reads as much, and anybody else may end it.
    """
    if not may_open_hand_in(session, row, member, house=house):
        return False
    try:
        held_by = normalise(open_given(row, vault=house.vault).handed_to).text
        name = normalise(name_of(member, vault=house.vault)).text.strip()
    except SealError:
        return False
    return not name or name not in "".join(held_by.split())


def is_givers(session: Session, row: HandIn, member: Member) -> bool:
    """Whether somebody gave it up themselves, by name."""
    if row.employee_id is None:
        return False
    giver = session.get(Employee, row.employee_id)
    return giver is not None and giver.member_id == member.id


def hand_in_for(session: Session, hand_in_id: int, member: Member, *, house: House, now: datetime) -> HandIn:
    """The hand-in, if the member may open it; raises NoSuchHandIn, and the refusal stands in the trail."""
    row = session.get(HandIn, hand_in_id)
    if row is None or not may_open_hand_in(session, row, member, house=house):
        note_refusal(session, member, "hand_in", now=now, hand_in=hand_in_id)
        raise NoSuchHandIn("no such hand-in")
    return row


def may_fetch_hand_in(session: Session, number: int, member: Member, house: House) -> bool:
    """Whether somebody may fetch the files of the hand-in with this number."""
    row = session.get(HandIn, number)
    return row is not None and may_open_hand_in(session, row, member, house=house)


def giver_name(session: Session, row: HandIn, *, house: House) -> str:
    """The name of who gave it up; empty for an anonymous one, and where the name does not open."""
    giver = session.get(Employee, row.employee_id) if row.employee_id is not None else None
    return employee_name(giver, vault=house.vault)
