"""Word of a case that waits for somebody who no longer handles it goes to whoever hears of it now."""

import json
from datetime import datetime

from sqlmodel import Session, col, select

from storage.letters import Letter, State
from storage.outbox import announce

_ABOUT_THE_CASE = ("case.reminder", "case.added")
"""Notices that somebody must get; others were meant for that very person."""


def redirect_letters(session: Session, before: str, case_id: int, audience: str, *, now: datetime) -> None:
    """Reminders and additions of a case that wait for the audience `before` go to `audience` instead."""
    waiting = select(Letter).where(
        Letter.case_id == case_id,
        Letter.audience == before,
        Letter.state == State.PENDING,
        col(Letter.notice).in_(_ABOUT_THE_CASE),
    )
    for letter in session.exec(waiting.order_by(col(Letter.id))).all():
        assert letter.notice is not None
        announce(session, audience, letter.notice, case_id=case_id, now=now, **json.loads(letter.arguments))
        session.delete(letter)
    session.flush()
