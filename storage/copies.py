"""The same long text sent by several people: each has a case and a receipt, the office has one to handle.

A copy (`same_as`) makes no push, stands under the first in lists and runs no clocks of its own: those of
the first came earlier and hold for all. Nobody who sent a copy learns that there are others. A copy of
which something else becomes known stands on its own again, with clocks that count from its own receipt.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, literal, select, update
from sqlmodel import Session

from storage.cases import (
    Case,
    CaseOffice,
    Cause,
    LeftOutPerson,
    Part,
    Status,
    offices_of,
)
from storage.clocks import Limit, earliest_due, limits_for, start_clocks
from storage.direct import Prepared
from storage.entries import EntryRow, Kind
from storage.events import SYSTEM, record_event
from storage.house import House

PAGE = 8
_TABLE = Case.__table__  # type: ignore[attr-defined]
_C = _TABLE.c
_P = LeftOutPerson.__table__.c  # type: ignore[attr-defined]
_E = EntryRow.__table__.c  # type: ignore[attr-defined]
_LAST_STEP = Prepared(
    select(func.max(_E.id)).where(_E.case_id == bindparam("first"), _E.kind == Kind.STEP.value)
)


def last_step(session: Session, case_id: int) -> int:
    """The id of the last step told to the reporter of a case; 0 if there is none."""
    found = _LAST_STEP.first(session, {"first": case_id})
    return int(found[0] or 0) if found else 0


def count_copies(session: Session, case: Case) -> int:
    """How many copies are handled with a case."""
    return count_all_copies(session, [case]).get(case.id or 0, 0)


def count_all_copies(session: Session, cases: Sequence[Case]) -> dict[int, int]:
    """The same for several cases; those without any are missing."""
    ids = [case.id for case in cases if case.same_as is None]
    if not ids:
        return {}
    found = select(_C.same_as, func.count()).where(_C.same_as.is_not(None), _C.same_as.in_(ids))
    return {row[0]: row[1] for row in session.execute(found.group_by(_C.same_as))}


def copies_of(session: Session, case: Case, page: int = 0) -> tuple[list[Case], bool]:
    """A page of the copies that are handled with a case, oldest first, and whether there are more."""
    start = page * PAGE
    found = select(Case).where(_C.same_as.is_not(None), _C.same_as == case.id).order_by(_C.id)
    rows = list(session.execute(found.offset(start).limit(PAGE + 1)).scalars())
    return rows[:PAGE], len(rows) > PAGE


def recuse_from_copies(session: Session, first_id: int, member_id: int) -> None:
    """Who stepped back from a case steps back from its copies as well."""
    ours = select(_C.id).where(_C.same_as.is_not(None), _C.same_as == first_id)
    known = select(_P.case_id).where(_P.member_id == member_id)
    rows = select(_C.id, literal(member_id), literal(Cause.RECUSED.value)).where(
        _C.id.in_(ours), _C.id.not_in(known)
    )
    session.execute(insert(LeftOutPerson).from_select(["case_id", "member_id", "cause"], rows))


def lift_from_copies(session: Session, first_id: int, member_id: int) -> None:
    """The recusal is taken back, of the copies too."""
    ours = select(_C.id).where(_C.same_as.is_not(None), _C.same_as == first_id)
    gone = delete(LeftOutPerson).where(_P.member_id == member_id, _P.cause == Cause.RECUSED)
    session.execute(gone.where(_P.case_id.in_(ours)).execution_options(synchronize_session=False))


def has_copies(session: Session, case: Case) -> bool:
    """Whether anything is handled with this case."""
    if case.same_as is not None:
        return False
    one = select(_C.id).where(_C.same_as.is_not(None), _C.same_as == case.id).limit(1)
    return session.execute(one).first() is not None


def stand_alone(session: Session, case: Case, *, house: House, now: datetime) -> None:
    """A copy is a case like any other from here; the caller says so in the trail and to the office.

    Its limits count from its own receipt, whatever is over by now; a first look is due anew.
    """
    assert case.id is not None
    case.same_as, case.likeness, case.followed, case.follow_at = None, None, 0, None
    case.version += 1
    if case.status is not Status.CLOSED:
        several = bool(offices_of(session, case.id, Part.SUPPORTING))
        limits = limits_for(case.intent, several, house.hospital.clocks)
        if case.status is Status.RECEIVED:
            first = {Limit.FIRST_LOOK: limits.pop(Limit.FIRST_LOOK)}
            start_clocks(session, case.id, first, house=house, now=now)
        else:
            limits = {kind: days for kind, days in limits.items() if kind is Limit.ANSWER}
        start_clocks(session, case.id, limits, house=house, now=case.received_at)
        case.due_at = earliest_due(session, case.id)
    session.add(case)
    session.flush()


def pass_on(session: Session, first: Case, *, house: House, now: datetime) -> list[Case]:
    """The copies of a case go on without it, under the oldest of them; the cases that lead them now.

    Copies that have not been told the same yet part into a group for each state.
    """
    assert first.id is not None
    first.likeness = None
    session.add(first)
    session.flush()
    leading: list[Case] = []
    while (heir := _oldest(session, first.id)) is not None:
        likeness = heir.likeness
        stand_alone(session, heir, house=house, now=now)
        heir.likeness = likeness
        rest = update(Case).where(_C.same_as == first.id, *_like(heir))
        values = {"same_as": heir.id, "followed": last_step(session, heir.id or 0), "follow_at": None}
        session.execute(rest.values(values).execution_options(synchronize_session=False))
        record_event(session, SYSTEM, "stands_alone", case_id=heir.id, now=now, first=first.id)
        leading.append(heir)
    return leading


def _oldest(session: Session, first_id: int) -> Case | None:
    found = select(Case).where(_C.same_as.is_not(None), _C.same_as == first_id).order_by(_C.id).limit(1)
    return session.execute(found.execution_options(populate_existing=True)).scalar_one_or_none()


def _like(heir: Case) -> list[Any]:
    return [_C.status == heir.status, _C.lead_office == heir.lead_office, _C.sealed == heir.sealed]


def leave_out_too(session: Session, first_id: int, copy_id: int) -> None:
    """Offices and people that the first case leaves out are left out of a copy as well."""
    for office in offices_of(session, first_id, Part.LEFT_OUT):
        session.merge(CaseOffice(case_id=copy_id, office=office, part=Part.LEFT_OUT))
    for one in session.execute(select(LeftOutPerson).where(_P.case_id == first_id)).scalars().all():
        if session.get(LeftOutPerson, (copy_id, one.member_id)) is None:
            session.add(LeftOutPerson(case_id=copy_id, member_id=one.member_id, cause=one.cause))
    session.flush()
