"""One person at one form: what is asked now, what an answer does, and the end of it."""

from datetime import date

from handlers.staff.duties.finding import duty_of
from handlers.staff.duties.view import duty_view
from handlers.staff.forms.answers import LONGEST, answer_in, is_same_name
from handlers.staff.forms.steps import (
    ASK,
    READ,
    WHY,
    Step,
    admits,
    following,
    is_needed,
    step_called,
    why_key,
)
from handlers.staff.forms.views import step_view
from handlers.turn import Turn
from storage.duties.book import Form
from storage.duties.completing import complete
from storage.duties.mine import Owing
from storage.duties.promises import Promise, answers_in, begin_promise, keep_answers, promise_of, sign
from storage.errors import SealError
from storage.event_names import EventName
from storage.events import record_event
from storage.messages import Choice, Reply
from storage.staff.employees import Employee, open_sealed

FLOW = "staff_form"


class Filling:
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


def filled(turn: Turn, owed: Owing, employee: Employee) -> Filling | None:
    """What somebody began to fill in, if it is still owed and the form is still the same."""
    form = form_of(turn, owed) if owed.is_open else None
    if form is None or promise_of(turn.session, owed.occurrence.id or 0, employee) is None:
        return None
    vault, now = turn.house.vault, turn.now
    promise, anew = begin_promise(turn.session, owed.occurrence.id or 0, employee, form, vault=vault, now=now)
    return None if anew or promise.signed_at else Filling(turn, owed, employee, form, promise)


def form_of(turn: Turn, owed: Owing) -> Form | None:
    """The form of the duty, if the book still has it."""
    duty = duty_of(turn, owed.occurrence)
    return turn.house.duties.forms_by_key.get(duty.form) if duty is not None else None
