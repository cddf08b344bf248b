"""What of a hand-in is erased when its days are over: whose it was, the photo, the code to come back with."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from storage.deposits import drop_deposits
from storage.errors import SealError
from storage.hand_ins.rows import PHOTO, HandIn, keep_given, keep_settled, open_given, open_settled
from storage.house import House

_AT_ONCE = 50


def forget_hand_ins(session: Session, *, house: House, now: datetime) -> int:
    """Erases the patient, the giver's files and the code `retention.content` days after the end; how many.

    What was given up, how it was settled and the proof stay: money has to be accounted for. The sweep for
    files without a row takes the files.
    """
    before = now - timedelta(days=house.hospital.retention.content)
    old = select(HandIn).where(col(HandIn.ended_at) < before, col(HandIn.forgotten).is_(False))
    rows = session.exec(old.order_by(col(HandIn.id)).limit(_AT_ONCE)).all()
    for row in rows:
        _forget(session, row, house)
    return len(rows)


def _forget(session: Session, row: HandIn, house: House) -> None:
    drop_deposits(session, f"{PHOTO}:{row.id}")
    row.forgotten = True
    try:
        given, settled = open_given(row, vault=house.vault), open_settled(row, vault=house.vault)
    except SealError:  # damaged, or changed from outside: nobody reads it any more
        session.add(row)
        return
    row.receipt = None
    keep_given(row, replace(given, patient="", handed_to=""), vault=house.vault)
    if row.outcome:
        keep_settled(row, settled, vault=house.vault)
    session.add(row)
    session.flush()
