"""Whether somebody of the roster can be written to: not once their chat is gone, again once they write."""

from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col

from storage.direct import Prepared
from storage.members import Member
from storage.staff.employees import Employee

_TABLE = Employee.__table__  # type: ignore[attr-defined]
_IS_SILENT = Prepared(
    core_select(_TABLE.c.id).where(_TABLE.c.member_id == bindparam("member"), _TABLE.c.silent)
)


def note_silent(session: Session, member: Member) -> None:
    """Nothing reaches this member any more: they are reminded of nothing, and their head is told so."""
    _set(session, member, silent=True, remind_at=None)


def note_heard(session: Session, member: Member) -> None:
    """The member wrote, or joined again: they are reminded as everybody else."""
    if _IS_SILENT.first(session, {"member": member.id}) is not None:
        _set(session, member, silent=False)


def _set(session: Session, member: Member, **values: Any) -> None:
    session.execute(
        update(Employee).where(col(Employee.member_id) == member.id).values(values),
        execution_options={"synchronize_session": "fetch"},
    )
