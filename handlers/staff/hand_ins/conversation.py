"""上交红包: finds what a button, a word or an answer about a hand-in is for."""

from handlers.staff.hand_ins.draft import FLOW
from handlers.staff.hand_ins.ending import FLOW as ENDING
from handlers.staff.hand_ins.mine import on_mine, on_own
from handlers.staff.hand_ins.office import listed, on_office_choice
from handlers.staff.hand_ins.settling import on_ending_choice, on_ending_words
from handlers.staff.hand_ins.telling import begin, on_step_choice, on_step_words
from handlers.staff.hand_ins.totals import on_totals
from handlers.triage.form import form_in
from handlers.triage.forms import leave_form
from handlers.turn import Turn
from nlp.normalise import normalise
from storage.hand_ins.access import may_take
from storage.messages import Reply

STEPS = frozenset({"by", "day", "here", "skip", "bring", "gaveback", "back", "cancel", "sure"})
OWN = frozenset({"one", "slip", "recall"})
OFFICE = frozenset({"list", "open", "got", "kept", "files", "way", "refuse", "proof", "case"})


def on_hand_in_choice(turn: Turn, argument: str) -> list[Reply]:
    """A button `handin:VERB[:…]`; in a group only what the office opens goes on, in a private chat."""
    verb, *arguments = argument.split(":")
    if turn.inbound.in_group and verb not in OFFICE | {"totals"}:
        return [Reply("", toast=turn.words("hand_in.begin_private"))]
    if verb == "end":
        found = on_ending_choice(turn, arguments[0] if arguments else "")
        return [turn.reply("hand_in.not_found")] if found is None else found
    if verb in STEPS:
        return on_step_choice(turn, verb, arguments)
    left = leave_form(turn) if form_in(turn.dialogue) is not None else []
    if turn.dialogue.flow == ENDING:  # an end that was begun is left
        turn.dialogue.clear()
    if verb in OFFICE:
        return [*left, *on_office_choice(turn, verb, arguments)]
    if verb == "totals":
        return [*left, *on_totals(turn, arguments)]
    if verb in OWN:
        return [*left, *on_own(turn, verb, arguments)]
    if verb == "mine":
        return [*left, *on_mine(turn)]
    return [*left, *begin(turn)]


def on_hand_in_words(turn: Turn) -> list[Reply] | None:
    """An answer to a question about a hand-in; None for what is none."""
    return on_ending_words(turn) if turn.dialogue.flow == ENDING else on_step_words(turn)


def on_hand_in_command(turn: Turn) -> list[Reply] | None:
    """上交, 我的上交, 上交办理, 上交统计, with or without a slash; None for other words.

    With a form of another matter open, only the words with a slash are heard.
    """
    word = normalise(turn.inbound.text).text.strip()
    forming = form_in(turn.dialogue) is not None
    if forming and not word.startswith("/"):
        return None
    wish = _wish(turn, word.removeprefix("/").partition("@")[0])
    if wish is None:
        return None
    left = leave_form(turn) if forming else []
    match wish:
        case "mine":
            return [*left, *on_mine(turn)]
        case "totals":
            return [*left, *on_totals(turn)]
        case "list" if may_take(turn.officer, turn.house):
            return [*left, listed(turn, "0")]
        case "list":
            return [*left, *on_office_choice(turn, "list", ())]
    return [*left, *begin(turn)]


def _wish(turn: Turn, word: str) -> str | None:
    for wish in ("begin", "mine", "list", "totals"):
        if word in turn.words(f"hand_in.words_{wish}").split():
            return wish
    return None


FLOWS = (FLOW, ENDING)
