"""Finds the answer to an officer's button, in a private chat or a group."""

from collections.abc import Callable, Sequence

from handlers.followup.satisfaction import on_figures_choice
from handlers.triage.actions import Action, allowed_actions
from handlers.triage.asking import ask
from handlers.triage.blocking import on_block, on_blocks
from handlers.triage.categories import ask_category, on_category
from handlers.triage.figures import on_figures
from handlers.triage.finishing import carry_out
from handlers.triage.form import form_in
from handlers.triage.forms import begin_form, leave_form, on_form_choice
from handlers.triage.handover import on_handover
from handlers.triage.house import on_people, on_shift
from handlers.triage.lists import list_reply
from handlers.triage.menu import no_such_case, not_yours, officer_menu, on_duty
from handlers.triage.more import on_more
from handlers.triage.needs import NEEDS
from handlers.triage.reading import on_copies, on_files, on_history, on_open, on_text, on_thread
from handlers.triage.showing import note_look, show_case, show_moved
from handlers.triage.steps import FORMS
from handlers.turn import Turn
from storage.access import case_for
from storage.errors import NoSuchCase
from storage.event_names import EventName
from storage.lists import Listing
from storage.members import Right, may
from storage.messages import Reply
from storage.outbox import announce
from storage.refusals import note_refusal
from storage.tallies import count_up

Wish = Callable[[Turn, Sequence[str]], list[Reply]]

_READING = ("open", "text", "thread", "history", "files", "copies", "more")
"""Buttons that only look at a case: an open form for the same case stays open."""


def on_officer_choice(turn: Turn, choice: str) -> list[Reply] | None:
    """The answer to a button of the officers', or None if the button is not one of them."""
    verb, *arguments = choice.split(":")
    if verb not in _WISHES:
        return None
    if not turn.at_desk:
        count_up(turn.session, EventName.STRANGERS, now=turn.now)
        said = turn.words("triage.members_only")
        return [Reply("" if turn.inbound.in_group else said, toast=said)]
    if turn.inbound.in_group:
        return _on_group_press(turn, verb, arguments)
    if not may(turn.officer, NEEDS.get(verb, Right.DESK)):
        note_refusal(turn.session, turn.officer, "action", now=turn.now, wish=verb)
        return not_yours(turn)
    try:
        return _WISHES[verb](turn, arguments) if verb == "form" else _outside_form(turn, verb, arguments)
    except NoSuchCase:
        return no_such_case(turn)


def _on_group_press(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """In a group nothing is shown: the case goes to the private chat of whoever pressed."""
    if verb != "open" or not arguments:
        return [Reply("", toast=turn.words("triage.only_private"))]
    try:
        case = case_for(turn.session, arguments[0], turn.officer, turn.house.hospital, now=turn.now)
    except NoSuchCase:
        return [Reply("", toast=turn.words("triage.no_such_case"))]
    note_look(turn, case)
    announce(turn.session, f"member:{turn.officer.id}", "case.view", case_id=case.id, now=turn.now)
    return [Reply("", toast=turn.words("triage.sent_to_you"))]


def _outside_form(turn: Turn, verb: str, arguments: Sequence[str]) -> list[Reply]:
    """A button that is not part of the open form: reading its case goes on, anything else leaves it."""
    form = form_in(turn.dialogue)
    if form is None:
        return _WISHES[verb](turn, arguments)
    if verb in _READING and arguments[:1] == [str(form.case_id)]:
        return [*_WISHES[verb](turn, arguments), ask(turn, form)]
    if verb == "do" and list(arguments) == [form.action.value, str(form.case_id), str(form.version)]:
        return [ask(turn, form)]
    return [*leave_form(turn), *_WISHES[verb](turn, arguments)]


def _on_do(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """A button under a case: one of an older card does nothing but tell what happened."""
    word, number, version = [*arguments, "", "", ""][:3]
    case = case_for(turn.session, number, turn.officer, turn.house.hospital, now=turn.now)
    if word not in {action.value for action in Action}:
        return _unknown(turn)
    action = Action(word)
    if version != str(case.version):
        return [show_moved(turn, case, action)]
    if action not in allowed_actions(turn.session, case, turn.officer, turn.house.hospital):
        note_refusal(turn.session, turn.officer, "action", case_id=case.id, now=turn.now, wish=action.value)
        return [show_case(turn, case, news=turn.words("triage.not_allowed"), edit=True)]
    if action is Action.RECATEGORISE:
        return [ask_category(turn, case)]
    if action in FORMS:
        return begin_form(turn, case, action)
    return [carry_out(turn, case, action, {}, {})]


def _on_list(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    name, page = [*arguments, "", "0"][:2]
    if name not in {listing.value for listing in Listing} or not page.isdecimal() or len(page) > 4:
        return _unknown(turn)
    return [list_reply(turn, Listing(name), int(page))]


def _on_form(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    verb, ticket, option = [*arguments, "", "", ""][:3]
    return on_form_choice(turn, verb, ticket, option)


def _on_duty(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    return (
        on_duty(turn, on=list(arguments) == ["on"])
        if list(arguments) in (["on"], ["off"])
        else _unknown(turn)
    )


def _about_case(answer: Callable[..., list[Reply]], most: int) -> Wish:
    """A button whose answer takes at most `most` words of it; a case comes first."""

    def wish(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
        return answer(turn, *(arguments[:most] or [""]))

    return wish


def _unknown(turn: Turn) -> list[Reply]:
    said = turn.words("triage.unknown_button")
    return [Reply(said, officer_menu(turn).choices, toast=said)]


_WISHES: dict[str, Wish] = {
    "desk": lambda turn, _: [officer_menu(turn)],
    "list": _on_list,
    "do": _on_do,
    "form": _on_form,
    "duty": _on_duty,
    "open": _about_case(on_open, 2),
    "text": _about_case(on_text, 2),
    "thread": _about_case(on_thread, 2),
    "history": _about_case(on_history, 2),
    "files": _about_case(on_files, 1),
    "category": _about_case(on_category, 4),
    "copies": _about_case(on_copies, 2),
    "more": _about_case(on_more, 1),
    "handover": _about_case(on_handover, 3),
    "figures": _about_case(on_figures, 1),
    "satisfaction": on_figures_choice,
    "people": _about_case(on_people, 1),
    "shift": _about_case(on_shift, 3),
    "block": _about_case(on_block, 4),
    "blocks": on_blocks,
    "noted": lambda turn, _: [turn.reply("triage.noted", edit=True)],
}
