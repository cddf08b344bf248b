"""How a task looks: short for a group, in full for the private chat of whoever does it, a line in a list."""

from typing import NamedTuple

from handlers.triage.sight import Sight
from storage.errors import SealError
from storage.followup.task_patient import Patient, may_be_called, patient_of
from storage.followup.task_steps import offices_to_hand_to
from storage.followup.tasks import Task, TaskKind, TaskState, open_sealed
from storage.members import Member
from storage.messages import Choice, Reply

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
"""In seconds."""
_HOURS_FROM, _DAYS_FROM = 120, 2880
"""From so many minutes on, hours and days are told."""
Rows = tuple[tuple[Choice, ...], ...]


class Shown(NamedTuple):
    """A card, and whether a discharge number and a phone number stand on it."""

    reply: Reply
    number: bool
    phone: bool


def task_card(task: Task, sight: Sight, *, group: bool) -> Reply:
    """A task without content, as it is pushed: kind, department, limit, and a button to take it."""
    text = sight.words(
        "tasks.new", title=sight.words(f"tasks.title_{task.kind}"), place=_place_line(task, sight),
        due=_due(task, sight),
    )  # fmt: skip
    if task.state is not TaskState.OPEN:
        return Reply(f"{text}\n{state_words(task, sight)}", () if group else (_open_row(task, sight),))
    take = Choice(sight.words("tasks.take"), f"task:take:{task.id}:{task.version}")
    return Reply(text, ((take,), _open_row(task, sight)))


def task_view(task: Task, member: Member, sight: Sight, *, news: str = "", edits: str | None = None) -> Shown:
    """The whole task for one who may see it; who looks must be noted in the trail.

    The patient can be told from it only for a health trouble, or where a call was agreed to.
    """
    patient = patient_of(sight.session, task, vault=sight.house.vault)
    lines = [news, sight.words(f"tasks.title_{task.kind}"), _place_line(task, sight)]
    if task.state is TaskState.DONE:
        lines += [state_words(task, sight), *_note(task, sight)]
        rows = ways_out(sight)
        return Shown(Reply("\n".join(filter(None, lines)), rows, edits=edits), False, False)
    lines += [
        _warning(patient, sight),
        *_who(task, patient, sight),
        _said(task, sight),
        *_wishes(task, sight),
    ]
    lines += [_due(task, sight), state_words(task, sight, member), _calls(task, sight)]
    reply = Reply("\n".join(filter(None, lines)), _buttons(task, member, sight), edits=edits)
    return Shown(reply, bool(patient and patient.number), bool(patient and patient.phone))


def task_line(task: Task, sight: Sight) -> str:
    """A task on a button: 【急】回电 · 骨科 · 还剩12分 · 王芳正在处理."""
    taken = state_words(task, sight) if task.state is TaskState.TAKEN else ""
    parts = [sight.words(f"tasks.short_{task.kind}"), place_words(task, sight), left(task, sight, short=True)]
    return sight.words("card.between").join(filter(None, [*parts, taken]))


def place_words(task: Task, sight: Sight) -> str:
    """Department, and the ward where one is known."""
    if not task.ward or task.ward == task.department:
        return task.department
    return sight.words("tasks.and_ward", department=task.department, ward=task.ward)


def state_words(task: Task, sight: Sight, reader: Member | None = None) -> str:
    """Who does it, or did it and when."""
    who = sight.name(task.assignee_id)
    if task.state is TaskState.DONE and task.assignee_id is None:
        return sight.words("tasks.state_gone")
    if task.state is TaskState.DONE and task.done_at is not None:
        return sight.words("tasks.state_done", who=who, at=sight.briefly_at(task.done_at))
    if task.state is TaskState.OPEN or not who:
        return sight.words("tasks.state_open")
    mine = reader is not None and reader.id == task.assignee_id
    return sight.words("tasks.state_mine" if mine else "tasks.state_taken", who=who)


