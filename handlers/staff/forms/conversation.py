"""承诺书 and self-checks: read piece by piece, answered question by question, confirmed or signed.

Where somebody is stands in a table, not in the dialogue: an unfinished form goes on after any stop.
"""

from collections.abc import Callable, Sequence

from handlers.staff.duties.finding import me, no_such, number_in, owing_in, sent_to_private
from handlers.staff.duties.view import duty_view
from handlers.staff.forms.answers import picked
from handlers.staff.forms.filling import Filling, filled, form_of
from handlers.staff.forms.signers import on_signers
from handlers.staff.forms.steps import (
    ASK,
    CHECK,
    READ,
    before,
    following,
)
from handlers.staff.forms.views import signed_view
from handlers.staff.leaving_off import meant_for_others, tells_of_others
from handlers.triage.form import form_in
from handlers.triage.forms import leave_form
from handlers.turn import Turn
from nlp.commands import Command, find_command
from storage.duties.book import Proof
from storage.duties.completing import complete
from storage.duties.mine import owing
from storage.duties.occurrences import OccurrenceStage
from storage.duties.promises import begin_promise, promise_of
from storage.messages import Reply
from storage.outbox import announce


def on_form_choice(turn: Turn, argument: str) -> list[Reply]:
    """A button `fill:VERB:OCCURRENCE:STEP…`; in a group it goes on in the private chat."""
    verb, *arguments = argument.split(":")
    if turn.inbound.in_group:
        return _on_group_press(turn, verb, arguments)
    left = leave_form(turn) if form_in(turn.dialogue) is not None else []
    if verb == "list":
        return [*left, *on_signers(turn, arguments)]
    step = _STEPS.get(verb, _on_begin)
    return [*left, *step(turn, arguments)]


def on_form_words(turn: Turn) -> list[Reply] | None:
    """What is typed while a form is filled in; None for what is meant for other conversations."""
    employee = me(turn)
    owed = owing(turn.session, int(turn.dialogue.data.get("occurrence") or 0), employee)
    if employee is None or owed is None or meant_for_others(turn):
        return None
    filling = filled(turn, owed, employee)
    if filling is None:
        turn.dialogue.clear()
        return [duty_view(turn, owed, turn.words("forms.gone"))]
    if find_command(turn.inbound.text) is Command.BACK and not turn.inbound.files:
        turn.dialogue.clear()
        return [duty_view(turn, owed, turn.words("forms.paused"))]
    if filling.wants_a_button and tells_of_others(turn):
        return None
    return filling.hear(turn.inbound.text.strip())


def _on_begin(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """填写: from the beginning, or where it was left; what is signed is shown."""
    employee, owed = me(turn), owing_in(turn, arguments)
    if employee is None or owed is None or owed.occurrence.proof is not Proof.FORM:
        return no_such(turn)
    signed = promise_of(turn.session, owed.occurrence.id or 0, employee)
    if signed is not None and signed.signed_at is not None and not owed.is_open:
        turn.dialogue.clear()
        return [signed_view(turn, signed)]
    form = form_of(turn, owed)
    if form is None or not owed.is_open:
        turn.dialogue.clear()
        return [duty_view(turn, owed, turn.words("forms.gone") if form is None else "")]
    if signed is not None and signed.signed_at is not None:  # signed before it was owed again
        complete(turn.session, owed.assignment, by=employee, now=turn.now)
        return [signed_view(turn, signed)]
    vault, now = turn.house.vault, turn.now
    promise, anew = begin_promise(turn.session, owed.occurrence.id or 0, employee, form, vault=vault, now=now)
    news = "forms.changed" if anew else "forms.goes_on" if promise.step else ""
    return Filling(turn, owed, employee, form, promise).show(turn.words(news) if news else "")


def _on_go(turn: Turn, filling: Filling, _rest: Sequence[str]) -> list[Reply]:
    if filling.step.kind != READ:
        return filling.show()
    return filling.move(following(filling.form, filling.step, filling.answers))


def _on_pick(turn: Turn, filling: Filling, rest: Sequence[str]) -> list[Reply]:
    question = filling.step.question
    answer = picked(rest[0] if rest else "", question) if question and filling.step.kind == ASK else None
    if question is None or answer is None:
        return filling.show()
    return filling.answer(question.key, answer)


def _on_back(turn: Turn, filling: Filling, _rest: Sequence[str]) -> list[Reply]:
    return filling.move(before(filling.form, filling.step, filling.answers))


def _at_step(
    act: Callable[[Turn, Filling, Sequence[str]], list[Reply]],
) -> Callable[[Turn, Sequence[str]], list[Reply]]:
    """A button of one step; one of another step only shows what is asked now."""

    def on_step(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
        employee, owed = me(turn), owing_in(turn, arguments)
        filling = filled(turn, owed, employee) if owed is not None and employee is not None else None
        if filling is None:
            return _on_begin(turn, arguments)
        if number_in(arguments, 1) != filling.step.number:
            return filling.show()
        return act(turn, filling, arguments[2:])

    return on_step


def _on_send(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """确认提交, of a form without a signature."""
    employee, owed = me(turn), owing_in(turn, arguments)
    filling = filled(turn, owed, employee) if owed is not None and employee is not None else None
    if filling is None:
        return _on_begin(turn, arguments)
    return filling.finish("") if filling.step.kind == CHECK and not filling.form.sign else filling.show()


def _on_pause(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    owed = owing_in(turn, arguments)
    turn.dialogue.clear()
    return no_such(turn) if owed is None else [duty_view(turn, owed, turn.words("forms.paused"))]


def _on_group_press(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    owed = owing_in(turn, arguments)
    if verb != "begin":
        return [Reply("", toast=turn.words("triage.only_private"))]
    if owed is None or owed.occurrence.stage is OccurrenceStage.STOPPED:
        return no_such(turn)
    audience = f"member:{turn.officer.id}"
    announce(turn.session, audience, "due.open", now=turn.now, occurrence=owed.occurrence.id)
    return sent_to_private(turn)


_STEPS: dict[str, Callable[[Turn, Sequence[str]], list[Reply]]] = {
    "begin": _on_begin,
    "go": _at_step(_on_go),
    "pick": _at_step(_on_pick),
    "back": _at_step(_on_back),
    "send": _on_send,
    "pause": _on_pause,
}
