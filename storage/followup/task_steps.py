"""What is done with a task: taken, done, tried in vain, handed on; of two who press at once one wins."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from storage.errors import NoSuchTask, TaskMoved
from storage.event_names import EventName
from storage.events import record_event
from storage.followup.planning import allowed_moment
from storage.followup.task_moves import move_task
from storage.followup.task_people import is_escalated, may_see_task, stand_in
from storage.followup.task_reminders import call_again_at
from storage.followup.tasks import Task, TaskKind, TaskState, keep_sealed
from storage.hospital import Hospital
from storage.house import House
from storage.members import Member
from storage.moves import actor
from storage.outbox import announce
from storage.refusals import note_refusal

LONGEST_NOTE = 500
"""Characters of what was agreed with the patient."""


def task_for(session: Session, task_id: int, member: Member, *, house: House, now: datetime) -> Task:
    """The task, if the member may know of it; raises NoSuchTask, and the refusal stands in the trail."""
    task = session.get(Task, task_id)
    if task is None or not may_see_task(session, task, member, house=house):
        note_refusal(session, member, "task", now=now, task=task_id)
        raise NoSuchTask("no such task")
    return task


def take(
    session: Session,
    task: Task,
    member: Member,
    *,
    version: int,
    heard_in_group: bool = False,
    now: datetime,
) -> None:
    """The member does it from here, also in place of a colleague; raises TaskMoved.

    Colleagues hear of it; not the group, where the button was pressed there.
    """
    _step(session, task, version, state=TaskState.TAKEN, assignee_id=member.id)
    record_event(session, actor(member), EventName.TASK_TAKEN, now=now, task=task.id)
    facts: dict[str, Any] = {"task": task.id, "by": member.id, "heard_in_group": heard_in_group}
    announce(session, f"tasks:{task.id}", "task.taken", now=now, **facts)


def finish(
    session: Session, task: Task, member: Member, note: str, *, version: int, house: House, now: datetime
) -> None:
    """It is done, with a `note` for the ward (may be empty); raises TaskMoved.

    A patient who wanted it so is asked once more, at a decent hour. Colleagues hear of it unless they know
    that it was taken.
    """
    colleagues_wait = task.state is TaskState.OPEN or is_escalated(task)
    _step(session, task, version, state=TaskState.DONE, assignee_id=member.id, done_at=now, next_at=None)
    keep_sealed(task, "note", note[:LONGEST_NOTE], vault=house.vault)
    session.add(task)
    session.flush()
    record_event(session, actor(member), EventName.TASK_DONE, now=now, task=task.id)
    if colleagues_wait:
        announce(session, f"tasks:{task.id}", "task.done", now=now, task=task.id, by=member.id)
    if task.ask_again and task.survey_id is not None:
        moment = allowed_moment(now, house)  # not in the middle of the night
        announce(session, f"survey:{task.survey_id}", "survey.again", now=moment, survey=task.survey_id)


def cannot_reach(
    session: Session, task: Task, member: Member, *, version: int, house: House, now: datetime
) -> datetime:
    """Nobody answered: the member keeps it and is reminded later; returns when. Raises TaskMoved."""
    again = call_again_at(task, house=house, now=now)
    _step(
        session, task, version, state=TaskState.TAKEN, assignee_id=member.id, calls=task.calls + 1,
        next_at=again,
    )  # fmt: skip
    record_event(session, actor(member), EventName.TASK_TRIED, now=now, task=task.id)
    return again


def hand_on(
    session: Session, task: Task, member: Member, office: str, *, version: int, house: House, now: datetime
) -> None:
    """Another office does it from here; its limit stays. Raises TaskMoved, ValueError for a wrong office."""
    if office not in offices_to_hand_to(task, house.hospital):
        raise ValueError("the task cannot go to this office")
    before = task.office
    _step(session, task, version, state=TaskState.OPEN, assignee_id=None)
    move_task(task, office, vault=house.vault)
    session.add(task)
    session.flush()
    record_event(session, actor(member), EventName.TASK_HANDED_ON, now=now, task=task.id, to=office)
    announce(session, f"tasks:{task.id}", "task.new", now=now, task=task.id)
    if before:
        announce(session, f"office:{before}", "task.moved", now=now, task=task.id, by=member.id)


def offices_to_hand_to(task: Task, hospital: Hospital) -> tuple[str, ...]:
    """Where a task can be given: to the offices for care and for recovery, and to the service desk."""
    every = (stand_in(task.kind, hospital), *(stand_in(kind, hospital) for kind in TaskKind))
    offices = dict.fromkeys((*every, hospital.service_desk))
    return tuple(office for office in offices if office != task.office)


def _step(session: Session, task: Task, version: int, **values: Any) -> None:
    """Compare and set: raises TaskMoved unless the task is open and as it was when the button was drawn."""
    same = (col(Task.id) == task.id, col(Task.version) == version, col(Task.state) != TaskState.DONE)
    guarded = (
        update(Task)
        .where(*same)
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    if session.execute(guarded).rowcount != 1:  # type: ignore[attr-defined]
        raise TaskMoved("the task has moved")
    session.refresh(task)
