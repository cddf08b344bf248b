"""Telling of an envelope: what is pressed and typed at each step; any step can be taken back."""

from collections.abc import Sequence

from handlers.staff.hand_ins.answers import TYPED, pressed, skipped
from handlers.staff.hand_ins.asking import ask, ways_out
from handlers.staff.hand_ins.draft import (
    HOW,
    PATIENT,
    PHOTO,
    SURE,
    YUAN,
    Draft,
    draft_in,
    step_before,
)
from handlers.staff.hand_ins.sending import send
from handlers.staff.leaving_off import tells_of_others
from handlers.turn import Turn
from nlp.commands import Answer, Command, find_answer, find_command
from storage.messages import Reply


def begin(turn: Turn) -> list[Reply]:
    """By name or anonymously? With that it begins."""
    return [ask(turn, Draft(began=turn.now.isoformat()), HOW)]


def on_step_choice(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """A button of a step; one of a step that is over shows the step that is open."""
    draft = draft_in(turn)
    if draft is None:
        return [turn.reply("hand_in.gone", (ways_out(turn),), toast=turn.words("hand_in.stale"))]
    if verb == "cancel":
        turn.dialogue.clear()
        return [turn.reply("hand_in.cancelled", (ways_out(turn),), edit=True)]
    if verb == "back":
        return [_back(turn, draft)]
    step, argument = turn.dialogue.step, arguments[0] if arguments else ""
    if verb == "sure" and step == SURE and argument and argument == draft.ticket:
        return send(turn, draft)
    taken = pressed(turn, draft, step, verb, argument)
    if taken is None:
        return [ask(turn, draft, step, before=turn.words("hand_in.stale"))]
    return taken


def on_step_words(turn: Turn) -> list[Reply] | None:
    """What is typed or sent at a step; None for a report where nothing was told yet."""
    draft = draft_in(turn)
    if draft is None:
        turn.dialogue.clear()
        return [turn.reply("hand_in.gone", (ways_out(turn),))]
    step, text = turn.dialogue.step, turn.inbound.text.strip()
    command = find_command(text) if not turn.inbound.files else None
    if command is Command.WITHDRAW or text in turn.words("hand_in.words_cancel").split():
        turn.dialogue.clear()
        return [turn.reply("hand_in.cancelled", (ways_out(turn),))]
    if command is Command.BACK or text == turn.words("hand_in.back"):
        return [_back(turn, draft)]
    if turn.inbound.files and step != PHOTO:
        return [ask(turn, draft, step, before=turn.words("hand_in.what_no_file"))]
    if step == HOW and tells_of_others(turn):
        return None
    if find_answer(text) is Answer.SKIP and step in (YUAN, PATIENT, PHOTO):
        return skipped(turn, draft, step)
    return TYPED[step](turn, draft, text)


def _back(turn: Turn, draft: Draft) -> Reply:
    before = step_before(turn.dialogue.step)
    if before is None:
        turn.dialogue.clear()
        return turn.reply("hand_in.cancelled", (ways_out(turn),))
    if before == PHOTO:
        draft.files = []
    return ask(turn, draft, before, edit=True)
