"""Finds the conversation a message belongs to."""

import re
from collections.abc import Callable

from handlers import codes, crisis, inquiry, menu, praise, rating, report, returning
from handlers.danger import danger_in
from handlers.followup import entrance, tasks
from handlers.followup.beside import on_words_beside
from handlers.followup.conversation import on_survey_choice, on_survey_words
from handlers.followup.task_doing import FLOW as TASK
from handlers.joining import on_bind, on_join, on_join_text
from handlers.staff.entrance import FLOWS as STAFF_FLOWS
from handlers.staff.entrance import on_staff_choice, on_staff_words
from handlers.triage import officer_menu, on_officer_choice, on_officer_text
from handlers.triage.form import FLOW as FORM
from handlers.turn import Turn
from nlp.commands import Command, find_command, find_join_code, find_receipt, find_ticket
from storage.messages import Reply
from storage.staff.hearing import note_heard

Conversation = Callable[[Turn], list[Reply]]

_COMMANDS: dict[Command, Conversation] = {
    Command.HELP: menu.on_help,
    Command.BACK: menu.on_back,
    Command.REPORT: report.on_report,
    Command.PROGRESS: returning.on_progress,
    Command.RATING: rating.on_rating,
    Command.INQUIRY: inquiry.on_inquiry,
    Command.HUMAN: inquiry.on_human,
    Command.WITHDRAW: returning.on_withdraw,
}
_CHOICES: dict[str, Conversation] = {
    "start": menu.on_start,
    "help": menu.on_help,
    "back": menu.on_back,
    "report": report.on_report,
    "report.this": report.on_report_this,
    "progress": returning.on_progress,
    "case.refresh": returning.on_refresh,
    "withdraw": returning.on_withdraw,
    "withdraw.yes": returning.on_withdraw_confirmed,
    "withdraw.no": returning.on_withdraw_declined,
    "restore": returning.on_restore,
    "push.on": returning.on_push,
    "push.off": returning.on_push_off,
    "rating": rating.on_rating,
    "rating.report": rating.on_report_clue,
    "inquiry": inquiry.on_inquiry,
    "human": inquiry.on_human,
    "praise.report": praise.on_not_praise,
}
_WITH_ARGUMENT: dict[str, Callable[[Turn, str], list[Reply]]] = {
    "survey": on_survey_choice,
    "score": rating.on_score,
    "faq": inquiry.on_faq,
    "mine": returning.on_pushed_case,
    "skip": report.on_skip,
    "ticket": entrance.on_ticket,
}
_FLOWS: dict[str, Conversation] = {
    "report": report.on_message,
    "case": returning.on_message,
    "rating": rating.on_words,
    "inquiry": inquiry.on_words,
}
_SLASH_WORD = re.compile(r"/[A-Za-z0-9_@]{1,40}")
"""A command of other bots: nothing to keep."""


def converse(turn: Turn) -> list[Reply]:
    """What is said to this message; the dialogue in `turn` is changed in place."""
    if turn.member is not None:
        note_heard(turn.session, turn.member)
    if turn.inbound.choice is not None:
        returning.was_asked_to_confirm(turn)
        return _on_choice(turn, turn.inbound.choice)
    if turn.inbound.in_group:
        return _on_group_words(turn)
    if not turn.inbound.text and not turn.inbound.files:
        return menu.on_nothing(turn)
    danger = danger_in(turn)
    said = _on_words(turn) if danger is None else crisis.with_help(turn, danger, _on_words)
    return [*said, *menu.refusals(turn)]


def _on_choice(turn: Turn, choice: str) -> list[Reply]:
    name, _, argument = choice.partition(":")
    if name == TASK:
        return tasks.on_task_choice(turn, argument)
    if turn.dialogue.flow == TASK:  # the note that was asked for is left
        turn.dialogue.clear()
    handled = on_staff_choice(turn, name, argument) or on_officer_choice(turn, choice)
    if handled is not None:
        return handled
    if turn.inbound.in_group:
        return []
    with_argument = _WITH_ARGUMENT.get(name)
    if with_argument is not None:
        return with_argument(turn, argument)
    if name in entrance.BUTTONS:
        return entrance.on_button(turn, name, argument)
    conversation = _CHOICES.get(name)
    if conversation is None or _of_another_case(turn, argument):
        return menu.on_unknown_button(turn)
    return conversation(turn)


