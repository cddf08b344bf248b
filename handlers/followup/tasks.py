"""回访: a ward or an office calls a patient back, or looks after a low rating, and says what came of it."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.followup.task_doing import FLOW, find, on_note, on_one, version_in
from handlers.followup.task_views import task_card, task_line
from handlers.triage.form import form_in
from handlers.triage.forms import leave_form
from handlers.triage.menu import not_yours, officer_menu
from handlers.triage.sight import Sight
from handlers.turn import Turn
from nlp.normalise import normalise
from storage.errors import NoSuchTask, TaskMoved
from storage.event_names import EventName
from storage.followup.task_lists import open_tasks
from storage.followup.task_steps import take
from storage.members import Right, may
from storage.messages import Choice, Reply
from storage.outbox import announce
from storage.refusals import note_refusal
from storage.tallies import count_up

_PAGE = 8
_LONGEST_WORD = 20


def on_task_choice(turn: Turn, argument: str) -> list[Reply]:
    """A button `task:VERB:ID:VERSION`, in a private chat or a group."""
    verb, *arguments = argument.split(":")
    if not turn.at_desk:
        count_up(turn.session, EventName.STRANGERS, now=turn.now)
        said = turn.words("triage.members_only")
        return [Reply("" if turn.inbound.in_group else said, toast=said)]
    if not may(turn.officer, Right.HANDLE):
        note_refusal(turn.session, turn.officer, "action", now=turn.now, wish=FLOW)
        said = turn.words("triage.not_yours")
        return [Reply("", toast=said)] if turn.inbound.in_group else not_yours(turn)
    if turn.inbound.in_group:
        return _on_group_press(turn, verb, arguments)
    left = leave_form(turn) if form_in(turn.dialogue) is not None else []
    if turn.dialogue.flow == FLOW and verb != "done":
        turn.dialogue.clear()
    if verb == "list":
        return [*left, _list(turn, arguments[0] if arguments else "0")]
    try:
        return [*left, *on_one(turn, verb, arguments)]
    except NoSuchTask:
        return [*left, *_no_such_task(turn)]


def on_task_text(turn: Turn) -> list[Reply] | None:
    """The note that was asked for, or the word 回访; None where the words are neither."""
    if turn.inbound.in_group or not may(turn.officer, Right.HANDLE):
        return None
    if turn.dialogue.flow == FLOW:
        try:
            return on_note(turn)
        except NoSuchTask:
            turn.dialogue.clear()
            return _no_such_task(turn)
    text = turn.inbound.text
    if turn.inbound.files or len(text) > _LONGEST_WORD:
        return None
    word = normalise(text).text.strip()
    if word.removeprefix("/").partition("@")[0] not in turn.words("tasks.words_list").split():
        return None
    if form_in(turn.dialogue) is None:
        return [_list(turn, "0")]
    return [*leave_form(turn), _list(turn, "0")] if word.startswith("/") else None


def _on_group_press(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """In a group nothing is shown: whoever pressed gets the patient's matter in their private chat."""
    if verb not in ("take", "open"):
        return [Reply("", toast=turn.words("triage.only_private"))]
    try:
        task = find(turn, arguments)
    except NoSuchTask:
        return [Reply("", toast=turn.words("tasks.no_such_task"))]
    said = turn.words("tasks.sent_to_you")
    if verb == "take":
        try:
            take(
                turn.session, task, turn.officer, version=version_in(arguments), heard_in_group=True,
                now=turn.now,
            )  # fmt: skip
            said = turn.words("tasks.to_private")
        except TaskMoved:
            turn.session.refresh(task)
            said = turn.words("tasks.moved")
    announce(turn.session, f"member:{turn.officer.id}", "task.card", now=turn.now, task=task.id)
    if verb == "open":
        return [Reply("", toast=said)]
    card = task_card(task, Sight.of(turn), group=True)
    return [replace(card, edits=turn.inbound.pressed, toast=said)]


def _list(turn: Turn, page: str) -> Reply:
    tasks = open_tasks(turn.session, turn.officer, house=turn.house)
    number = int(page) if page.isdecimal() and len(page) < 4 else 0
    number = number if number * _PAGE < len(tasks) else 0
    sight = Sight.of(turn)
    here = tasks[number * _PAGE : (number + 1) * _PAGE]
    rows: list[tuple[Choice, ...]] = [
        (Choice(task_line(task, sight), f"task:open:{task.id}"),) for task in here
    ]
    turning = [Choice(turn.words("desk.previous"), f"task:list:{number - 1}")] if number else []
    if (number + 1) * _PAGE < len(tasks):
        turning.append(Choice(turn.words("desk.next"), f"task:list:{number + 1}"))
    rows += [tuple(turning)] if turning else []
    key = "tasks.list_title" if tasks else "tasks.list_empty"
    menu = (Choice(turn.words("desk.menu"), "desk"),)
    return turn.reply(key, [*rows, menu], edit=True, page=number + 1)


def _no_such_task(turn: Turn) -> list[Reply]:
    said = turn.words("tasks.no_such_task")
    return [Reply(said, officer_menu(turn).choices, toast=said)]
