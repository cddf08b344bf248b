"""交接: what a member held goes to a colleague or back to the office, when they leave, move or are away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.access import handlers_of, keeper_of, may_act, unmanned_offices
from storage.cards import redraw_cards_of
from storage.cases import Case, Status
from storage.dialogues import Dialogue, save_dialogue
from storage.events import record_event
from storage.house import House
from storage.keeping import find_keeper
from storage.members import Member
from storage.moves import OPEN, move, settle
from storage.newcomers import look_through_all
from storage.outbox import announce
from storage.redirecting import redirect_letters
from storage.routing import Person


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many cases went to the colleague, and how many back to their offices."""

    given: int = 0
    returned: int = 0


def held_cases(session: Session, member: Member) -> list[Case]:
    """The open cases a member handles, the next due first."""
    mine = select(Case).where(Case.assignee_id == member.id, col(Case.status).in_(OPEN))
    return list(session.exec(mine.order_by(col(Case.due_at), col(Case.id))))


def hand_over(
    session: Session,
    member: Member,
    cases: Sequence[Case],
    *,
    to: Member | None = None,
    by: str,
    house: House,
    now: datetime,
) -> HandedOver:
    """These cases of a member go to a colleague, as far as he or she may decide on them, else to the office.

    `by` is the actor for the trail. Reminders that wait go along. Who takes over gets one notice with all
    numbers, as do the offices and their heads.
    """
    given: list[Case] = []
    returned: list[Case] = []
    for case in cases:
        fits = to is not None and to.id != member.id and may_act(session, case, to, house.hospital)
        move(session, case, OPEN, {"assignee_id": to.id if to is not None and fits else None}, now=now)
        (given if fits else returned).append(case)
        facts = {"to": to.id} if to is not None and fits else {}
        action = "handed_over" if fits else "released"
        record_event(session, by, action, case_id=case.id, now=now, before=member.id, **facts)
        settle(session, case, now=now)
        keeper = keeper_of(session, case, house.hospital)
        redirect_letters(session, f"member:{member.id}", case.id or 0, keeper, now=now)
    if to is not None and given:
        _tell(session, f"member:{to.id}", "received", given, member, now)
        for office in dict.fromkeys(case.lead_office for case in given):
            _tell(session, f"every_head:{office}", "told", given, member, now, to=to.id)
    _tell_offices(session, returned, member, now)
    return HandedOver(len(given), len(returned))


def give_up_cases(
    session: Session, member: Member, *, to: Member | None = None, by: str, house: House, now: datetime
) -> HandedOver:
    """A member who left, or changed office or role, gives up what they may not decide on any more.

    Their unfinished form is void, and no card in their chat shows more than they may know from here on.
    """
    lost = [
        case for case in held_cases(session, member) if not may_act(session, case, member, house.hospital)
    ]
    done = hand_over(session, member, lost, to=to, by=by, house=house, now=now)
    save_dialogue(session, member.sender, Dialogue(), vault=house.vault, until=now)
    redraw_cards_of(session, f"member:{member.id}", now=now)
    return done


def cover_office(
    session: Session, office: str, *, people: Sequence[Person], house: House, now: datetime
) -> None:
    """Somebody left an office: what lies there must not lie with nobody.

    Where the last one left, discipline covers from here and is told; who would read its cases now is
    first looked for in them. A case that only those who may not know of it are left for moves on.
    """
    hospital = house.hospital
    unmanned = office in unmanned_offices(session, hospital)
    with_content = (col(Case.sealed).is_(False), col(Case.purged_at).is_(None))
    mine = select(Case).where(Case.lead_office == office, *with_content).order_by(col(Case.id))
    if not unmanned:
        mine = mine.where(col(Case.status).in_(OPEN))
    lies = [case for case in session.exec(mine).all() if unmanned or not handlers_of(session, case, hospital)]
    look_through_all(session, lies, people, house=house, now=now)
    if not unmanned:
        for case in lies:
            find_keeper(session, case, house=house, now=now)
    else:
        originals = [case for case in session.exec(mine).all() if case.same_as is None]
        left = [case for case in originals if case.status is not Status.CLOSED]
        told = (
            "supervisors" if office == hospital.discipline_office else f"office:{hospital.discipline_office}"
        )
        cases = [case.id for case in left]
        announce(session, told, "handover.covering", now=now, office=office, cases=cases)


def _tell_offices(session: Session, returned: Sequence[Case], member: Member, now: datetime) -> None:
    """One notice for each office, and one for supervisors about sealed cases."""
    sealed = [case for case in returned if case.sealed]
    if sealed:
        _tell(session, "supervisors", "returned", sealed, member, now)
    open_ones = [case for case in returned if not case.sealed]
    for office in dict.fromkeys(case.lead_office for case in open_ones):
        cases = [case for case in open_ones if case.lead_office == office]
        for audience in (f"office:{office}", f"heads:{office}"):
            _tell(session, audience, "returned", cases, member, now)


def _tell(
    session: Session,
    audience: str,
    what: str,
    cases: Sequence[Case],
    member: Member,
    now: datetime,
    **facts: int | None,
) -> None:
    ids = [case.id for case in cases]
    announce(session, audience, f"handover.{what}", now=now, cases=ids, of=member.id, **facts)
