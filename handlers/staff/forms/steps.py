"""The steps of a form, one after another: its text in pieces, its questions, the summary."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.duties.book import Form, FormKind, FormQuestion

_PIECE = 500
"""Characters of a piece of text: about one screen of a phone."""
READ, ASK, WHY, CHECK = "read", "ask", "why", "check"
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Step:
    """`number` counts all steps of the form; `piece` is text to read, `question` what is asked."""

    kind: str
    number: int
    piece: str = ""
    question: FormQuestion | None = None

    @property
    def name(self) -> str:
        """What stays the same while the form does."""
        key = self.question.key if self.question is not None else ""
        return f"{self.kind}:{key or self.number}"


def steps_of(form: Form) -> tuple[Step, ...]:
    """Every step a form can have, in order."""
    steps: list[Step] = []
    for piece in pieces_of(form.text):
        steps.append(Step(READ, len(steps), piece=piece))
    for question in form.questions:
        steps.append(Step(ASK, len(steps), question=question))
        if question.explain:
            steps.append(Step(WHY, len(steps), question=question))
    return (*steps, Step(CHECK, len(steps)))


def is_needed(step: Step, answers: Mapping[str, str]) -> bool:
    """Whether it is asked at all: an explanation only after a yes."""
    if step.kind != WHY or step.question is None:
        return True
    return answers.get(step.question.key) == YES


def following(form: Form, step: Step, answers: Mapping[str, str]) -> Step:
    """The next step; the last one stays."""
    rest = [one for one in steps_of(form)[step.number + 1 :] if is_needed(one, answers)]
    return rest[0] if rest else step


def before(form: Form, step: Step, answers: Mapping[str, str]) -> Step:
    """The step before; the first one stays."""
    rest = [one for one in steps_of(form)[: step.number] if is_needed(one, answers)]
    return rest[-1] if rest else step


def step_called(form: Form, name: str) -> Step:
    """The step of this name; the first one where there is none."""
    steps = steps_of(form)
    return next((one for one in steps if one.name == name), steps[0])


def admits(form: Form, answers: Mapping[str, str]) -> bool:
    """Whether something was found in a self-check: a yes that is to be explained."""
    asked = (one for one in form.questions if one.kind is FormKind.YES_NO and one.explain)
    return any(answers.get(one.key) == YES for one in asked)


def why_key(question: FormQuestion) -> str:
    """Under which key an explanation is kept."""
    return f"{question.key}.why"


def pieces_of(text: str) -> list[str]:
    """A text in pieces of about a screen, parted between lines where that goes."""
    pieces: list[str] = []
    for line in text.strip().split("\n"):
        parts = [line[start : start + _PIECE] for start in range(0, len(line), _PIECE)] or [""]
        for part in parts:
            if pieces and len(pieces[-1]) + len(part) < _PIECE:
                pieces[-1] += f"\n{part}"
            else:
                pieces.append(part)
    return [piece.strip() for piece in pieces if piece.strip()]
