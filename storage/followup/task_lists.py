"""Tasks of an office in lists, and what of them is erased when they are old."""

from datetime import datetime, timedelta

from sqlalchemy import and_, update
from sqlmodel import Session, col, or_, select

from storage.access import covered_offices
from storage.followup.task_people import may_see_task, stand_in
from storage.followup.tasks import Task, TaskKind
from storage.house import House
from storage.members import Member, Right, may


def open_tasks(session: Session, member: Member, *, house: House) -> list[Task]:
    """What is to be done and this member may do, health troubles first, then by limit."""
    if not may(member, Right.HANDLE):
        return []
    found = select(Task).where(col(Task.next_at).is_not(None))
    if not may(member, Right.EVERY_CASE):
        offices = covered_offices(session, member, house.hospital)
        covered = [kind for kind in TaskKind if stand_in(kind, house.hospital) in offices]
        found = found.where(or_(col(Task.office).in_(offices), col(Task.kind).in_(covered)))
    tasks = session.exec(found.order_by(col(Task.kind), col(Task.due_at), col(Task.id))).all()
    return [task for task in tasks if may_see_task(session, task, member, house=house)]


def forget_tasks(session: Session, *, days: int, now: datetime) -> int:
    """Erases words, phone and note `days` days after a task was done, or opened and never done; how many."""
    kept = or_(*(getattr(Task, column).is_not(None) for column in ("words", "phone", "note")))
    before = now - timedelta(days=days)
    never = and_(col(Task.done_at).is_(None), col(Task.opened_at) < before)
    old = (
        update(Task)
        .where(or_(col(Task.done_at) < before, never), kept)
        .values(words=None, phone=None, note=None)
        .execution_options(synchronize_session="fetch")
    )
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
