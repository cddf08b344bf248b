"""What goes with it when a member comes, moves to another office or role, or goes."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage.errands import drop_errands
from storage.event_names import EventName
from storage.events import record_event
from storage.former_places import keep_out_as_before
from storage.hand_outs import take_back
from storage.handover import HandedOver, cover_office, give_up_cases
from storage.house import House
from storage.members import Member, Right, chat_of, may
from storage.newcomers import look_through_cases
from storage.redirecting import forget_what_was_shown
from storage.roster import Roster
from storage.sending import forget_chat


@dataclass(frozen=True, slots=True)
class Former:
    """Where somebody was before: their office, whether they were in, and whether they handled cases."""

    office: str | None = None
    was_in: bool = False
    handled: bool = False

    @classmethod
    def of(cls, member: Member | None) -> "Former":
        """Where somebody is, before they move."""
        if member is None:
            return cls()
        return cls(member.office, member.active, may(member, Right.HANDLE))


def settle_in(
    session: Session,
    member: Member,
    former: Former,
    *,
    by: str,
    roster: Roster,
    house: House,
    now: datetime,
) -> None:
    """Somebody came or moved: kept from reports that named them before; what they held goes back.

    `by` is the actor for the trail. For who handled no cases before and handles none now this costs the
    same however many they are.
    """
    people = roster.people(session, vault=house.vault) if may(member, Right.HANDLE) else ()
    look_through_cases(session, member, people, house=house, now=now)
    keep_out_as_before(session, member, former.office, people=people, vault=house.vault)
    if not former.was_in:
        return
    give_up_cases(session, member, by=by, house=house, now=now)
    if former.handled and former.office is not None:
        people = roster.people(session, vault=house.vault)
        cover_office(session, former.office, people=people, house=house, now=now)
    forget_what_was_shown(session, [member], vault=house.vault)


def take_off(
    session: Session,
    member: Member,
    *,
    to: Member | None = None,
    by: str,
    roster: Roster,
    house: House,
    now: datetime,
) -> HandedOver:
    """A member is off from now on: cases go to the colleague `to` or their offices, nothing more is sent.

    Nothing that was written to them can be fetched any more.
    """
    if not member.active:
        return HandedOver()
    handled = may(member, Right.HANDLE)
    member.active, member.changed_at = False, now
    session.add(member)
    record_event(session, by, EventName.MEMBER_OFF, now=now, member=member.id)
    session.flush()
    done = give_up_cases(session, member, to=to, by=by, house=house, now=now)
    if chat := chat_of(member, vault=house.vault):
        forget_chat(session, chat)
    drop_errands(session, member.id or 0)
    take_back(session, member.id or 0)
    if handled:
        people = roster.people(session, vault=house.vault)
        cover_office(session, member.office, people=people, house=house, now=now)
    return done
