"""When a conversation fails in an unforeseen way, what the person wrote is kept all the same."""

from handlers.crisis import crisis_of, help_reply
from handlers.turn import Turn
from nlp.commands import find_receipt
from nlp.reading import Verdict
from nlp.taxonomy import Intent
from storage.intake import open_case
from storage.messages import Reply
from storage.receipts import spaced
from storage.routing import Routing


def on_unopened(turn: Turn) -> list[Reply]:
    """Something sealed that was needed does not open: said as it is, since trying again helps nobody.

    What a reporter said is kept all the same; a receipt code is nothing to keep.
    """
    if turn.member is not None:
        return keep_anyway(turn, otherwise="menu.unopened")
    if find_receipt(turn.inbound.text) and not turn.inbound.files:
        return [turn.reply("menu.unopened_reporter")]
    return keep_anyway(turn, otherwise="menu.unopened_reporter")


def keep_anyway(turn: Turn, *, otherwise: str = "menu.error") -> list[Reply]:
    """Words and files become a sealed case for supervisors, since nobody could read whom they accuse.

    A pressed button or an officer's words carry no report: there one sentence, `otherwise`, asks to try
    again.
    """
    worth_keeping = turn.inbound.text or turn.inbound.files
    danger = crisis_of(turn)
    help_first = [help_reply(turn, danger)] if danger is not None else []
    if (
        turn.inbound.choice is not None
        or turn.member is not None
        or turn.inbound.in_group
        or not worth_keeping
    ):
        return [*help_first, turn.reply(otherwise)]
    opened = open_case(
        turn.session,
        turn.inbound.text,
        verdict=Verdict(Intent.REPORT, urgent=danger is not None, unsure=True),
        routing=Routing(lead=turn.house.hospital.discipline_office, sealed=True, why=("unread",)),
        files=turn.inbound.files,
        house=turn.house,
        now=turn.now,
    )
    turn.dialogue.clear()
    return [*help_first, turn.reply("menu.kept_anyway", code=spaced(opened.code))]
