"""What waits for somebody who may not know of a case any more goes elsewhere; what they were shown, away."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.letters import Letter, State
from storage.members import Member, chat_of
from storage.outbox import announce
from storage.vault import Vault

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


def forget_what_was_shown(session: Session, members: Iterable[Member], *, vault: Vault) -> None:
    """Answers kept for the chats of these members go: a page that loads again shows none of them.

    Among them may be lists, forms and texts of a case they must not know of from here on. Answers that
    are not sent yet go as well; notices that wait are looked at when they are sent.
    """
    for member in members:
        chat = chat_of(member, vault=vault)
        if chat is not None:
            session.execute(delete(Letter).where(col(Letter.chat) == chat, col(Letter.payload).is_not(None)))