def _of_another_case(turn: Turn, argument: str) -> bool:
    """An old button under one case must not withdraw another that is open now."""
    return bool(argument) and turn.dialogue.case_id is not None and argument != str(turn.dialogue.case_id)


def _on_group_words(turn: Turn) -> list[Reply]:
    """In a group only its binding is heard; what colleagues say to each other is nobody's business."""
    word, argument = _slash(turn.inbound.text)
    match word:
        case "bind":
            return on_bind(turn, argument)
        case "join":
            return on_join(turn, argument)
        case "start" if find_ticket(argument):
            return entrance.in_group(turn)
    return []


def _on_words(turn: Turn) -> list[Reply]:
    text = turn.inbound.text
    word, argument = _slash(text)
    match word:
        case "join":
            return on_join(turn, argument)
        case "bind":
            return on_bind(turn, argument)
        case "start":
            return _on_start(turn, argument)
    if turn.dialogue.flow == "join":
        return on_join_text(turn)
    code = find_join_code(text) if not turn.dialogue.flow and not turn.inbound.files else None
    if code is not None:  # copied from paper without a word; amid a conversation it may be part of a tip
        return on_join(turn, code)
    if turn.member is not None:
        handled = None if _is_asked_as_officer(turn) else on_staff_words(turn)
        if handled is not None:
            return handled
    elif turn.dialogue.flow in STAFF_FLOWS:  # no longer one of us: the question we asked is void
        turn.dialogue.clear()
    if turn.at_desk:
        handled = tasks.on_task_text(turn) or on_officer_text(turn)
        if handled is not None:
            return handled
    elif turn.dialogue.flow in (FORM, TASK):  # no longer an officer: the unfinished form is void
        turn.dialogue.clear()
    return _on_reporter_words(turn)


def _is_asked_as_officer(turn: Turn) -> bool:
    """Whether an officer is in the middle of a form or a note: a reason that reads like a command of staff
    (请假三天) is a reason; only what begins with a slash is none."""
    asked = turn.at_desk and turn.dialogue.flow in (FORM, TASK)
    return asked and not turn.inbound.text.startswith(("/", "／"))


def _on_start(turn: Turn, argument: str) -> list[Reply]:
    """What a link brings along: the ticket of a patient, the join code of a colleague, nothing."""
    if find_ticket(argument):
        return entrance.on_ticket(turn, argument)
    code = find_join_code(argument)
    return on_join(turn, code) if code else menu.on_start(turn)


def _on_reporter_words(turn: Turn) -> list[Reply]:
    confirmed = returning.on_withdraw_words(turn)
    if confirmed:
        return confirmed
    text = turn.inbound.text
    command = find_command(text) if not turn.inbound.files else None
    if command is not None:
        return _COMMANDS[command](turn)
    beside = on_words_beside(turn)
    if beside is not None:
        return beside
    if not turn.inbound.files and _SLASH_WORD.fullmatch(text):
        return menu.on_help(turn)
    ticket = find_ticket(text) if not turn.inbound.files else None
    replies = entrance.on_digits(turn, ticket) if ticket else None
    if replies is not None:
        return replies
    if turn.dialogue.flow == "code" or find_receipt(text):
        replies = codes.on_code_text(turn)
        if replies is not None:
            return replies
        if turn.dialogue.flow == "code":
            turn.dialogue.clear()
    flow = _FLOWS.get(turn.dialogue.flow)
    if flow is not None:
        return flow(turn)
    surveyed = on_survey_words(turn)
    if surveyed is not None:
        return surveyed
    if turn.at_desk:  # an officer's stray words are not a report
        return [officer_menu(turn)]
    return returning.on_unpressed_answer(turn) or report.on_free_text(turn)


def _slash(text: str) -> tuple[str, str]:
    """The word of a /command (without @bot) and what follows it; empty if it is none."""
    if not text.startswith("/"):
        return "", ""
    word, _, argument = text[1:].partition(" ")
    return word.partition("@")[0].lower(), argument.strip()