def left(task: Task, sight: Sight, *, short: bool = False) -> str:
    """The time that is left: minutes for a call-back, working days for a low rating."""
    if task.kind is TaskKind.RECOVERY:
        return sight.left(task.due_at, short=short)
    seconds = (task.due_at - sight.now).total_seconds()
    minutes = round(abs(seconds) / _MINUTE)
    prefix = "tasks.short_" if short else "tasks."
    if seconds >= 0:
        return sight.words(f"{prefix}left_minutes", minutes=minutes)
    if minutes >= _DAYS_FROM:
        return sight.words(f"{prefix}over_days", days=round(abs(seconds) / _DAY))
    if minutes >= _HOURS_FROM:
        return sight.words(f"{prefix}over_hours", hours=round(abs(seconds) / _HOUR))
    return sight.words(f"{prefix}over_minutes", minutes=minutes)


def _place_line(task: Task, sight: Sight) -> str:
    return sight.words("tasks.place", place=place_words(task, sight))


def _due(task: Task, sight: Sight) -> str:
    return sight.words(f"tasks.due_{task.kind}", at=sight.briefly_at(task.due_at), left=left(task, sight))


def _warning(patient: Patient | None, sight: Sight) -> str:
    """What whoever calls has to know first: the patient died, is back, or the number is another's."""
    key = f"tasks.standing_{patient.standing}" if patient is not None else ""
    return sight.words(key) if sight.words.has(key) else ""


def _who(task: Task, patient: Patient | None, sight: Sight) -> list[str]:
    if patient is None:
        return [_score(task, sight)]
    phone = sight.words("tasks.phone", phone=patient.phone) if patient.phone else ""
    number = sight.words("tasks.number", number=patient.number) if patient.number else ""
    missing = sight.words("tasks.phone_by_number") if patient.number and not patient.phone else ""
    return [number, phone or missing, _score(task, sight)]


def _score(task: Task, sight: Sight) -> str:
    return sight.words("tasks.score", score=task.score) if task.score is not None else ""


def _said(task: Task, sight: Sight) -> str:
    if task.words is None:
        return sight.words("tasks.no_words") if may_be_called(task) else ""
    try:
        return sight.words("tasks.words", words=open_sealed(task, "words", vault=sight.house.vault))
    except SealError:
        return sight.words("tasks.unopened")


def _wishes(task: Task, sight: Sight) -> list[str]:
    if not may_be_called(task):
        wish = sight.words("tasks.no_call" if task.words is None else "tasks.no_call_words")
    else:
        wish = sight.words("tasks.call_wanted") if task.call_wanted else ""
    return [wish, sight.words("tasks.ask_again") if task.ask_again else ""]


def _note(task: Task, sight: Sight) -> list[str]:
    try:
        note = open_sealed(task, "note", vault=sight.house.vault)
    except SealError:
        return [sight.words("tasks.unopened")]
    return [sight.words(f"tasks.note_{task.kind}", note=note)] if note else []


def _calls(task: Task, sight: Sight) -> str:
    return sight.words("tasks.calls", count=task.calls) if task.calls else ""


def _buttons(task: Task, member: Member, sight: Sight) -> Rows:
    def button(name: str, verb: str, **values: str) -> Choice:
        return Choice(sight.words(f"tasks.{name}", **values), f"task:{verb}:{task.id}:{task.version}")

    calls = may_be_called(task)
    rows: list[tuple[Choice, ...]] = []
    if task.state is TaskState.OPEN:
        rows.append((button("take", "take"),))
    elif task.assignee_id != member.id:
        rows.append((button("take_over", "take"),))
    rows.append((button("finish" if calls else "finish_quietly", "done"),))
    if calls:
        rows.append((button("miss", "miss"),))
    for number, office in enumerate(offices_to_hand_to(task, sight.house.hospital)):
        rows.append((button("pass_on", f"to{number}", office=office),))
    return (*rows, *ways_out(sight))


def ways_out(sight: Sight) -> Rows:
    """To the list and to the menu."""
    return ((Choice(sight.words("tasks.list"), "task:list:0"), Choice(sight.words("desk.menu"), "desk")),)


def _open_row(task: Task, sight: Sight) -> tuple[Choice, ...]:
    return (Choice(sight.words("tasks.open"), f"task:open:{task.id}"),)
