"""已阅: pressed or typed, in a private chat or a group; a slip can be taken back for ten minutes."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select

from handlers.staff.duties.finding import me, no_such, owing_in
from handlers.staff.duties.view import duty_view
from handlers.turn import Turn
from nlp.normalise import normalise
from storage.duties.mine import Owing, open_readings
from storage.duties.occurrences import OccurrenceStage
from storage.duties.readings import confirm_read, take_back_read
from storage.letters import Letter, State
from storage.messages import Choice, Reply
from storage.staff.employees import Employee

_LONGEST = 8
_TELL_OF_DUTIES = ("due.digest", "due.open")
_RIGHT_AFTER = timedelta(hours=12)
"""How long a bare word still answers what was sent: the morning's digest is read at noon."""


def on_read(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """A press on 已阅; a second one changes nothing."""
    employee, owed = me(turn), owing_in(turn, arguments)
    if employee is None or owed is None:
        return no_such(turn)
    key = _confirm(turn, owed, employee)
    if turn.inbound.in_group:
        return [Reply("", toast=turn.words(key))]
    return [_told(turn, owed, key)]


def on_slip(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """点错了: as if it had not been pressed, for ten minutes and by whoever pressed."""
    employee, owed = me(turn), owing_in(turn, arguments)
    if employee is None or owed is None:
        return no_such(turn)
    undone = take_back_read(turn.session, owed.assignment, by=employee, now=turn.now)
    key = "duties.slip_undone" if undone else "duties.slip_over"
    return [_told(turn, owed, key)]


def on_plain_answer(turn: Turn) -> list[Reply] | None:
    """收到, 已阅 or 1, as the answer to what we sent last; None where it may mean anything else."""
    text = turn.inbound.text
    if turn.dialogue.flow or len(text) > _LONGEST:
        return None
    word = "".join(filter(str.isalnum, normalise(text).text))
    employee = me(turn) if word in turn.words("duties.words_read").split() else None
    if employee is None or not _was_told_of_duties(turn):
        return None
    readings = open_readings(turn.session, employee, now=turn.now)
    if not readings:
        return None
    if len(readings) == 1:
        return [_told(turn, readings[0], _confirm(turn, readings[0], employee))]
    rows = [
        (Choice(turn.words("duties.read_this", title=one.occurrence.title), f"due:read:{one.occurrence.id}"),)
        for one in readings[:8]
    ]
    return [turn.reply("duties.which_read", rows)]


def _confirm(turn: Turn, owed: Owing, employee: Employee) -> str:
    if owed.occurrence.stage is OccurrenceStage.STOPPED:
        return "duties.stopped"
    if not confirm_read(turn.session, owed.assignment, by=employee, now=turn.now):
        return "duties.read_before"
    return "duties.read_late" if owed.assignment.late else "duties.read_done"


def _told(turn: Turn, owed: Owing, key: str) -> Reply:
    shown = duty_view(turn, owed, turn.words(key))
    return Reply(shown.text, shown.choices, edits=shown.edits, toast=turn.words(key))


def _was_told_of_duties(turn: Turn) -> bool:
    """Whether the last thing that came to this chat unasked was about duties, and not long ago."""
    last = turn.session.exec(
        select(Letter)
        .where(Letter.chat == turn.chat, col(Letter.inbox_id).is_(None), Letter.state == State.SENT)
        .order_by(col(Letter.id).desc())
        .limit(1)
    ).first()
    return (
        last is not None
        and last.notice in _TELL_OF_DUTIES
        and last.settled_at is not None
        and turn.now - last.settled_at <= _RIGHT_AFTER
    )
