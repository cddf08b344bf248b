"""Somebody gives an envelope up: by name, or so that nothing in any table tells who it was.

An anonymous one has the day as its only time, no employee, no sender and no dialogue behind it, and nobody
hears of it in the transaction that writes it: letters left together stand together in the outbox. The sweep
tells the office at the next full hour. What brings its giver back is a code that is shown once.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from storage.deposits import deposit, drop_deposits
from storage.errors import HandInMoved
from storage.event_names import EventName
from storage.events import REPORTER, record_event
from storage.followup.unlinked import blurred
from storage.hand_ins.moving import move_hand_in
from storage.hand_ins.rows import PHOTO, Given, HandIn, HandInState, keep_given
from storage.house import House
from storage.members import Member
from storage.messages import StoredFile
from storage.moves import actor
from storage.receipts import new_code
from storage.staff.employees import Employee
from storage.vault import Vault


def give_by_name(
    session: Session,
    given: Given,
    employee: Employee,
    member: Member,
    *,
    received_on: date,
    files: Sequence[StoredFile] = (),
    house: House,
    now: datetime,
) -> HandIn:
    """A hand-in that stands in the giver's record; the office hears of it with the next sweep."""
    row = _row(given, received_on, now, house, told_at=now, employee_id=employee.id)
    _keep(session, row, given, files, house=house, now=now)
    record_event(session, actor(member), EventName.HAND_IN_REPORTED, now=now, hand_in=row.id)
    return row


def give_anonymously(
    session: Session,
    given: Given,
    *,
    received_on: date,
    files: Sequence[StoredFile] = (),
    house: House,
    now: datetime,
) -> tuple[HandIn, str]:
    """A hand-in of nobody, and its code in clear, to be shown once and kept nowhere."""
    code, day = new_code(), blurred(now, house)
    told_at = (now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    row = _row(given, received_on, now, house, told_at=told_at, receipt=receipt_hash(house.vault, code))
    row.reported_at = day
    _keep(session, row, given, files, house=house, now=day)
    record_event(session, REPORTER, EventName.HAND_IN_REPORTED, now=day, hand_in=row.id)
    return row, code


def take_back(session: Session, row: HandIn, *, by: Member | None, house: House, now: datetime) -> None:
    """The giver takes it back before the office has it, and nothing of it stays; else raises HandInMoved.

    `by` is None for an anonymous one: who came with the code is nobody.
    """
    if row.state is not HandInState.REPORTED:
        raise HandInMoved("the office has it in hand already")
    at = now if by is not None else blurred(now, house)
    ended = {"state": HandInState.WITHDRAWN, "ended_at": at, "next_at": None, "given": None}
    move_hand_in(session, row, row.version, **ended)
    drop_deposits(session, f"{PHOTO}:{row.id}")
    whose = actor(by) if by is not None else REPORTER
    record_event(session, whose, EventName.HAND_IN_WITHDRAWN, now=at, hand_in=row.id)


def hand_in_by_code(session: Session, code: str, *, vault: Vault) -> HandIn | None:
    """The anonymous hand-in this code belongs to; an unknown code costs the same look-up."""
    return session.exec(select(HandIn).where(HandIn.receipt == receipt_hash(vault, code))).first()


def hand_ins_of(session: Session, employee_id: int | None) -> list[HandIn]:
    """What somebody gave up by name, the newest first."""
    if employee_id is None:
        return []
    theirs = select(HandIn).where(HandIn.employee_id == employee_id)
    return list(session.exec(theirs.order_by(col(HandIn.id).desc())))


def due_of(received_on: date, *, house: House) -> datetime:
    """The end of the working day by which it is to be handed in."""
    return house.calendar.due(start_of(received_on, house), house.hospital.clocks.hand_in).at


def start_of(received_on: date, house: House) -> datetime:
    """The local midnight from which its clock counts."""
    return datetime.combine(received_on, time(), ZoneInfo(house.hospital.timezone)).astimezone(UTC)


def receipt_hash(vault: Vault, code: str) -> str:
    """What is stored of a code; no code of a case is one of a hand-in."""
    return vault.keyed_hash("hand_in", code)


def _row(
    given: Given,
    received_on: date,
    now: datetime,
    house: House,
    *,
    told_at: datetime,
    employee_id: int | None = None,
    receipt: str | None = None,
) -> HandIn:
    due = due_of(received_on, house=house)
    year = house.local(now).year
    return HandIn(
        uid=secrets.token_hex(8), year=year, employee_id=employee_id, receipt=receipt,
        received_on=received_on, reported_at=now, due_at=due, late=now > due, next_at=told_at,
    )  # fmt: skip


def _keep(
    session: Session, row: HandIn, given: Given, files: Sequence[StoredFile], *, house: House, now: datetime
) -> None:
    keep_given(row, given, vault=house.vault)
    session.add(row)
    session.flush()
    deposit(session, files, f"{PHOTO}:{row.id}", vault=house.vault, now=now)
