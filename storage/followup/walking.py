"""Walks once through all discharges, slice by slice, and remembers across restarts how far it came."""

from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.followup.discharges import Discharge
from storage.marks import read_mark, set_mark

SLICE = 500
_REACH = 10_000
"""Rows looked at for one slice, so that a slice without anything to do is as short as the others."""
_DONE = "done"


def next_slice(session: Session, walk: str, turn: str, *conditions: Any) -> list[int] | None:
    """The ids of the next discharges that meet the conditions, perhaps none; None once `turn` is over.

    `walk` names the walk, `turn` (one word) what it is made for: another turn begins at the front. A new
    discharge that comes in meanwhile may be met or not.
    """
    at = _position(session, walk, turn)
    last = session.exec(select(func.max(Discharge.id))).one() or 0
    if at is None:
        return None
    if at >= last:
        set_mark(session, walk, f"{turn} {_DONE}".encode())
        return None
    reach = min(at + _REACH, last)
    among = (col(Discharge.id) > at, col(Discharge.id) <= reach, *conditions)
    found = session.exec(select(Discharge.id).where(*among).order_by(col(Discharge.id)).limit(SLICE)).all()
    ids = [number for number in found if number is not None]
    set_mark(session, walk, f"{turn} {ids[-1] if len(ids) == SLICE else reach}".encode())
    return ids


def _position(session: Session, walk: str, turn: str) -> int | None:
    """The last id that was looked at, None when this turn is over."""
    made_for, _, position = (read_mark(session, walk) or b"").decode().partition(" ")
    if made_for != turn:
        return 0
    return None if position == _DONE else int(position)
