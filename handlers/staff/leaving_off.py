"""What is said in the middle of a question of ours, and is meant for another conversation."""

from handlers.reading import read
from handlers.turn import Turn
from nlp.commands import Command, find_command
from nlp.taxonomy import Intent

_SHORTEST_REPORT = 8
_ELSEWHERE = frozenset(Command) - {Command.BACK}


def meant_for_others(turn: Turn) -> bool:
    """Whether the message is a command; the question is put away then, except where help was asked for."""
    text = turn.inbound.text
    if turn.inbound.files:
        return False
    command = find_command(text)
    if command not in _ELSEWHERE and not text.startswith("/"):
        return False
    if command is not Command.HELP:
        turn.dialogue.clear()
    return True


def tells_of_others(turn: Turn) -> bool:
    """Whether words at a question that wants a button are a report; the question is put away then.

    They are kept as anybody's words are, and not thrown away because something else was asked.
    """
    text = turn.inbound.text.strip()
    if turn.inbound.files or len(text) < _SHORTEST_REPORT:
        return False
    verdict = read(turn, text)
    if verdict.unsure or verdict.intent not in (Intent.REPORT, Intent.COMPLAINT):
        return False
    turn.dialogue.clear()
    return True
