"""When the office hears of a hand-in: once it is reported, then by the clock of three working days."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.hand_ins.giving import start_of
from storage.hand_ins.rows import OPEN, HandIn
from storage.house import House

_WHOLE = 100


def due_hand_ins(session: Session, *, now: datetime, limit: int = 200) -> list[HandIn]:
    """Hand-ins of which somebody must hear now, those that wait longest first."""
    due = select(HandIn).where(col(HandIn.next_at).is_not(None), col(HandIn.next_at) <= now)
    return list(session.exec(due.order_by(col(HandIn.next_at), col(HandIn.id)).limit(limit)))


def advance_hand_in(session: Session, row: HandIn, *, house: House, now: datetime) -> int | None:
    """Sets when to tell again; returns the percentage of the limit that is over, 0 the first time.

    None where another sweep was quicker, or it is over. What fell due during a stop is one reminder.
    """
    if row.state not in OPEN:
        return None
    clocks = house.hospital.clocks
    moments = [
        (house.calendar.fraction(start_of(row.received_on, house), clocks.hand_in, percent), percent)
        for percent in clocks.reminders
    ]
    ahead = [moment for moment, _ in moments if moment > now]
    following = min(ahead, default=house.calendar.next_working_morning(max(now, row.due_at)))
    claimed = (
        update(HandIn)
        .where(col(HandIn.id) == row.id, col(HandIn.next_at) == row.next_at)
        .values(next_at=following, stage=row.stage + 1)
        .execution_options(synchronize_session=False)
    )
    first = row.stage == 0
    done = session.execute(claimed).rowcount == 1  # type: ignore[attr-defined]
    session.refresh(row)
    if not done:
        return None
    if first:
        return 0
    if now >= row.due_at:
        return _WHOLE
    return max((percent for moment, percent in moments if moment <= now), default=1)
