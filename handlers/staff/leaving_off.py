"""What is said in the middle of a question of ours, and is meant for another conversation."""

from handlers.turn import Turn
from nlp.commands import Command, find_command

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
