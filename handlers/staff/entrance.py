"""Finds the conversation of staff that a button, a command or an answer belongs to."""

from collections.abc import Callable

from handlers.staff.coverage.conversation import on_coverage_choice, on_coverage_text
from handlers.staff.drives import FLOW as DRIVE
from handlers.staff.drives import on_drive_choice, on_drive_command, on_drive_words
from handlers.staff.duties.conversation import DUTY_FLOWS, on_due_choice, on_duty_words
from handlers.staff.duties.reading_done import on_plain_answer
from handlers.staff.forms.conversation import on_form_choice, on_form_words
from handlers.staff.forms.filling import FLOW as FORM
from handlers.staff.forms.signers import on_signers_words
from handlers.staff.hand_ins.conversation import FLOWS as HAND_IN_FLOWS
from handlers.staff.hand_ins.conversation import on_hand_in_choice, on_hand_in_command, on_hand_in_words
from handlers.staff.hand_ins.draft import HOW
from handlers.staff.knowledge.conversation import on_knowledge_choice, on_knowledge_text
from handlers.staff.leave import on_leave_choice, on_leave_words
from handlers.staff.quiz.conversation import on_quiz_choice, on_quiz_command
from handlers.staff.quiz.sitting import FLOW as QUIZ
from handlers.staff.quiz.sitting import on_quiz_text
from handlers.staff.record.conversation import FLOW as RECORD
from handlers.staff.record.conversation import on_filling_words as on_record_words
from handlers.staff.record.conversation import on_record_choice, on_record_command
from handlers.staff.services import VERB as SERVICES
from handlers.staff.services import on_services_choice, on_services_words, on_words_of_others
from handlers.turn import Turn
from storage.event_names import EventName
from storage.messages import Reply
from storage.refusals import note_refusal
from storage.staff.employees import employee_of, is_whole
from storage.tallies import count_up

Heard = Callable[[Turn], list[Reply] | None]
LONGEST_COMMAND = 40
"""Characters of a message in which a command word of staff is looked for."""

CHOICES: dict[str, Callable[[Turn, str], list[Reply]]] = {
    "coverage": on_coverage_choice,
    "due": on_due_choice,
    "fill": on_form_choice,
    "drive": on_drive_choice,
    "handin": on_hand_in_choice,
    "knowledge": on_knowledge_choice,
    "leave": on_leave_choice,
    "quiz": on_quiz_choice,
    "record": on_record_choice,
    SERVICES: on_services_choice,
}
"""By the first word of a button's value: what is done with the rest of it, in a private chat or a group."""
FLOWS: dict[str, Heard] = {
    **dict.fromkeys(HAND_IN_FLOWS, on_hand_in_words),
    RECORD: on_record_words,
    **DUTY_FLOWS,
    FORM: on_form_words,
    DRIVE: on_drive_words,
    QUIZ: on_quiz_text,
}
"""By the flow of a dialogue: what hears the answer to a question that was asked."""
COMMANDS: tuple[Heard, ...] = (
    on_hand_in_command, on_record_command,
    on_drive_command, on_leave_words, on_quiz_command, on_knowledge_text, on_coverage_text, on_duty_words,
    on_signers_words, on_plain_answer,
)  # fmt: skip
"""Asked one after another about short words without files; None from those who do not know them."""


def on_staff_choice(turn: Turn, name: str, argument: str) -> list[Reply] | None:
    """What a button of staff does; None for the buttons of others. Who is no member is told so."""
    conversation = CHOICES.get(name)
    if conversation is None:
        if turn.dialogue.flow in FLOWS and name != "help" and not turn.inbound.in_group:
            turn.dialogue.clear()  # what is typed next answers no question of ours any more
        return None
    if turn.member is None:
        count_up(turn.session, EventName.STRANGERS, now=turn.now)
        said = turn.words("staff.members_only")
        return [Reply("" if turn.inbound.in_group else said, toast=said)]
    if _stands_for_another(turn):
        note_refusal(turn.session, turn.officer, "action", now=turn.now, wish="roster")
        said = turn.words("staff.not_whole")
        return [Reply("" if turn.inbound.in_group else said, toast=said)]
    return conversation(turn, argument)


def on_staff_words(turn: Turn) -> list[Reply] | None:
    """What a member of staff says to one of our questions, or a command; None where it is neither."""
    if turn.member is None or turn.inbound.in_group or _stands_for_another(turn):
        return None
    called = on_services_words(turn) or _instead(turn)
    if called is not None:
        return called
    heard = FLOWS.get(turn.dialogue.flow)
    if heard is not None and (replies := heard(turn)) is not None:
        return replies
    return _commanded(turn) or on_words_of_others(turn)


def _commanded(turn: Turn) -> list[Reply] | None:
    """The answer to a command, if it is one."""
    if turn.inbound.files or len(turn.inbound.text) > LONGEST_COMMAND:
        return None
    for command in COMMANDS:
        replies = command(turn)
        if replies is not None:
            return replies
    return None


def _instead(turn: Turn) -> list[Reply] | None:
    """At the first question of a hand-in nothing was said yet: a command is followed instead."""
    if turn.dialogue.flow not in HAND_IN_FLOWS or turn.dialogue.step != HOW:
        return None
    kept = turn.dialogue.flow, turn.dialogue.step, turn.dialogue.data
    turn.dialogue.clear()
    replies = _commanded(turn)
    if replies is None:
        turn.dialogue.flow, turn.dialogue.step, turn.dialogue.data = kept
    return replies


def _stands_for_another(turn: Turn) -> bool:
    """Whether the roster was changed from outside, so that somebody would read what is another's."""
    employee = employee_of(turn.session, turn.member)
    return employee is not None and not is_whole(employee, vault=turn.house.vault)
