"""保留证据: an officer keeps the content of a closed case from being destroyed, until that is lifted."""

from datetime import datetime

from sqlmodel import Session

from storage.access import may_act
from storage.cases import Case, Status
from storage.errors import CaseMoved
from storage.event_names import EventName
from storage.events import record_event
from storage.hospital import Hospital
from storage.house import House
from storage.members import Member, is_head_or_supervisor
from storage.moves import actor, keep_inside, move, settle


def may_hold(session: Session, case: Case, member: Member, hospital: Hospital) -> bool:
    """Whether a member may keep the content, or let it go again: heads of the lead office, supervisors."""
    able = is_head_or_supervisor(member) and may_act(session, case, member, hospital)
    return able and case.status is Status.CLOSED and case.purged_at is None


def hold_case(
    session: Session, case: Case, member: Member, reason: str, *, house: House, now: datetime
) -> None:
    """The content stays whatever its age; the reason is a sealed note. Raises CaseMoved if held or gone."""
    _set(session, case, {"held_at": now}, held=False, now=now)
    keep_inside(session, case, member, reason, step="held", house=house, now=now)
    record_event(session, actor(member), EventName.HELD, case_id=case.id, now=now)
    settle(session, case, now=now)


def lift_hold(
    session: Session, case: Case, member: Member, reason: str, *, house: House, now: datetime
) -> None:
    """The content may go again, never before officers were warned anew. Raises CaseMoved if not held."""
    _set(session, case, {"held_at": None, "warned_at": None}, held=True, now=now)
    keep_inside(session, case, member, reason, step="hold_lifted", house=house, now=now)
    record_event(session, actor(member), EventName.HOLD_LIFTED, case_id=case.id, now=now)
    settle(session, case, now=now)


def _set(
    session: Session, case: Case, values: dict[str, datetime | None], *, held: bool, now: datetime
) -> None:
    if case.purged_at is not None or (case.held_at is not None) is not held:
        raise CaseMoved("the content is gone, or another officer was first")
    move(session, case, (Status.CLOSED,), values, now=now)
