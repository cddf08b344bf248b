"""Reminds of tasks for patients, further up each time, and finds somebody for those that lie with nobody."""

from datetime import datetime

from sqlmodel import Session

from storage.followup.task_moves import rehome_tasks, release_tasks
from storage.followup.task_reminders import advance_task, due_tasks
from storage.house import House
from storage.outbox import announce

_OVERDUE = 100


def remind_of_tasks(session: Session, *, house: House, now: datetime) -> int:
    """Leaves word of every task that is due to be remembered or lost its people; returns how many.

    At half of its limit a low rating is called to mind where it lies. From its limit on, a task is told to
    the heads and to the office that stands in as well: a call-back each half hour, a low rating each working
    morning.
    """
    moved = rehome_tasks(session, house=house, now=now) + release_tasks(session, house=house, now=now)
    tasks = due_tasks(session, now=now)
    for task in tasks:
        percent = advance_task(task, house=house, now=now)
        session.add(task)
        session.flush()
        told = {"task": task.id, "percent": percent, "count": task.reminders}
        announce(session, f"tasks:{task.id}", "task.reminder", now=now, **told)
        if percent >= _OVERDUE:
            announce(session, f"taskheads:{task.id}", "task.reminder", now=now, **told)
    return moved + len(tasks)
