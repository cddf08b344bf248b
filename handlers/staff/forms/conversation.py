"""承诺书 and self-checks: read piece by piece, answered question by question, confirmed or signed.

Where somebody is stands in a table, not in the dialogue: an unfinished form goes on after any stop.
"""

from collections.abc import Callable, Sequence
from datetime import date

from handlers.staff.duties.finding import me, no_such, number_in, owing_in, sent_to_private
from handlers.staff.duties.view import duty_of, duty_view
from handlers.staff.forms.answers import LONGEST, answer_in, is_same_name, picked
from handlers.staff.forms.signers import on_signers
from handlers.staff.forms.steps import (
    ASK,
    CHECK,
    READ,
    WHY,
    Step,
    admits,
    before,
    following,
    is_needed,
    step_called,
    why_key,
)
from handlers.staff.forms.views import signed_view, step_view
from handlers.staff.leaving_off import meant_for_others, tells_of_others
from handlers.triage.form import form_in
from handlers.triage.forms import leave_form
from handlers.turn import Turn
from nlp.commands import Command, find_command
from storage.duties.book import Form, Proof
from storage.duties.completing import complete
from storage.duties.mine import Owing, owing
from storage.duties.occurrences import OccurrenceStage
from storage.duties.promises import Promise, answers_in, begin_promise, keep_answers, promise_of, sign
from storage.errors import SealError
from storage.event_names import EventName
from storage.events import record_event
from storage.messages import Choice, Reply
from storage.outbox import announce
from storage.staff.employees import Employee, open_sealed

FLOW = "staff_form"


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
    filled = _filled(turn, owed, employee)
    if filled is None:
        turn.dialogue.clear()
        return [duty_view(turn, owed, turn.words("forms.gone"))]
    if find_command(turn.inbound.text) is Command.BACK and not turn.inbound.files:
        turn.dialogue.clear()
        return [duty_view(turn, owed, turn.words("forms.paused"))]
    if filled.wants_a_button and tells_of_others(turn):
        return None
    return filled.hear(turn.inbound.text.strip())


class _Filling:
    """One person at one form; raises SealError where what they answered does not open."""

    def __init__(self, turn: Turn, owed: Owing, employee: Employee, form: Form, promise: Promise) -> None:
        self.turn, self.owed, self.employee = turn, owed, employee
        self.form, self.promise = form, promise
        self.answers = answers_in(promise, vault=turn.house.vault)
        self.step = step_called(form, promise.step)
        if not is_needed(self.step, self.answers):
            self.step = following(form, self.step, self.answers)

    def show(self, news: str = "") -> list[Reply]:
        """What is asked now; whatever is typed next answers it."""
        dialogue = self.turn.dialogue
        dialogue.clear()
        dialogue.flow, dialogue.data = FLOW, {"occurrence": self.owed.occurrence.id}
        return [step_view(self.turn, self.owed, self.form, self.step, self.answers, news)]

    def move(self, step: Step) -> list[Reply]:
        """Goes to a step and keeps that."""
        self.step = step
        vault = self.turn.house.vault
        keep_answers(self.turn.session, self.promise, self.answers, step.name, vault=vault)
        return self.show()

    def answer(self, key: str, words: str) -> list[Reply]:
        """Keeps one answer and asks the next."""
        self.answers[key] = words
        return self.move(following(self.form, self.step, self.answers))

    @property
    def wants_a_button(self) -> bool:
        """Whether words answer nothing here, but for a name that is signed with."""
        return self.step.question is None

    def hear(self, text: str) -> list[Reply]:
        """What was typed, taken for what is asked now."""
        question = self.step.question
        if self.turn.inbound.files:
            return self.show(self.turn.words("forms.no_files"))
        if self.step.kind == READ:
            return self.show(self.turn.words("forms.press_go"))
        if self.step.kind == WHY and question is not None:
            good = any(map(str.isalnum, text)) and len(text) <= LONGEST
            return self.answer(why_key(question), text) if good else self._again("text")
        if self.step.kind == ASK and question is not None:
            answer = answer_in(text, question, self._today())
            return self.answer(question.key, answer) if answer is not None else self._again(question.kind)
        return self._sign(text) if self.form.sign else self.show(self.turn.words("forms.press_send"))

    def finish(self, signature: str) -> list[Reply]:
        """Confirmed: it counts, and stays as it is."""
        turn, occurrence = self.turn, self.owed.occurrence
        sign(turn.session, self.promise, signature, vault=turn.house.vault, now=turn.now)
        complete(turn.session, self.owed.assignment, by=self.employee, now=turn.now)
        record_event(
            turn.session,
            f"member:{turn.officer.id}",
            EventName.SIGNED,
            now=turn.now,
            occurrence=occurrence.id,
        )
        turn.dialogue.clear()
        shown = duty_view(turn, self.owed, turn.words("forms.done"))
        replies = [Reply(shown.text, shown.choices, edits=shown.edits, toast=turn.words("forms.done"))]
        if admits(self.form, self.answers):
            rows = ((Choice(turn.words("forms.hand_in"), "handin:begin"),),)
            replies.append(turn.reply("forms.admits", rows))
        return replies

    def _sign(self, text: str) -> list[Reply]:
        try:
            name = open_sealed(self.employee, "name", vault=self.turn.house.vault)
        except SealError:
            return self.show(self.turn.words("forms.name_unopened"))
        if not is_same_name(text, name):
            return self.show(self.turn.words("forms.other_name"))
        return self.finish(name)

    def _again(self, kind: str) -> list[Reply]:
        return self.show(self.turn.words(f"forms.again_{kind}", most=LONGEST))

    def _today(self) -> date:
        return self.turn.house.local_day(self.turn.now)


