"""回避: somebody steps back from a case, or is asked to; a supervisor may take that back."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from storage.access import handlers_of, keeper_of, may_see
from storage.cases import Case, Cause, LeftOutPerson, Status, people_left_out
from storage.copies import lift_from_copies, recuse_from_copies
from storage.errors import CaseMoved, NobodyLeft
from storage.events import record_event
from storage.hospital import Hospital
from storage.house import House
from storage.intake import announce_case
from storage.keeping import find_keeper, is_anybody_left
from storage.members import Member, Right, handling_members, may
from storage.moves import actor, keep_inside, move, settle
from storage.newcomers import look_through_case
from storage.redirecting import forget_what_was_shown, redirect_letters
from storage.routing import Person


def recuse(
    session: Session,
    case: Case,
    who: Member,
    *,
    by: Member,
    reason: str = "",
    people: Sequence[Person],
    house: House,
    now: datetime,
) -> None:
    """`who` is left out of the case at once, everywhere; what they held goes back to the office.

    Clocks go on. If nobody else of the office may handle it, it goes to discipline, else to supervisors.
    `people` is everybody who is in. Raises NobodyLeft where no one at all would remain, CaseMoved.
    """
    assert case.id is not None
    assert who.id is not None
    if not is_anybody_left(session, case, who, house.hospital):
        raise NobodyLeft("nobody else may handle the case")
    held = case.assignee_id == who.id
    move(session, case, tuple(Status), {"assignee_id": None} if held else {}, now=now)
    session.add(LeftOutPerson(case_id=case.id, member_id=who.id, cause=Cause.RECUSED))
    session.flush()
    if reason:
        keep_inside(session, case, by, reason, step="recused", house=house, now=now)
    record_event(session, actor(by), "recused", case_id=case.id, now=now, to=who.id)
    settle(session, case, now=now)
    recuse_from_copies(session, case.id, who.id)
    forget_what_was_shown(session, [who], vault=house.vault)
    _pass_on(session, case, held=held, people=people, house=house, now=now)
    keeper = keeper_of(session, case, house.hospital)
    redirect_letters(session, f"member:{who.id}", case.id, keeper, now=now)


def _pass_on(
    session: Session, case: Case, *, held: bool, people: Sequence[Person], house: House, now: datetime
) -> None:
    if case.status is Status.CLOSED:
        return
    if not handlers_of(session, case, house.hospital):
        look_through_case(session, case, people, house=house, now=now)
        find_keeper(session, case, house=house, now=now)
    elif held:
        assert case.id is not None
        announce_case(
            session, case.id, case.lead_office, urgent=case.urgent, sealed=case.sealed, house=house, now=now
        )


def lift_recusal(
    session: Session,
    case: Case,
    who: Member,
    *,
    by: Member,
    people: Sequence[Person],
    house: House,
    now: datetime,
) -> None:
    """`who` may come to the case again, unless the report names them. Raises CaseMoved without a recusal."""
    assert case.id is not None
    out = session.get(LeftOutPerson, (case.id, who.id))
    if out is None or out.cause is not Cause.RECUSED:
        raise CaseMoved("there is no recusal to lift")
    move(session, case, tuple(Status), {}, now=now)
    session.delete(out)
    session.flush()
    lift_from_copies(session, case.id, who.id or 0)
    record_event(session, actor(by), "recusal_lifted", case_id=case.id, now=now, to=who.id)
    look_through_case(session, case, people, house=house, now=now)
    settle(session, case, now=now)


def recused_members(session: Session, case: Case) -> list[Member]:
    """Who stepped back from a case and was not named in it since."""
    assert case.id is not None
    out = people_left_out(session, case.id, Cause.RECUSED)
    found = select(Member).where(Member.id.in_(out))  # type: ignore[union-attr]
    return list(session.exec(found.order_by(Member.id)))  # type: ignore[arg-type]


def may_be_asked_to_recuse(session: Session, case: Case, by: Member, hospital: Hospital) -> list[Member]:
    """Whom `by` may ask to step back: a head those of the own office, a supervisor anybody on the case."""
    if not may(by, Right.RECUSE_OTHERS):
        return []
    others = [
        one for one in handling_members(session) if one.id != by.id and may_see(session, case, one, hospital)
    ]
    if may(by, Right.EVERY_CASE):
        return others
    return [one for one in others if one.office == by.office and not may(one, Right.EVERY_CASE)]
