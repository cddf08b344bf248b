"""The forms behind the buttons, as data: which steps an action asks for, and in which order."""

from dataclasses import dataclass
from enum import StrEnum

from handlers.triage.actions import Action
from storage.cases import Outcome


class StepKind(StrEnum):
    """TEXT is typed, PICK pressed, NUMBER names another case, CONFIRM shows what will be sent."""

    TEXT = "text"
    PICK = "pick"
    NUMBER = "number"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Step:
    """One question of a form; `most` in characters, `only_for` the outcome it belongs to."""

    name: str
    kind: StepKind = StepKind.TEXT
    most: int = 1000
    optional: bool = False
    only_for: Outcome | None = None


_PREVIEW = Step("preview", StepKind.CONFIRM)

FORMS: dict[Action, tuple[Step, ...]] = {
    Action.TRANSFER: (Step("office", StepKind.PICK), Step("reason")),
    Action.REFUSE: (Step("reason"), _PREVIEW),
    Action.ASK: (Step("question"),),
    Action.NOTE: (Step("note", most=2000),),
    Action.CLOSE: (
        Step("outcome", StepKind.PICK),
        Step("referred_to", most=100, only_for=Outcome.REFERRED),
        Step("duplicate_of", StepKind.NUMBER, only_for=Outcome.DUPLICATE),
        Step("disposition", optional=True),
        Step("answer", most=2000),
        _PREVIEW,
    ),
    Action.REOPEN: (Step("reason"),),
    Action.ASSIGN: (Step("colleague", StepKind.PICK),),
}

CLOSINGS = (
    Outcome.SUBSTANTIATED,
    Outcome.UNSUBSTANTIATED,
    Outcome.INSUFFICIENT_EVIDENCE,
    Outcome.REFERRED,
    Outcome.DUPLICATE,
)
"""Outcomes an officer chooses from; the others come from steps of their own."""


def steps_for(action: Action, outcome: str) -> tuple[Step, ...]:
    """The steps of a form, given the outcome chosen so far."""
    return tuple(step for step in FORMS[action] if step.only_for is None or step.only_for == outcome)
