"""What is done with one task: it is shown, taken, tried, given away, and done with a note."""

from collections.abc import Callable, Sequence
from typing import Any

from handlers.followup.task_views import task_view, ways_out
from handlers.triage.sight import Sight
from handlers.turn import Turn
from nlp.commands import Answer, Command, find_answer, find_command
from storage.errors import TaskMoved
from storage.event_names import EventName
from storage.events import record_event
from storage.followup.task_patient import may_be_called
from storage.followup.task_steps import (
    LONGEST_NOTE,
    cannot_reach,
    finish,
    hand_on,
    offices_to_hand_to,
    take,
    task_for,
)
from storage.followup.tasks import Task, TaskState
from storage.messages import Choice, Reply

FLOW = "task"
_LONGEST_NUMBER = 9
_TO = "to"


def on_one(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """A button of one task; one drawn before the task moved shows how it stands. Raises NoSuchTask."""
    task = find(turn, arguments)
    step = _STEPS.get(_TO if verb.startswith(_TO) else verb)
    if verb == "open" or step is None:
        return [_show(turn, task)]
    try:
        return step(turn, task, verb, arguments)
    except TaskMoved:
        turn.dialogue.clear()
        turn.session.refresh(task)
        return [_show(turn, task, turn.words("tasks.moved"))]


def _on_take(turn: Turn, task: Task, _verb: str, arguments: Sequence[str]) -> list[Reply]:
    take(turn.session, task, turn.officer, version=version_in(arguments), now=turn.now)
    key = "tasks.taken" if may_be_called(task) else "tasks.taken_recovery"
    return [_show(turn, task, turn.words(key))]


def _on_done(turn: Turn, task: Task, _verb: str, arguments: Sequence[str]) -> list[Reply]:
    """Asks for a note first; the button below it ends the task without one."""
    version = version_in(arguments)
    if arguments[2:] == ["bare"]:
        return _finish(turn, task, "", version)
    if version != task.version or task.state is TaskState.DONE:
        raise TaskMoved("the task has moved")
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.data = FLOW, {"task": task.id, "version": version}
    return [_ask_note(turn, task, edit=True)]


def _on_miss(turn: Turn, task: Task, _verb: str, arguments: Sequence[str]) -> list[Reply]:
    again = cannot_reach(
        turn.session, task, turn.officer, version=version_in(arguments), house=turn.house, now=turn.now
    )
    at = Sight.of(turn).briefly_at(again)
    return [_show(turn, task, turn.words("tasks.missed", at=at))]


def _on_pass(turn: Turn, task: Task, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """Only the place of the office in the list travels; the version says that the list is the same."""
    offices, place = offices_to_hand_to(task, turn.house.hospital), verb.removeprefix(_TO)
    if not place.isdecimal() or int(place[:2]) >= len(offices):
        raise TaskMoved("the task has moved")
    office = offices[int(place[:2])]
    version = version_in(arguments)
    hand_on(turn.session, task, turn.officer, office, version=version, house=turn.house, now=turn.now)
    return [turn.reply("tasks.passed", ways_out(Sight.of(turn)), edit=True, office=office)]


def on_note(turn: Turn) -> list[Reply]:
    """Words typed while a note is asked for. Raises NoSuchTask."""
    number, version = turn.dialogue.data.get("task"), turn.dialogue.data.get("version")
    task = find(turn, [str(number)])
    text = turn.inbound.text.strip()
    if find_command(text) is Command.BACK:
        turn.dialogue.clear()
        return [_show(turn, task, turn.words("tasks.note_kept"))]
    if turn.inbound.files and not text:
        return [_ask_note(turn, task, "tasks.note_no_files")]
    if find_answer(text) is Answer.SKIP:
        text = ""
    elif not any(map(str.isalnum, text)):
        return [_ask_note(turn, task, "tasks.note_empty")]
    if len(text) > LONGEST_NOTE:
        return [_ask_note(turn, task, "tasks.note_long", count=len(text), most=LONGEST_NOTE)]
    try:
        return _finish(turn, task, text, int(str(version)))
    except TaskMoved:
        turn.dialogue.clear()
        turn.session.refresh(task)
        unsent = turn.words("triage.unsent", text=text) if text else ""
        return [_show(turn, task, "\n".join(filter(None, [turn.words("tasks.moved"), unsent])))]


def _finish(turn: Turn, task: Task, note: str, version: int) -> list[Reply]:
    finish(turn.session, task, turn.officer, note, version=version, house=turn.house, now=turn.now)
    turn.dialogue.clear()
    asked = task.ask_again and task.survey_id is not None
    key = "tasks.finished_again" if asked else "tasks.finished"
    return [turn.reply(key, ways_out(Sight.of(turn)), edit=True, toast=turn.words(key))]


def _ask_note(turn: Turn, task: Task, key: str = "", *, edit: bool = False, **values: Any) -> Reply:
    version = turn.dialogue.data["version"]
    bare = Choice(turn.words("tasks.bare"), f"task:done:{task.id}:{version}:bare")
    back = Choice(turn.words("tasks.back"), f"task:open:{task.id}")
    return turn.reply(key or f"tasks.ask_note_{task.kind}", ((bare,), (back,)), edit=edit, **values)


def _show(turn: Turn, task: Task, news: str = "") -> Reply:
    shown = task_view(task, turn.officer, Sight.of(turn), news=news, edits=turn.inbound.pressed)
    if task.state is not TaskState.DONE:
        record_event(
            turn.session, f"member:{turn.officer.id}", EventName.TASK_READ, now=turn.now, task=task.id,
            number=shown.number, phone=shown.phone,
        )  # fmt: skip
    return shown.reply


def find(turn: Turn, arguments: Sequence[str]) -> Task:
    """The task that a button is about, first among its arguments. Raises NoSuchTask."""
    number = arguments[0] if arguments else ""
    good = number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER
    return task_for(turn.session, int(number) if good else 0, turn.officer, house=turn.house, now=turn.now)


def version_in(arguments: Sequence[str]) -> int:
    """The version that a button was drawn for; -1, which none has, where there is none."""
    version = arguments[1] if len(arguments) > 1 else ""
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else -1


_Step = Callable[[Turn, Task, str, Sequence[str]], list[Reply]]
_STEPS: dict[str, _Step] = {"take": _on_take, "done": _on_done, "miss": _on_miss, _TO: _on_pass}
