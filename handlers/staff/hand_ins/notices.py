"""Makes words of what was left about a hand-in, at the moment they are sent; a group reads no content."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.staff.hand_ins.views import button, hand_in_card, hand_in_view, reminder_card
from handlers.staff.hand_ins.words import settled_of, state_words
from handlers.telling import member_addressed
from handlers.triage.sight import Sight
from handlers.turn import Desk
from handlers.words import Words
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.hand_ins.access import is_givers, may_open_hand_in
from storage.hand_ins.rows import OPEN, HandIn, HandInState
from storage.letters import Letter
from storage.members import Member
from storage.messages import Reply


def hand_in_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    """The words for `handin.WHAT`; None where it is over, or whoever reads here has no part in it."""
    row = session.get(HandIn, arguments.get("hand_in"))
    member = member_addressed(letter, session)
    if row is None or (member is None and not letter.is_group):
        return None
    sight = Sight(session, desk.house, words, now, member)
    what = (letter.notice or "").partition(".")[2]
    if what == "settled":
        return _settled(row, member, sight)
    if member is not None and not may_open_hand_in(session, row, member, house=desk.house):
        return None
    if what == "card" and member is not None:
        return _whole(row, member, letter, sight)
    office = desk.house.hospital.discipline_office
    if row.state not in OPEN or (member is None and letter.audience != f"group:{office}"):
        return None
    if what == "new" and row.state is HandInState.REPORTED:
        return hand_in_card(row, sight, group=letter.is_group)
    if what == "reminder" and not (arguments.get("above") and member and member.office == office):
        return reminder_card(row, sight)
    return None


def _settled(row: HandIn, member: Member | None, sight: Sight) -> Reply | None:
    """Told to the giver alone."""
    if member is None or not member.active or not is_givers(sight.session, row, member):
        return None
    look = ((button(sight, "slip", f"slip:{row.id}"), button(sight, "open", f"one:{row.id}")),)
    if row.state is HandInState.SETTLED:
        result = state_words(row, sight)
        return Reply(sight.words("hand_in.told_settled", number=row.number, result=result), look)
    if row.state is HandInState.REFUSED:
        settled = settled_of(row, sight.house.vault)
        reason = settled.note if settled is not None else sight.words("hand_in.unopened")
        return Reply(sight.words("hand_in.told_refused", number=row.number, reason=reason), look)
    return None


def _whole(row: HandIn, member: Member, letter: Letter, sight: Sight) -> Reply:
    """Content goes to a private chat: told once in the trail, however often sending it is tried."""
    if letter.attempts <= 1:
        record_event(
            sight.session, SYSTEM, EventName.HAND_IN_READ, now=sight.now, hand_in=row.id, to=member.id
        )
    return hand_in_view(row, member, sight)
