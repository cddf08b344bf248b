"""How a hand-in moves: once, whoever presses first."""

from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from storage.errors import HandInMoved
from storage.hand_ins.rows import HandIn


def move_hand_in(session: Session, row: HandIn, version: int, **values: Any) -> None:
    """Compare and set; raises HandInMoved unless it is as it was when the button was drawn."""
    session.flush()
    guarded = (
        update(HandIn)
        .where(col(HandIn.id) == row.id, col(HandIn.version) == version)
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if session.execute(guarded).rowcount != 1:  # type: ignore[attr-defined]
        session.refresh(row)
        raise HandInMoved("the hand-in has moved")
    session.refresh(row)
