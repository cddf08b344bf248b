"""Gives a task to another office: because a member says so, or because nobody is left in its own."""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.followup.task_people import may_see_task, office_for, text_in
from storage.followup.tasks import Task, TaskState, keep_sealed
from storage.house import House
from storage.members import Member, Right
from storage.outbox import announce
from storage.rights import roles_with
from storage.vault import Vault


def move_task(task: Task, office: str, *, vault: Vault) -> None:
    """Another office does it from here: nobody has it, and what is sealed is sealed for there."""
    kept = {column: text_in(task, column, vault=vault) for column in ("words", "phone", "note")}
    task.office, task.assignee_id, task.state = office, None, TaskState.OPEN
    for column, text in kept.items():
        keep_sealed(task, column, text, vault=vault)


def rehome_tasks(session: Session, *, house: House, now: datetime) -> int:
    """Open tasks of an office that has nobody for them any more go to who stands in; returns how many."""
    able = col(Member.role).in_(roles_with(Right.HANDLE))
    manned = select(Member.office).where(able, col(Member.active)).distinct()
    lost = select(Task).where(col(Task.next_at).is_not(None), col(Task.office).not_in(manned))
    moved = 0
    for task in session.exec(lost.order_by(col(Task.id))).all():
        words = text_in(task, "words", vault=house.vault)
        office, _ = office_for(
            session, task.kind, task.department, words=words, accused=task.apart, house=house
        )
        if office == task.office:
            continue
        move_task(task, office, vault=house.vault)
        task.version += 1
        session.add(task)
        session.flush()
        record_event(session, SYSTEM, EventName.TASK_HANDED_ON, now=now, task=task.id, to=office)
        announce(session, f"tasks:{task.id}", "task.new", now=now, task=task.id)
        moved += 1
    return moved


def release_tasks(session: Session, *, house: House, now: datetime) -> int:
    """What somebody took who left, or moved where they may not know of it, waits for a colleague again."""
    gone = or_(col(Member.active).is_(False), col(Member.office) != col(Task.office))
    taken = select(Task, Member).where(Task.assignee_id == Member.id, Task.state == TaskState.TAKEN, gone)
    released = 0
    for task, member in session.exec(taken.order_by(col(Task.id))).all():
        if may_see_task(session, task, member, house=house):
            continue  # of the office that stands in, or a supervisor
        task.state, task.assignee_id, task.version = TaskState.OPEN, None, task.version + 1
        session.add(task)
        session.flush()
        announce(session, f"tasks:{task.id}", "task.new", now=now, task=task.id)
        released += 1
    return released
