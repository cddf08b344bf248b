"""Finds the answer to what an officer typed: in a form, the name of a list, the number of a case."""

import re
from collections.abc import Callable
from functools import partial

from handlers.followup.satisfaction import on_figures_text
from handlers.triage.figures import on_figures
from handlers.triage.form import form_in
from handlers.triage.forms import cancel_form, leave_form, on_form_text
from handlers.triage.handover import on_handover
from handlers.triage.house import on_people
from handlers.triage.lists import list_reply
from handlers.triage.menu import help_reply, no_such_case, not_yours, officer_menu, on_duty
from handlers.triage.needs import NEEDS
from handlers.triage.showing import show_case
from handlers.turn import Turn
from nlp.commands import Command, find_command
from nlp.normalise import normalise
from storage.access import case_for
from storage.errors import NoSuchCase
from storage.lists import Listing
from storage.members import Right, may
from storage.messages import Reply
from storage.refusals import note_refusal

_NUMBER = re.compile(r"(?P<year>20\d\d)-(?P<long>\d{1,9})|#(?P<sharp>\d{1,9})号?|(?P<short>\d{1,9})号")
_LONGEST = 40
"""A message longer than this is neither a word nor a number."""


def on_officer_text(turn: Turn) -> list[Reply] | None:
    """The answer to words for a form, a list, a case or the menu; None where they are none of these."""
    if not turn.at_desk or turn.inbound.in_group:
        return None
    try:
        form = form_in(turn.dialogue)
        if form is None:
            return None if turn.inbound.files else _typed(turn, turn.inbound.text)
        match find_command(turn.inbound.text):
            case Command.BACK:
                return cancel_form(turn)
            case Command.HELP:
                return [*leave_form(turn), officer_menu(turn)]
        if turn.inbound.text.startswith("/") and (found := _listed(turn, turn.inbound.text)):
            return [*leave_form(turn), *found]
        return on_form_text(turn, form)
    except NoSuchCase:
        return no_such_case(turn)


def _typed(turn: Turn, text: str) -> list[Reply] | None:
    if found := _listed(turn, text):
        return found
    figures = on_figures_text(turn, text)
    if figures is not None:
        return figures or not_yours(turn)
    number = _case_number(text, loosely=not turn.dialogue.flow)
    if number is not None:
        return _on_number(turn, number)
    if not turn.dialogue.flow and find_command(text) in (Command.HELP, Command.BACK):
        return [officer_menu(turn)]
    return None


def _listed(turn: Turn, text: str) -> list[Reply] | None:
    """What a word such as 我的 or /mine asks for."""
    if len(text) > _LONGEST:
        return None
    word = normalise(text).text.strip().removeprefix("/").partition("@")[0]
    for wish, answer in _WORDS.items():
        if word in turn.words(f"desk.words_{wish}").split():
            need = NEEDS.get("list" if wish in set(Listing) else wish, Right.DESK)
            return answer(turn) if may(turn.officer, need) else not_yours(turn)
    return None


def _case_number(text: str, *, loosely: bool) -> str | None:
    """The case number a message consists of; `loosely` also 42号 and #42."""
    found = _NUMBER.fullmatch("".join(normalise(text[: _LONGEST + 1]).text.split()))
    return found.group() if found and (loosely or found["year"]) else None


def _on_number(turn: Turn, number: str) -> list[Reply]:
    case = case_for(turn.session, number, turn.officer, turn.house.hospital, now=turn.now)
    if "-" in number and int(number[:4]) != case.year:
        note_refusal(turn.session, turn.officer, "case", now=turn.now)
        raise NoSuchCase("no such case")
    return [show_case(turn, case)]


def _on_list_word(listing: Listing, turn: Turn) -> list[Reply]:
    return [list_reply(turn, listing)]


_WORDS: dict[str, Callable[[Turn], list[Reply]]] = {
    **{listing.value: partial(_on_list_word, listing) for listing in Listing},
    "duty_on": lambda turn: on_duty(turn, on=True),
    "duty_off": lambda turn: on_duty(turn, on=False),
    "handover": on_handover,
    "figures": on_figures,
    "people": on_people,
    "menu": lambda turn: [officer_menu(turn)],
    "help": lambda turn: [help_reply(turn)],
}
