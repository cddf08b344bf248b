"""Makes words of what was left about duties when they are sent: nobody is told what they have done."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.staff.duties.digest import group_card, person_digest
from handlers.staff.duties.names import names_letter
from handlers.telling import member_addressed
from handlers.triage.sight import Sight
from handlers.turn import Desk
from handlers.words import Words
from storage.duties.cards import AUDIENCE, DutyCard, card_facts, group_of_card, note_drawn
from storage.duties.reminding import reminded_of
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.letters import Letter
from storage.messages import Reply
from storage.staff.employees import employee_of


def due_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    """The words for `due.WHAT`; None where there is nothing to say to this chat any more."""
    member = member_addressed(letter, session)
    sight = Sight(session, desk.house, words, now, member)
    match (letter.notice or "").partition(".")[2]:
        case "card":
            return _card(letter, sight)
        case "digest":
            employee = employee_of(session, member)
            return person_digest(reminded_of(session, employee), sight) if employee is not None else None
        case "names":
            return _names(letter, arguments, sight)
    return None


def _card(letter: Letter, sight: Sight) -> Reply | None:
    kind, _, number = (letter.audience or "").partition(":")
    card = sight.session.get(DutyCard, int(number)) if kind == AUDIENCE and number.isdecimal() else None
    group = group_of_card(sight.session, card.id or 0) if card is not None else None
    if card is None or group is None:
        return None
    shown = group_card(card, group.office, sight)
    note_drawn(sight.session, card, card_facts(sight.session, card))
    if shown is None:
        card.live = False
        return None
    return replace(shown, edits=card.reference)


def _names(letter: Letter, arguments: dict[str, Any], sight: Sight) -> Reply | None:
    """Told in the trail once, however often sending is tried."""
    member = sight.viewer
    if member is None:
        return None
    found = names_letter(member, arguments.get("offices", ()), arguments.get("over", ()), sight)
    if found is None:
        return None
    reply, offices = found
    if letter.attempts <= 1:
        for office in offices:
            record_event(
                sight.session, SYSTEM, EventName.DUTY_NAMES_SENT, now=sight.now, to=member.id, office=office
            )
    return reply
