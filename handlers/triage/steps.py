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
    """One question of a form; `most` in characters, `only_for` the outcome it belongs to.

    With `with_copies` it is asked where others sent the same words.
    """

    name: str
    kind: StepKind = StepKind.TEXT
    most: int = 1000
    optional: bool = False
    only_for: Outcome | None = None
    with_copies: bool = False


_PREVIEW = Step("preview", StepKind.CONFIRM)
_COPIES = Step("copies", StepKind.PICK, with_copies=True)

FORMS: dict[Action, tuple[Step, ...]] = {
    Action.TRANSFER: (Step("office", StepKind.PICK), Step("reason")),
    Action.REFUSE: (Step("reason"), _COPIES, _PREVIEW),
    Action.ASK: (Step("question"),),
    Action.NOTE: (Step("note", most=2000),),
    Action.CLOSE: (
        Step("outcome", StepKind.PICK),
        Step("referred_to", most=100, only_for=Outcome.REFERRED),
        Step("duplicate_of", StepKind.NUMBER, only_for=Outcome.DUPLICATE),
        Step("disposition", optional=True),
        Step("answer", most=2000),
        _COPIES,
        _PREVIEW,
    ),
    Action.REOPEN: (Step("reason"),),
    Action.ASSIGN: (Step("colleague", StepKind.PICK),),
    Action.RECUSE: (Step("reason", most=200, optional=True), _PREVIEW),
    Action.RECUSE_OTHER: (
        Step("whom", StepKind.PICK),
        Step("reason", most=200, optional=True),
        _PREVIEW,
    ),
    Action.LIFT: (Step("recused", StepKind.PICK),),
    Action.HOLD: (Step("reason", most=500),),
    Action.UNHOLD: (Step("reason", most=500),),
}

CLOSINGS = (
    Outcome.SUBSTANTIATED,
    Outcome.UNSUBSTANTIATED,
    Outcome.INSUFFICIENT_EVIDENCE,
    Outcome.REFERRED,
    Outcome.DUPLICATE,
)
"""Outcomes an officer chooses from; the others come from steps of their own."""


def steps_for(action: Action, outcome: str, *, copies: bool = False) -> tuple[Step, ...]:
    """The steps of a form, given the outcome chosen so far and whether others sent the same words."""
    fitting = (step for step in FORMS[action] if step.only_for is None or step.only_for == outcome)
    return tuple(step for step in fitting if copies or not step.with_copies)
