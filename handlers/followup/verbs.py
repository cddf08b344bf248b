"""What a button beside the answers of a survey does, by the verb it sends back."""

from collections.abc import Callable

from handlers.followup import calling, clue, passing, stopping
from handlers.turn import Turn
from storage.followup.surveys import Survey
from storage.messages import Reply

VERBS: dict[str, Callable[[Turn, Survey, str], list[Reply]]] = {
    "-stop": stopping.on_stop,
    "-wrong": stopping.on_wrong,
    "-call": calling.on_call,
    "-again": calling.on_ask_again,
    "-nophone": calling.on_no_phone,
    "-pass": passing.on_pass,
    "-clue": clue.on_clue,
    "-name": clue.on_name,
    "-after": stopping.on_after,
    "-pause": stopping.on_pause,
}
