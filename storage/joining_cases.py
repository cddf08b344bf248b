"""A new report with the words of an open case: whether it is handled with that one, and how it starts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from nlp.reading import Verdict
from nlp.taxonomy import Intent
from storage.cases import IS_OPEN, STANDS, Case, CaseOffice, LeftOutPerson, Part, Status
from storage.columns import as_number
from storage.copies import last_step, leave_out_too
from storage.direct import Prepared
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.routing import Routing

REDRAWN = timedelta(minutes=10)
"""A card tells how many copies there are at most this often."""
_JITTER = 6 * 3600
_TABLE = Case.__table__  # type: ignore[attr-defined]
_C = _TABLE.c
_P = LeftOutPerson.__table__.c  # type: ignore[attr-defined]
_O = CaseOffice.__table__.c  # type: ignore[attr-defined]
_ALIKE = Prepared(
    select(_C.id, _C.status)
    .where(_C.likeness == bindparam("likeness"), STANDS, IS_OPEN, _C.lead_office == bindparam("lead"))
    .where(_C.sealed == bindparam("sealed"), _C.received_at > bindparam("since"))
    .order_by(_C.id.desc())
    .limit(3)
)
_OFFICES_OUT = Prepared(
    select(_O.office).where(_O.case_id == bindparam("first"), _O.part == Part.LEFT_OUT.value)
)
_PEOPLE_OUT = Prepared(select(_P.member_id).where(_P.case_id == bindparam("first")))
_REDRAW = Prepared(
    update(_TABLE)
    .where(_C.id == bindparam("first"), _C.follow_at.is_(None))
    .values(follow_at=bindparam("at", type_=_C.follow_at.type))
)


@dataclass(frozen=True, slots=True)
class Joined:
    """What a copy starts with: the case it is handled with, and what its reporter need not be told.

    `inherits` where that case leaves somebody out whom the copy does not name.
    """

    first_id: int
    followed: int
    follow_at: datetime | None
    inherits: bool


def find_first(
    session: Session,
    likeness: str,
    *,
    verdict: Verdict,
    routing: Routing,
    house: House,
    now: datetime,
) -> Joined | None:
    """The open case with the same words that a new report may be handled with, or None.

    Never for what is urgent or no report. The office must be the same, and nobody may be named whom the
    first leaves in.
    """
    days = house.hospital.copies.joined_days
    if not likeness or not days or verdict.urgent or verdict.intent not in (Intent.REPORT, Intent.COMPLAINT):
        return None
    since = now - timedelta(days=days)
    wanted = {"likeness": likeness, "lead": routing.lead, "sealed": routing.sealed, "since": since}
    for first_id, status in _ALIKE.rows(session, wanted):
        out = {row[0] for row in _OFFICES_OUT.rows(session, {"first": first_id})}
        out |= {row[0] for row in _PEOPLE_OUT.rows(session, {"first": first_id})}
        named = {*routing.left_out_offices, *routing.left_out_people}
        if out >= named:
            told = _start(session, first_id, Status(status), likeness, house=house, now=now)
            return Joined(first_id, *told, inherits=out != named)
    return None


def _start(
    session: Session, first_id: int, status: Status, likeness: str, *, house: House, now: datetime
) -> tuple[int, datetime | None]:
    """What the reporter of a new copy need not be told, and when they hear of what was decided before.

    Not at once: whoever sends a text to find out whether somebody else did would see it in the answer.
    """
    last = last_step(session, first_id)
    if status is Status.RECEIVED:
        return last, None
    spread = int(house.vault.keyed_hash("late copy", f"{likeness}{as_number(now)}")[:8], 16) % _JITTER
    return last - 1, house.calendar.next_working_morning(now) + timedelta(seconds=spread)


def note_join(session: Session, copy_id: int, joined: Joined, *, now: datetime) -> None:
    """Whom the first leaves out, the new copy does; the cards of the first are drawn anew, once for many."""
    if joined.inherits:
        leave_out_too(session, joined.first_id, copy_id)
    record_event(session, SYSTEM, "same_as", case_id=copy_id, now=now, first=joined.first_id)
    _REDRAW.run(session, {"first": joined.first_id, "at": now + REDRAWN})
