"""Forgets who was discharged, some time after the last question; day, department and grade stay."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, update
from sqlmodel import Session, col

from storage.followup.discharges import Discharge
from storage.followup.surveys import Stage, Survey
from storage.followup.tickets import Ticket
from storage.followup.walking import next_slice
from storage.house import House

_WALK = "followup:forgetting"
_GONE = {"number": None, "address": None, "phone": None, "channel": "", "chat": None}
"""The keyed hash of the number stays: the same row of the hospital's table changes nothing later on."""


def forget_discharges(session: Session, *, house: House, now: datetime) -> bool:
    """One slice, every discharge once a local day; whether there may be more.

    Number, mobile number and address go `retention.discharges` days after the last question, or after the
    discharge where nothing was asked; never while a survey is planned or open. Answers but for the grade of
    the stay go as well: what is shown of them was counted. Where nobody is asked any more (`enabled` is
    false), what is planned or open is never over, and goes by its day.
    """
    before = now - timedelta(days=house.hospital.retention.discharges)
    waits: ColumnElement[bool] = col(Survey.stage).in_((Stage.PLANNED, Stage.SENT))
    if not house.hospital.followup.enabled:
        waits = and_(col(Survey.stage) == Stage.PLANNED, col(Survey.due_at) >= before)
    needed = or_(waits, col(Survey.sent_at) >= before)
    of_it = col(Survey.discharge_id) == col(Discharge.id)
    ids = next_slice(
        session, _WALK, house.local_day(now).isoformat(), col(Discharge.number).is_not(None),
        col(Discharge.discharged_at) < before, ~exists().where(of_it, needed),
    )  # fmt: skip
    if ids is None:
        return False
    session.execute(delete(Ticket).where(col(Ticket.discharge_id).in_(ids)))
    kept = or_(col(Survey.answers).is_not(None), col(Survey.chat).is_not(None))
    of_these = (col(Survey.discharge_id).in_(ids), kept)
    session.execute(update(Survey).where(*of_these).values(answers=None, chat=None))
    session.execute(update(Discharge).where(col(Discharge.id).in_(ids)).values(_GONE))
    return True
