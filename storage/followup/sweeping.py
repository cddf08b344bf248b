"""Takes surveys for which something is due, each for one sweep alone, and tells how much is under way."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, text, update
from sqlmodel import Session, col, select

from storage.followup.discharges import Discharge, number_chat
from storage.followup.opt_outs import OptOut
from storage.followup.surveys import Survey
from storage.letters import Letter
from storage.vault import Vault

TOGETHER = 500
"""Surveys taken in one transaction: nobody waits long for the one writer."""


def claim_due_surveys(
    session: Session, *, now: datetime, limit: int = TOGETHER
) -> list[tuple[Survey, Discharge]]:
    """The next surveys that are due, those longest due first; each is given to one caller only.

    Taking them is one UPDATE that clears `next_at`: of two who sweep at once the second finds nothing. The
    caller says in the same transaction what is next; if that is undone, so is the taking.
    """
    due = select(Survey.id).where(col(Survey.next_at) <= now).order_by(col(Survey.next_at)).limit(limit)
    taken = session.execute(
        update(Survey)
        .where(col(Survey.id).in_(due), col(Survey.next_at) <= now)
        .values(next_at=None)
        .returning(col(Survey.id)),
        execution_options={"synchronize_session": False},
    )
    ids = [row[0] for row in taken]
    found = session.exec(
        select(Survey, Discharge)
        .where(col(Survey.id).in_(ids), col(Survey.discharge_id) == col(Discharge.id))
        .order_by(col(Survey.due_at), col(Survey.id))
        .execution_options(populate_existing=True)
    )
    return list(found)


def those_who_opted_out(
    session: Session, discharges: Sequence[Discharge], *, vault: Vault
) -> frozenset[int | None]:
    """The ids of discharges whose chat or mobile number wants no messages: TD by SMS counts anywhere."""
    places = {one.id: {one.chat} for one in discharges}
    for one in discharges:
        if one.channel != "sms":
            places[one.id].add(number_chat(one, vault=vault))
    every = {place for found in places.values() for place in found if place}
    silent = set(session.exec(select(OptOut.chat).where(col(OptOut.chat).in_(every))))
    return frozenset(number for number, found in places.items() if found & silent)


def letters_waiting(session: Session) -> int:
    """How many messages of any kind have not gone out yet."""
    pending = select(func.count()).select_from(Letter).where(text("outbox.state = 'pending'"))
    return session.exec(pending).one()
