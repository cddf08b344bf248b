"""What staff owe: the list, one duty, and everything that can be pressed about it."""

from collections.abc import Callable, Sequence

from handlers.staff.duties import excusing, handing_in, more_time, received
from handlers.staff.duties.finding import looks_in, no_such, occurrence_in, owing_in, sent_to_private
from handlers.staff.duties.listing import duty_list
from handlers.staff.duties.reading_done import on_read, on_slip
from handlers.staff.duties.view import duty_view, overseer_view
from handlers.staff.quiz.material import material_reply
from handlers.triage.form import form_in
from handlers.triage.forms import leave_form
from handlers.turn import Turn
from nlp.normalise import normalise
from storage.duties.mine import owing
from storage.messages import Reply
from storage.outbox import announce
from storage.staff.employees import employee_of

DUTY_FLOWS: dict[str, Callable[[Turn], list[Reply] | None]] = {
    handing_in.FLOW: handing_in.on_submit_words,
    received.FLOW: received.on_back_words,
    more_time.FLOW: more_time.on_later_words,
}
_IN_GROUP = frozenset({"open", "submit", "later", "material"})
"""What goes on in the private chat of whoever pressed it in a group."""


def on_due_choice(turn: Turn, argument: str) -> list[Reply]:
    """A button `due:VERB:…`, in a private chat or a group."""
    verb, *arguments = argument.split(":")
    if turn.inbound.in_group:
        return _on_group_press(turn, verb, arguments)
    left = leave_form(turn) if form_in(turn.dialogue) is not None else []
    if turn.dialogue.flow in DUTY_FLOWS and verb not in ("finish", "read"):
        turn.dialogue.clear()  # what was put together is kept, and goes on when it is asked for again
    step = _STEPS.get(verb)
    return [*left, *(step(turn, arguments) if step is not None else [duty_list(turn)])]


def on_duty_words(turn: Turn) -> list[Reply] | None:
    """任务, 我的任务 or /任务; None for other words, and in the middle of something else."""
    word = normalise(turn.inbound.text).text.strip()
    slash = word.startswith("/")
    if word.removeprefix("/").partition("@")[0] not in turn.words("duties.words_list").split():
        return None
    if employee_of(turn.session, turn.member) is None or (turn.dialogue.flow and not slash):
        return None
    left = leave_form(turn) if form_in(turn.dialogue) is not None else []
    turn.dialogue.clear()
    return [*left, duty_list(turn, edit=False)]


def on_open(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """One duty, for who owes it, heads it or receives what is handed in for it."""
    owed = owing_in(turn, arguments)
    if owed is not None:
        return [duty_view(turn, owed)]
    occurrence = occurrence_in(turn, arguments)
    if occurrence is None or not looks_in(turn, occurrence):
        return no_such(turn)
    return [overseer_view(turn, occurrence)]


def on_material(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """看材料: the file that belongs to it."""
    owed, occurrence = owing_in(turn, arguments), occurrence_in(turn, arguments)
    if occurrence is None or (owed is None and not looks_in(turn, occurrence)):
        return no_such(turn)
    return material_reply(turn, occurrence)


def _on_list(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    return [duty_list(turn, arguments[0] if arguments else "0")]


def _on_group_press(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """已阅 counts for whoever pressed; for anything else they get it in their private chat."""
    if verb == "read":
        return on_read(turn, arguments)
    if verb not in _IN_GROUP:
        return [Reply("", toast=turn.words("triage.only_private"))]
    occurrence = occurrence_in(turn, arguments)
    employee = employee_of(turn.session, turn.member)
    if occurrence is None:
        return no_such(turn)
    if owing(turn.session, occurrence.id or 0, employee) is None and not looks_in(turn, occurrence):
        return no_such(turn)
    audience = f"member:{turn.officer.id}"
    announce(turn.session, audience, "due.open", now=turn.now, occurrence=occurrence.id)
    return sent_to_private(turn)


def _granted(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    return more_time.on_decision(turn, arguments, yes=True)


def _refused(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    return more_time.on_decision(turn, arguments, yes=False)


_STEPS: dict[str, Callable[[Turn, Sequence[str]], list[Reply]]] = {
    "list": _on_list,
    "open": on_open,
    "material": on_material,
    "read": on_read,
    "unread": on_slip,
    "submit": handing_in.on_submit,
    "finish": handing_in.on_finish,
    "drop": handing_in.on_drop,
    "withdraw": handing_in.on_withdraw,
    "heap": received.on_heap,
    "heaps": received.on_heaps,
    "see": received.on_see,
    "back": received.on_back,
    "later": more_time.on_later,
    "grant": _granted,
    "refuse": _refused,
    "people": excusing.on_people,
    "person": excusing.on_person,
    "excuse": excusing.on_excuse,
    "owe": excusing.on_owe,
}
