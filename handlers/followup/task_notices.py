"""Makes words of what was left about a task, at the moment they are sent; a group reads no content."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.followup.task_views import left, place_words, state_words, task_card, task_view
from handlers.telling import member_addressed
from handlers.triage.sight import Sight
from handlers.turn import Desk
from handlers.words import Words
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.followup.task_audience import may_hear
from storage.followup.tasks import Task, TaskKind, TaskState
from storage.letters import Letter
from storage.members import Member
from storage.messages import Choice, Reply

_OVERDUE = 100


def task_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    """The words for `task.WHAT`; None where it is over, or whoever reads here may not know of it by now."""
    task = session.get(Task, arguments.get("task"))
    member = member_addressed(letter, session)
    if task is None or (member is None and not letter.is_group):
        return None
    sight = Sight(session, desk.house, words, now, member)
    what = (letter.notice or "").partition(".")[2]
    if what == "moved":
        return _told("tasks.told_moved", task, sight)
    office = (letter.audience or "").partition(":")[2]
    if not may_hear(session, task, office, member, house=desk.house):
        return None
    if what == "gone":
        return _told("tasks.told_gone", task, sight)
    if what in ("taken", "done"):
        return _of_colleague(what, task, member, arguments, sight)
    if task.state is TaskState.DONE:
        return None
    match what:
        case "new":
            return task_card(task, sight, group=letter.is_group)
        case "more":
            return Reply(_told("tasks.more", task, sight).text, _open(task, sight))
        case "reminder":
            return _reminder(task, arguments, sight)
        case "card" if member is not None:
            return _card(task, member, letter, sight)
    return None


def _of_colleague(
    what: str, task: Task, member: Member | None, arguments: dict[str, Any], sight: Sight
) -> Reply | None:
    """Who does it hears nothing; a group in which it was taken shows that already."""
    by = arguments.get("by")
    if (member is not None and member.id == by) or (member is None and arguments.get("heard_in_group")):
        return None
    if what == "taken" and (task.state is not TaskState.TAKEN or task.assignee_id != by):
        return None
    return _told(f"tasks.told_{what}", task, sight, by)


def _reminder(task: Task, arguments: dict[str, Any], sight: Sight) -> Reply:
    taken = task.state is TaskState.TAKEN
    if task.kind is TaskKind.CALLBACK:
        key = "tasks.reminder_callback_taken" if taken else "tasks.reminder_callback"
    else:
        late = arguments.get("percent", 0) >= _OVERDUE
        key = "tasks.reminder_recovery_overdue" if late else "tasks.reminder_recovery"
    text = sight.words(
        key, place=place_words(task, sight), who=sight.name(task.assignee_id), left=left(task, sight),
        state=state_words(task, sight), at=sight.briefly_at(task.due_at),
    )  # fmt: skip
    return Reply(text, _open(task, sight))


def _card(task: Task, member: Member, letter: Letter, sight: Sight) -> Reply:
    """Content goes to a private chat: told once in the trail, however often sending it is tried."""
    shown = task_view(task, member, sight)
    if letter.attempts <= 1:
        record_event(
            sight.session, SYSTEM, EventName.TASK_READ, now=sight.now, task=task.id, to=member.id,
            number=shown.number, phone=shown.phone,
        )  # fmt: skip
    return shown.reply


def _told(key: str, task: Task, sight: Sight, by: int | None = None) -> Reply:
    short = sight.words(f"tasks.short_{task.kind}")
    who, place = sight.name(by), place_words(task, sight)
    return Reply(sight.words(key, short=short, place=place, who=who, office=task.office))


def _open(task: Task, sight: Sight) -> tuple[tuple[Choice, ...], ...]:
    return ((Choice(sight.words("tasks.open"), f"task:open:{task.id}"),),)
