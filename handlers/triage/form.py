"""A form that is being filled in: kept in the officer's dialogue between messages."""

import secrets
from dataclasses import asdict, dataclass, field

from handlers.triage.actions import Action
from handlers.triage.steps import Step, steps_for
from storage.dialogues import Dialogue

FLOW = "form"


@dataclass(slots=True)
class Form:
    """`version` is the case's when the form began; `ticket` belongs to the question asked last.

    `options` are the labels and values of the buttons shown, `labels` the words for what was picked.
    `copies` is how many others sent the same words, when it was counted.
    """

    action: Action
    case_id: int
    version: int
    step: str
    answers: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    options: list[list[str]] = field(default_factory=list)
    ticket: str = ""
    copies: int = 0

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps as far as they are known."""
        return steps_for(self.action, self.answers.get("outcome", ""), copies=self.copies > 0)

    @property
    def now_at(self) -> Step:
        """The step that waits for an answer."""
        return next(step for step in self.steps if step.name == self.step)

    def following(self) -> Step | None:
        """The step after this one, or None at the end."""
        place = self.steps.index(self.now_at)
        return self.steps[place + 1] if place + 1 < len(self.steps) else None

    def last_text(self) -> str:
        """What was typed last: it is given back where it could not be used."""
        typed = [self.answers.get(step.name, "") for step in self.steps if step.kind == "text"]
        return next(filter(None, reversed(typed)), "")


def form_in(dialogue: Dialogue) -> Form | None:
    """The form that is open in a dialogue."""
    if dialogue.flow != FLOW or dialogue.case_id is None:
        return None
    fields = dict(dialogue.data)
    return Form(Action(fields.pop("action")), dialogue.case_id, step=dialogue.step, **fields)


def keep_form(form: Form, dialogue: Dialogue) -> None:
    """Keeps the form, with a new ticket: buttons of earlier questions are stale from here."""
    form.ticket = secrets.token_hex(3)
    fields = asdict(form)
    dialogue.flow, dialogue.step, dialogue.case_id = FLOW, fields.pop("step"), fields.pop("case_id")
    dialogue.data = fields
