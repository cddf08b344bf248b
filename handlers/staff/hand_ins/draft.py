"""A hand-in that is being told: what was said so far, and the step it is at, in the dialogue alone."""

import secrets
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from handlers.turn import Turn
from storage.dialogues import Dialogue
from storage.hand_ins.rows import Given
from storage.messages import StoredFile

FLOW = "handin"
HOW, WHAT, YUAN, DAY, WARD, PATIENT, HANDED, PHOTO, SURE = (
    "how", "what", "yuan", "day", "ward", "patient", "handed", "photo", "summary",
)  # fmt: skip
STEPS = (HOW, WHAT, YUAN, DAY, WARD, PATIENT, HANDED, PHOTO, SURE)
BRING, BACK = "bring", "back"
"""What `handed` is where it was pressed: will be brought to the office, went back to the patient."""
MOST_PHOTOS = 5


@dataclass(slots=True)
class Draft:
    """`yuan` is a decimal number as text, "?" while it has to be asked for; `day` an ISO date.

    `ticket` belongs to the summary shown last: no older one can be sent. `began` is when it was begun (ISO).
    """

    anonymous: bool = False
    what: str = ""
    yuan: str = ""
    thing: bool = False
    day: str = ""
    ward: str = ""
    patient: str = ""
    handed: str = ""
    handed_key: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    ticket: str = ""
    began: str = ""

    @property
    def given(self) -> Given:
        """As it is kept."""
        yuan = Decimal(self.yuan) if self.yuan not in ("", "?") else None
        return Given(self.what, yuan, self.thing, self.ward, self.patient, self.handed)

    @property
    def received_on(self) -> date:
        """The local day on which it was received."""
        return date.fromisoformat(self.day)

    @property
    def stored(self) -> tuple[StoredFile, ...]:
        """The photos."""
        return tuple(StoredFile(**one) for one in self.files)


def draft_in(turn: Turn) -> Draft | None:
    """The hand-in that is being told here, if there is one."""
    if turn.dialogue.flow != FLOW or turn.dialogue.step not in STEPS:
        return None
    return Draft(**turn.dialogue.data)


def keep_draft(dialogue: Dialogue, draft: Draft, step: str) -> None:
    """Keeps it at a step; a summary gets a new ticket."""
    draft.ticket = secrets.token_hex(3) if step == SURE else ""
    dialogue.clear()
    dialogue.flow, dialogue.step, dialogue.data = FLOW, step, asdict(draft)


def step_after(draft: Draft, step: str) -> str:
    """The next step; the amount is asked for only where it could not be read."""
    following = STEPS[STEPS.index(step) + 1]
    return step_after(draft, following) if following == YUAN and draft.yuan != "?" else following


def step_before(step: str) -> str | None:
    """The step before, None before the first; the amount is told anew with the thing."""
    place = STEPS.index(step)
    if place == 0:
        return None
    before = STEPS[place - 1]
    return WHAT if before == YUAN else before
