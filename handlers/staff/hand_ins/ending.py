"""The questions of how a hand-in ends, one a message, and what was answered so far in the dialogue alone."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from handlers.staff.hand_ins.views import Rows, button
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.hand_ins.rows import HandIn
from storage.messages import Reply

FLOW = "handin_end"
REFERENCE, PROOF, NOTE, SURE, REASON, MORE = "reference", "proof", "note", "summary", "reason", "more"
BEFORE = {PROOF: REFERENCE, NOTE: PROOF, SURE: NOTE}


@dataclass(slots=True)
class Ending:
    """What was told so far; `version` is the hand-in's when it began."""

    hand_in: int
    version: int
    way: str = ""
    reference: str = ""
    note: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    ticket: str = ""


def ask_ending(
    turn: Turn, row: HandIn, ending: Ending, step: str, *, before: str = "", edit: bool = False
) -> Reply:
    """The question of a step, which the dialogue stands at from here; `before` is said above it."""
    ending.ticket = secrets.token_hex(3) if step == SURE else ""
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.step, turn.dialogue.data = FLOW, step, asdict(ending)
    said = "\n\n".join(filter(None, [before, _question(turn, row, ending, step)]))
    edits = turn.inbound.pressed if edit else None
    return Reply(said, _rows(Sight.of(turn), row, ending, step), edits=edits)


def _question(turn: Turn, row: HandIn, ending: Ending, step: str) -> str:
    match step:
        case "reference":
            return turn.words(f"hand_in.ask_reference_{ending.way}")
        case "proof":
            count = len(ending.files)
            key = "proof_more" if count else "ask_proof"
            return turn.words(f"hand_in.{key}", count=count)
        case "note":
            return turn.words("hand_in.ask_note")
        case "reason":
            return turn.words("hand_in.ask_reason")
        case "more":
            return turn.words("hand_in.ask_more_proof")
    return turn.words(
        "hand_in.confirm_way", number=row.number, way=turn.words(f"hand_in.way_{ending.way}"),
        label=turn.words(f"hand_in.reference_{ending.way}"), reference=ending.reference,
        proofs=len(ending.files) or turn.words("hand_in.no_proof"),
        note=ending.note or turn.words("hand_in.no_note"),
    )  # fmt: skip


def _rows(sight: Sight, row: HandIn, ending: Ending, step: str) -> Rows:
    leave = button(sight, "leave", f"open:{row.id}")
    back = (button(sight, "back", "end:back"), leave) if step in BEFORE else (leave,)
    match step:
        case "proof":
            name = "done_photos" if ending.files else "no_proof"
            return ((button(sight, name, "end:skip"),), back)
        case "note":
            return ((button(sight, "no_note", "end:skip"),), back)
        case "summary":
            return ((button(sight, "confirm", f"end:{ending.ticket}"),), back)
    return (back,)