def _on_begin(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """填写: from the beginning, or where it was left; what is signed is shown."""
    employee, owed = me(turn), owing_in(turn, arguments)
    if employee is None or owed is None or owed.occurrence.proof is not Proof.FORM:
        return no_such(turn)
    signed = promise_of(turn.session, owed.occurrence.id or 0, employee)
    if signed is not None and signed.signed_at is not None and not owed.is_open:
        turn.dialogue.clear()
        return [signed_view(turn, signed)]
    form = _form_of(turn, owed)
    if form is None or not owed.is_open:
        turn.dialogue.clear()
        return [duty_view(turn, owed, turn.words("forms.gone") if form is None else "")]
    if signed is not None and signed.signed_at is not None:  # signed before it was owed again
        complete(turn.session, owed.assignment, by=employee, now=turn.now)
        return [signed_view(turn, signed)]
    vault, now = turn.house.vault, turn.now
    promise, anew = begin_promise(turn.session, owed.occurrence.id or 0, employee, form, vault=vault, now=now)
    news = "forms.changed" if anew else "forms.goes_on" if promise.step else ""
    return _Filling(turn, owed, employee, form, promise).show(turn.words(news) if news else "")


def _on_go(turn: Turn, filling: _Filling, _rest: Sequence[str]) -> list[Reply]:
    if filling.step.kind != READ:
        return filling.show()
    return filling.move(following(filling.form, filling.step, filling.answers))


def _on_pick(turn: Turn, filling: _Filling, rest: Sequence[str]) -> list[Reply]:
    question = filling.step.question
    answer = picked(rest[0] if rest else "", question) if question and filling.step.kind == ASK else None
    if question is None or answer is None:
        return filling.show()
    return filling.answer(question.key, answer)


def _on_back(turn: Turn, filling: _Filling, _rest: Sequence[str]) -> list[Reply]:
    return filling.move(before(filling.form, filling.step, filling.answers))


def _at_step(
    act: Callable[[Turn, _Filling, Sequence[str]], list[Reply]],
) -> Callable[[Turn, Sequence[str]], list[Reply]]:
    """A button of one step; one of another step only shows what is asked now."""

    def on_step(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
        employee, owed = me(turn), owing_in(turn, arguments)
        filling = _filled(turn, owed, employee) if owed is not None and employee is not None else None
        if filling is None:
            return _on_begin(turn, arguments)
        if number_in(arguments, 1) != filling.step.number:
            return filling.show()
        return act(turn, filling, arguments[2:])

    return on_step


def _on_send(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """确认提交, of a form without a signature."""
    employee, owed = me(turn), owing_in(turn, arguments)
    filling = _filled(turn, owed, employee) if owed is not None and employee is not None else None
    if filling is None:
        return _on_begin(turn, arguments)
    return filling.finish("") if filling.step.kind == CHECK and not filling.form.sign else filling.show()


def _on_pause(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    owed = owing_in(turn, arguments)
    turn.dialogue.clear()
    return no_such(turn) if owed is None else [duty_view(turn, owed, turn.words("forms.paused"))]


def _filled(turn: Turn, owed: Owing, employee: Employee) -> _Filling | None:
    """What somebody began to fill in, if it is still owed and the form is still the same."""
    form = _form_of(turn, owed) if owed.is_open else None
    if form is None or promise_of(turn.session, owed.occurrence.id or 0, employee) is None:
        return None
    vault, now = turn.house.vault, turn.now
    promise, anew = begin_promise(turn.session, owed.occurrence.id or 0, employee, form, vault=vault, now=now)
    return None if anew or promise.signed_at else _Filling(turn, owed, employee, form, promise)


def _form_of(turn: Turn, owed: Owing) -> Form | None:
    duty = duty_of(turn, owed.occurrence)
    return turn.house.duties.forms_by_key.get(duty.form) if duty is not None else None


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
