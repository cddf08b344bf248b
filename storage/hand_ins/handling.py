"""What the discipline office does with a hand-in: takes it, settles it with proof, or does not accept it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.deposits import deposit, deposits_of
from storage.errors import HandInMoved
from storage.event_names import EventName
from storage.events import record_event
from storage.hand_ins.access import may_settle
from storage.hand_ins.moving import move_hand_in
from storage.hand_ins.rows import (
    OPEN,
    PHOTO,
    PROOF,
    HandIn,
    HandInState,
    Settled,
    Way,
    keep_settled,
    open_settled,
)
from storage.house import House
from storage.members import Member
from storage.messages import StoredFile
from storage.moves import actor
from storage.outbox import announce
from storage.staff.employees import Employee

LONGEST_REFERENCE, LONGEST_NOTE, MOST_FILES = 60, 300, 6


def receive(
    session: Session, row: HandIn, member: Member, *, version: int, in_time: bool = True, now: datetime
) -> None:
    """The office has it in hand; not `in_time`: it was handed over after its limit. Raises HandInMoved."""
    _still(row, HandInState.REPORTED)
    late = row.late or not in_time
    values = {"state": HandInState.RECEIVED, "received_by": member.id, "got_at": now, "late": late}
    move_hand_in(session, row, version, **values)
    record_event(session, actor(member), EventName.HAND_IN_RECEIVED, now=now, hand_in=row.id)


def settle(
    session: Session,
    row: HandIn,
    member: Member,
    way: Way,
    settled: Settled,
    *,
    files: Sequence[StoredFile] = (),
    version: int,
    house: House,
    now: datetime,
) -> None:
    """It went back, to the deposit or to the account; the giver hears of it, if they gave their name.

    Raises HandInMoved where it is over, not in hand yet, or this member may not settle it.
    """
    _still(row, HandInState.RECEIVED)
    if not may_settle(session, row, member, house=house):
        raise HandInMoved("somebody else settles it")
    _end(session, row, member, HandInState.SETTLED, settled, version=version, way=way, house=house, now=now)
    deposit(session, files, f"{PROOF}:{row.id}", vault=house.vault, now=now)
    record_event(
        session, actor(member), EventName.HAND_IN_SETTLED, now=now, hand_in=row.id, way=way.value,
        files=len(files),
    )  # fmt: skip


def refuse(
    session: Session, row: HandIn, member: Member, reason: str, *, version: int, house: House, now: datetime
) -> None:
    """It is none, or was never handed over; the giver reads the reason. Raises HandInMoved."""
    _still(row, *OPEN)
    if not may_settle(session, row, member, house=house):
        raise HandInMoved("somebody else settles it")
    why = Settled(note=reason)
    _end(session, row, member, HandInState.REFUSED, why, version=version, way=None, house=house, now=now)
    record_event(session, actor(member), EventName.HAND_IN_REFUSED, now=now, hand_in=row.id)


def mark_kept_first(
    session: Session, row: HandIn, member: Member, *, version: int, house: House, now: datetime
) -> None:
    """It was kept at first and given up later: that counts as late. Raises HandInMoved."""
    if row.kept_first or row.state is HandInState.WITHDRAWN:
        raise HandInMoved("it is marked already, or taken back")
    before = open_settled(row, vault=house.vault)
    move_hand_in(session, row, version, kept_first=True, late=True)
    if row.outcome:
        keep_settled(row, before, vault=house.vault)
    session.add(row)
    session.flush()
    record_event(session, actor(member), EventName.HAND_IN_KEPT_FIRST, now=now, hand_in=row.id)


def add_proof(
    session: Session, row: HandIn, member: Member, files: Sequence[StoredFile], *, house: House, now: datetime
) -> int:
    """Files that show how it was settled, also later; how many were kept. Raises HandInMoved while open."""
    _still(row, HandInState.SETTLED)
    room = MOST_FILES - len(deposits_of(session, f"{PROOF}:{row.id}"))
    kept = files[: max(0, room)]
    deposit(session, kept, f"{PROOF}:{row.id}", vault=house.vault, now=now)
    if kept:
        what: dict[str, Any] = {"hand_in": row.id, "files": len(kept)}
        record_event(session, actor(member), EventName.HAND_IN_PROOF, now=now, **what)
    return len(kept)


def matters(row: HandIn) -> tuple[str, str]:
    """The deposits of a hand-in: the giver's, then the office's."""
    return f"{PHOTO}:{row.id}", f"{PROOF}:{row.id}"


def _end(
    session: Session,
    row: HandIn,
    member: Member,
    state: HandInState,
    settled: Settled,
    *,
    version: int,
    way: Way | None,
    house: House,
    now: datetime,
) -> None:
    values = {"state": state, "way": way, "ended_by": member.id, "ended_at": now, "next_at": None}
    move_hand_in(session, row, version, **values)
    keep_settled(row, settled, vault=house.vault)
    session.add(row)
    session.flush()
    giver = session.get(Employee, row.employee_id) if row.employee_id is not None else None
    if giver is not None and giver.member_id is not None:
        announce(session, f"member:{giver.member_id}", "handin.settled", now=now, hand_in=row.id)


def _still(row: HandIn, *states: HandInState) -> None:
    if row.state not in states:
        raise HandInMoved("the hand-in has moved")
