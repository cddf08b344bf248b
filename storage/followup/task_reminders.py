"""When a task is due, and when somebody is reminded of it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from storage.followup.tasks import Task, TaskKind, TaskState
from storage.house import House

EVERY = timedelta(minutes=30)
"""How often an overdue call-back is called to mind, day and night: a person's health waits for it."""
_HALF, _WHOLE = 50, 100


def begin_reminders(task: Task, *, house: House, now: datetime) -> None:
    """Sets limit and first reminder: minutes for a health trouble, working days for a low rating."""
    followup = house.hospital.followup
    if task.kind is TaskKind.CALLBACK:
        task.due_at = task.next_at = now + timedelta(minutes=followup.callback_minutes)
    else:
        task.due_at = house.calendar.due(now, followup.recovery_days).at
        task.next_at = house.calendar.fraction(now, followup.recovery_days, _HALF)
    task.reminders = 0


def due_tasks(session: Session, *, now: datetime, limit: int = 200) -> list[Task]:
    """Tasks that somebody must be reminded of now, those that wait longest first."""
    due = select(Task).where(col(Task.next_at).is_not(None), col(Task.next_at) <= now)
    return list(session.exec(due.order_by(col(Task.next_at), col(Task.id)).limit(limit)))


def advance_task(task: Task, *, house: House, now: datetime) -> int:
    """Sets the next reminder; returns the percentage of the limit of which this one tells (50 or 100).

    A call-back comes up every half hour from its limit on, a low rating at half time, at its limit, and
    then each working morning. What fell due during a stop is one reminder.
    """
    if task.state is TaskState.DONE:
        task.next_at = None
        return _WHOLE
    late = now >= task.due_at
    if task.kind is TaskKind.CALLBACK:
        task.next_at = now + EVERY
    elif late:
        task.next_at = house.calendar.next_working_morning(now)
    else:
        task.next_at = task.due_at
    task.reminders = max(task.reminders + 1, 2) if late else 1
    return _WHOLE if late else _HALF


def call_again_at(task: Task, *, house: House, now: datetime) -> datetime:
    """When to try once more after nobody answered: in an hour for a health trouble, else next morning.

    Never in the hours in which the hospital sends nothing to patients.
    """
    if task.kind is TaskKind.RECOVERY:
        return house.calendar.next_working_morning(now)
    followup, zone = house.hospital.followup, ZoneInfo(house.hospital.timezone)
    moment = (now + timedelta(hours=1)).astimezone(zone)
    if not _is_quiet(moment.time(), followup.quiet_from, followup.quiet_until):
        return moment.astimezone(UTC)
    morning = datetime.combine(moment.date(), followup.quiet_until, tzinfo=zone)
    return (morning if morning >= moment else morning + timedelta(days=1)).astimezone(UTC)


def _is_quiet(clock: time, begins: time, ends: time) -> bool:
    if begins <= ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends
