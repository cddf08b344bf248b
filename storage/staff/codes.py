"""One-time join codes for people of the roster, to be handed out on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.house import House
from storage.invites import Invite, invite
from storage.members import Member, Role
from storage.staff.employees import Employee, Employment, open_sealed

_FROM_ROSTER = (Role.STAFF, Role.OFFICER, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on one person's paper."""

    employee_id: int
    name: str
    number: str
    office: str
    code: str


def not_joined(session: Session, *, offices: Sequence[str] = ()) -> list[int]:
    """Ids of who works here (at these offices) and is in no chat, office by office."""
    member = select(Member.id).where(col(Member.active))
    outside = or_(col(Employee.member_id).is_(None), col(Employee.member_id).not_in(member))
    waits = select(Employee.id).where(Employee.standing == Employment.ACTIVE, outside)
    if offices:
        waits = waits.where(col(Employee.office).in_(offices))
    return [one for one in session.exec(waits.order_by(col(Employee.office), col(Employee.id))) if one]


def make_slips(session: Session, ids: Sequence[int], *, house: House, now: datetime) -> list[Slip]:
    """A fresh code for each of these people; those printed for them before work no more.

    A code gives the role of the roster, to who has no more rights already.
    """
    slips = []
    take_back_slips(session, ids)
    here = (col(Employee.id).in_(ids), Employee.standing == Employment.ACTIVE)
    order = (col(Employee.office), col(Employee.id))
    for employee in session.exec(select(Employee).where(*here).order_by(*order)).all():
        name = open_sealed(employee, "name", vault=house.vault)
        role = employee.role if employee.role in _FROM_ROSTER else Role.STAFF
        code = invite(
            session, employee.office, role=role, name=name, employee_id=employee.id, vault=house.vault,
            now=now,
        )  # fmt: skip
        shown = open_sealed(employee, "number", vault=house.vault)
        slips.append(Slip(employee.id or 0, name, shown, employee.office, code))
    record_event(session, CONSOLE, EventName.ROSTER_CODES, now=now, count=len(slips))
    session.flush()
    return slips


def slips_about(session: Session, ids: Sequence[int]) -> int:
    """How many of these people, however many, hold a code that was not used yet."""
    held = select(Invite.employee_id).where(
        col(Invite.used_at).is_(None), col(Invite.employee_id).is_not(None)
    )
    return len(set(session.exec(held)) & set(ids))


def take_back_slips(session: Session, ids: Sequence[int]) -> None:
    """Codes that were made for them and not used work no more."""
    unused = (col(Invite.used_at).is_(None), col(Invite.employee_id).in_(ids))
    session.execute(delete(Invite).where(*unused))
