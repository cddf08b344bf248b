"""When one of several cases with the same words goes its own way, and what becomes of the others."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session

from storage.cards import refresh_cards
from storage.cases import Case, Status
from storage.copies import has_copies, pass_on, stand_alone
from storage.direct import Prepared
from storage.entries import reported_text
from storage.errors import CaseMoved
from storage.events import REPORTER, SYSTEM, record_event
from storage.house import House
from storage.intake import announce_case
from storage.likeness import plain_form
from storage.members import Member
from storage.moves import move, settle

_FIRST_WORDS = 20_000
_C = Case.__table__.c  # type: ignore[attr-defined]
_UNLIKE = Prepared(
    select(_C.id)
    .where(_C.same_as.is_not(None), _C.same_as == bindparam("first"))
    .where(or_(_C.lead_office != bindparam("lead"), _C.sealed != bindparam("sealed")))
    .limit(1)
)


def part_if_new(session: Session, case: Case, text: str, *, files: bool, house: House, now: datetime) -> None:
    """Called before an addition is kept: who says more than the same words has a case of their own.

    A copy stands out again, and the office hears of it; of the case that copies were handled with, they
    part: what its reporter says from here on is not what theirs said.
    """
    if case.same_as is None and case.likeness is None:
        return
    if not files and not _says_new(session, case, text, house):
        return
    if case.same_as is None:
        case.likeness = None
        session.add(case)
        part_with(session, case, house=house, now=now)
        return
    first = case.same_as
    stand_alone(session, case, house=house, now=now)
    record_event(session, REPORTER, "stands_alone", case_id=case.id, now=now, first=first)
    if case.status is Status.RECEIVED:  # of one that was decided on, the addition itself is told
        _announce(session, case, house=house, now=now)


def part_with(session: Session, case: Case, *, house: House, now: datetime) -> None:
    """The case goes its own way: the others go on under the oldest of them, of which the office hears."""
    if case.same_as is not None:
        stand_alone(session, case, house=house, now=now)
    elif has_copies(session, case):
        for heir in pass_on(session, case, house=house, now=now):
            if heir.status is not Status.CLOSED:
                _announce(session, heir, house=house, now=now)
        refresh_cards(session, case.id or 0, now=now)


def take_out(session: Session, case: Case, member: Member, *, house: House, now: datetime) -> None:
    """分开处理: an officer sees that this copy is a matter of its own. Raises CaseMoved."""
    first = session.get(Case, case.same_as) if case.same_as is not None else None
    if first is None:
        raise CaseMoved("the case is no copy any more")
    move(session, case, tuple(Status), {"likeness": None}, now=now)
    stand_alone(session, case, house=house, now=now)
    record_event(session, f"member:{member.id}", "separated", case_id=case.id, now=now, first=first.id)
    settle(session, case, now=now)
    refresh_cards(session, first.id or 0, now=now)


def mend_group(session: Session, case: Case, *, house: House, now: datetime) -> None:
    """After a case was routed again: copies that lie elsewhere than it does go on without it."""
    if case.same_as is not None or not has_copies(session, case):
        return
    where = {"first": case.id, "lead": case.lead_office, "sealed": case.sealed}
    if _UNLIKE.first(session, where) is not None:
        part_with(session, case, house=house, now=now)
        record_event(session, SYSTEM, "stands_alone", case_id=case.id, now=now, first=case.id)


def _says_new(session: Session, case: Case, text: str, house: House) -> bool:
    plain = plain_form(text)
    so_far = reported_text(session, case.id or 0, vault=house.vault)[: _FIRST_WORDS + len(text)]
    return len(plain) > 1 and plain not in plain_form(so_far)


def _announce(session: Session, case: Case, *, house: House, now: datetime) -> None:
    announce_case(
        session, case.id or 0, case.lead_office, urgent=case.urgent, sealed=case.sealed, house=house, now=now
    )
