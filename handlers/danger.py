"""Whether a message tells of danger that has to be met first, whatever is being asked."""

from handlers.crisis import crisis_of
from handlers.staff.entrance import FLOWS
from handlers.turn import Turn
from nlp.crisis import Crisis
from nlp.crisis_book import CrisisKind


def danger_in(turn: Turn) -> Crisis | None:
    """The danger somebody writes of; in what staff write for their work, to their own life alone.

    That is kept as anybody's words are, and not with what they were handing in under their name.
    """
    danger = crisis_of(turn)
    if danger is None or turn.member is None or turn.dialogue.flow not in FLOWS:
        return danger
    if danger.kind is not CrisisKind.SELF_HARM or danger.other:
        return None
    turn.dialogue.clear()
    return danger
