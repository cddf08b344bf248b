"""Tickets: one-time codes on paper and in SMS that bring a patient to the questions about their stay.

How long guessing takes: a code is one of 9 * 10^11. With 20,000 that are good, a guess hits once in 45
million. A sender may be wrong 5 times in 15 minutes and every wrong one counts among the guesses that slow
all codes down (storage/receipts.py): a messenger account hits once in 250 years. What a hit gives is to be
asked a stranger's questions: no name, no illness, no answer that was given before.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col

from storage.followup.coming import begin_here, next_day, plan_anew, ready_survey
from storage.followup.discharges import Discharge, Standing, keep_sealed
from storage.followup.opt_outs import OptOut
from storage.followup.surveys import Survey
from storage.followup.tickets import Ticket
from storage.house import House
from storage.vault import Vault

DIGITS = 12
_FIRST = 10 ** (DIGITS - 1)
"""No code begins with 0: a telephone number with its area code does."""
PULLED = "web"
"""Nobody can be written to there: a chat of the page is never kept with a discharge."""


class Why(StrEnum):
    """Why a ticket does not let in: no such code (or it is not yours any more), too late, no wish to be
    asked, or nothing to ask at all."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    OPTED_OUT = "opted_out"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Joined:
    """Whose stay it is, the survey that was begun, else the local day on which the next one is due."""

    discharge: Discharge
    survey: Survey | None = None
    asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    why: Why


def new_ticket(
    session: Session, discharge_id: int, *, survey_id: int | None = None, until: datetime, vault: Vault
) -> str:
    """A fresh code of twelve digits that works up to `until`; only its keyed hash is kept."""
    code = ""
    while not code or session.get(Ticket, ticket_hash(vault, code)) is not None:
        code = str(_FIRST + secrets.randbelow(9 * _FIRST))
    hashed = ticket_hash(vault, code)
    session.add(Ticket(code=hashed, discharge_id=discharge_id, survey_id=survey_id, until=until))
    session.flush()
    return code


def redeem(
    session: Session,
    code: str,
    *,
    sender: str,
    channel: str,
    chat: str,
    address: str,
    house: House,
    now: datetime,
) -> Joined | Refused:
    """Takes a ticket: the chat is joined to the discharge, or, on the page, may answer what is due.

    `sender` and `chat` are keyed hashes, `address` is the channel's own name of the chat. On the page a
    ticket is spent only when there is something to answer: a page that was closed is nobody's any more,
    and the same paper must do on the day.
    """
    ticket = session.get(Ticket, ticket_hash(house.vault, code))
    discharge = session.get(Discharge, ticket.discharge_id) if ticket else None
    if ticket is None or discharge is None:
        return Refused(Why.UNKNOWN)
    mark = _mark(house.vault, code, sender)
    if why := _closed(session, ticket, discharge, mark, chat, now):
        return Refused(why)
    if not house.hospital.followup.enabled:
        return Refused(Why.OVER)
    pulled = channel == PULLED
    if not pulled:
        plan_anew(session, discharge, house=house, now=now)
    survey = ready_survey(session, discharge, ticket.survey_id, house=house, now=now)
    if (survey is not None or not pulled) and not _spend(session, ticket, mark):
        return Refused(Why.USED)
    if not pulled:
        _join(session, discharge, channel=channel, chat=chat, address=address, house=house, now=now)
    if survey is not None:
        begin_here(session, survey, chat=chat, house=house, now=now)
        return Joined(discharge, survey)
    return Joined(discharge, asked_on=next_day(session, discharge, house=house, now=now))


def discharge_of_ticket(session: Session, code: str, *, sender: str, vault: Vault) -> Discharge | None:
    """Whose ticket this is, for the sender who used it; for anybody who has it while nobody did."""
    ticket = session.get(Ticket, ticket_hash(vault, code))
    if ticket is None or ticket.used_by not in (None, _mark(vault, code, sender)):
        return None
    return session.get(Discharge, ticket.discharge_id)


def leave_chat(session: Session, discharge: Discharge, chat: str) -> None:
    """This chat is not the patient's: where it was joined, its address is forgotten."""
    if discharge.chat == chat:
        discharge.channel, discharge.chat, discharge.address = "", None, None
        discharge.joined_on, discharge.consent = None, False
        session.add(discharge)
        session.flush()


def drop_tickets(session: Session, codes: list[str], *, vault: Vault) -> None:
    """Takes back tickets that were made and never handed out."""
    hashes = [ticket_hash(vault, code) for code in codes]
    session.execute(delete(Ticket).where(col(Ticket.code).in_(hashes)))


def forget_tickets(session: Session, *, now: datetime) -> int:
    """Deletes tickets whose time is over; returns how many."""
    return int(session.execute(delete(Ticket).where(col(Ticket.until) <= now)).rowcount)  # type: ignore[attr-defined]


def ticket_hash(vault: Vault, code: str) -> str:
    """What is stored of a code."""
    return vault.keyed_hash("ticket", code)


def _mark(vault: Vault, code: str, sender: str) -> str:
    """Who used a ticket. With the code in it, which is kept nowhere, it tells nothing about what the same
    sender does elsewhere."""
    return vault.keyed_hash("ticket sender", f"{code}\x00{sender}")


def _closed(
    session: Session, ticket: Ticket, discharge: Discharge, mark: str, chat: str, now: datetime
) -> Why | None:
    if ticket.used_by not in (None, mark):
        return Why.USED
    if ticket.until <= now:
        return Why.EXPIRED
    if discharge.standing is Standing.OPTED_OUT or session.get(OptOut, chat) is not None:
        return Why.OPTED_OUT
    return None if discharge.standing is Standing.ACTIVE else Why.OVER


def _spend(session: Session, ticket: Ticket, mark: str) -> bool:
    """Of two who come with one ticket at a time, one gets in."""
    free = or_(col(Ticket.used_by).is_(None), col(Ticket.used_by) == mark)
    spent = update(Ticket).where(col(Ticket.code) == ticket.code, free).values(used_by=mark)
    return bool(session.execute(spent).rowcount)  # type: ignore[attr-defined]


def _join(
    session: Session,
    discharge: Discharge,
    *,
    channel: str,
    chat: str,
    address: str,
    house: House,
    now: datetime,
) -> None:
    """From now on the patient is asked in this chat; a second sheet of paper takes it to no other."""
    discharge.channel, discharge.chat = channel, chat
    keep_sealed(discharge, "address", address, vault=house.vault)
    discharge.consent, discharge.joined_on = True, discharge.joined_on or house.local_day(now)
    session.add(discharge)
    spare = (col(Ticket.survey_id).is_(None), col(Ticket.used_by).is_(None))
    session.execute(delete(Ticket).where(col(Ticket.discharge_id) == discharge.id, *spare))
    session.flush()
