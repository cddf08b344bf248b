"""Coming back: with the code, from any channel, to read, answer, complete or withdraw."""

from handlers.blocked import held_back
from handlers.followup.apart import would_tell_whose
from handlers.menu import is_small_talk
from handlers.opening import goes_with_the_last
from handlers.reading import read
from handlers.report import add_and_reconsider, danger
from handlers.thread_words import thread_words
from handlers.told_before import told_in
from handlers.turn import Rows, Turn
from nlp.commands import Answer, find_answer, is_greeting
from nlp.taxonomy import Intent
from storage.cases import Case, Outcome, Status
from storage.entries import mark_seen, question_waits
from storage.errors import CaseMoved
from storage.messages import Reply
from storage.subscriptions import cases_told, is_subscribed, subscribe, unsubscribe
from storage.withdrawal import restore_case, withdraw_case

_SURE = "sure"
"""The step in which a withdrawal waits for a yes."""


def on_progress(turn: Turn) -> list[Reply]:
    """查询进度: asks for the code."""
    turn.dialogue.clear()
    turn.dialogue.flow = "code"
    return [turn.reply("case.ask_code", ((turn.button("back", "back"),),))]


def on_refresh(turn: Turn) -> list[Reply]:
    """The case again, as it is now."""
    case = case_of(turn)
    return [show(turn, case)] if case else on_progress(turn)


def on_pushed_case(turn: Turn, argument: str) -> list[Reply]:
    """A pushed answer was pressed: this chat was told of the case, so it needs no code."""
    case_id = int(argument) if argument.isdecimal() and len(argument) < 10 else 0
    if not is_subscribed(turn.session, case_id, chat=turn.chat, vault=turn.house.vault):
        return on_progress(turn)
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.case_id = "case", case_id
    return on_refresh(turn)


def on_message(turn: Turn) -> list[Reply]:
    """Words or files for the open case: an answer, or more of the story."""
    case = case_of(turn)
    if case is None:
        return on_progress(turn)
    if not turn.inbound.files and is_greeting(turn.inbound.text):
        return [show(turn, case)]
    if is_small_talk(turn) and not question_waits(turn.session, case.id or 0):
        return [turn.reply("menu.you_are_welcome", _rows(turn, case))]
    held = held_back(turn, turn.inbound.text)
    if held is not None:
        return held
    if again := told_in(turn, case):
        return again
    urgent_before = case.urgent
    failed = add_and_reconsider(turn, case)
    if failed or goes_with_the_last(turn):
        return failed
    key = "case.added_closed" if case.status is Status.CLOSED else "case.added"
    key = "case.added_withdrawn" if case.outcome is Outcome.WITHDRAWN else key
    return [*danger(turn, case, urgent_before=urgent_before), turn.reply(key, _rows(turn, case))]


def on_unpressed_answer(turn: Turn) -> list[Reply]:
    """Words in a chat to which a question was pushed answer it, though its button was not pressed.

    Nothing where no question waits, or where they are no answer: a greeting, praise, a new story.
    """
    told = cases_told(turn.session, turn.chat, vault=turn.house.vault)
    waiting = [one for one in told if question_waits(turn.session, one)]
    case = turn.session.get(Case, waiting[0]) if len(waiting) == 1 else None
    if case is None or case.status is Status.CLOSED or _is_something_else(turn, case):
        return []
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.case_id = "case", case.id
    return on_message(turn)


def _is_something_else(turn: Turn, case: Case) -> bool:
    if turn.inbound.files:
        return False
    if is_greeting(turn.inbound.text) or is_small_talk(turn):
        return True
    verdict = read(turn, turn.inbound.text)
    # What is only guessed of a few words is an answer as long as a question waits.
    tells = verdict.intent in (Intent.REPORT, Intent.COMPLAINT) and not verdict.unsure
    new_story = tells and not set(verdict.categories) <= set(case.all_categories)
    return new_story or (verdict.intent is Intent.PRAISE and not verdict.unsure)


def on_withdraw(turn: Turn) -> list[Reply]:
    """撤回: asks once more, for a thumb that slipped."""
    case = case_of(turn)
    if case is None:
        turn.dialogue.clear()
        turn.dialogue.flow = "code"
        return [turn.reply("case.withdraw_needs_code", ((turn.button("back", "back"),),))]
    if case.status is Status.CLOSED:
        return [show(turn, case)]
    turn.dialogue.step = _SURE
    yes = turn.button("withdraw_yes", f"withdraw.yes:{case.id}")
    rows = ((yes, turn.button("withdraw_no", "withdraw.no")),)
    return [turn.reply("case.withdraw_sure", rows)]


def on_withdraw_words(turn: Turn) -> list[Reply]:
    """A yes or no that was typed where the buttons ask; nothing for other words, which are kept as ever."""
    if not was_asked_to_confirm(turn) or turn.inbound.files:
        return []
    said = "".join(filter(str.isalnum, turn.inbound.text))
    answer = find_answer(turn.inbound.text)
    if answer is Answer.YES or said == turn.words("button.withdraw_yes"):
        return on_withdraw_confirmed(turn)
    if answer is Answer.NO or said == turn.words("button.withdraw_no"):
        return on_withdraw_declined(turn)
    return []


def was_asked_to_confirm(turn: Turn) -> bool:
    """Whether the last answer asked if the person is sure; asked once, so a later 好 withdraws nothing."""
    asked = turn.dialogue.step == _SURE
    if asked:
        turn.dialogue.step = ""
    return asked


def on_withdraw_confirmed(turn: Turn) -> list[Reply]:
    """The case is closed; it can be taken back while the page is open."""
    case = case_of(turn)
    if case is None:
        return on_progress(turn)
    try:
        withdraw_case(turn.session, case, house=turn.house, now=turn.now)
    except CaseMoved:
        return [show(turn, case)]
    turn.dialogue.flow = "case"
    restore = turn.button("restore", f"restore:{case.id}")
    return [turn.reply("case.withdrawn", ((restore, turn.button("back", "back")),))]


def on_withdraw_declined(turn: Turn) -> list[Reply]:
    """Nothing changes."""
    case = case_of(turn)
    return [turn.reply("case.withdraw_kept", _rows(turn, case) if case else ())]


def on_restore(turn: Turn) -> list[Reply]:
    """A withdrawal is taken back."""
    case = case_of(turn)
    if case is None:
        return on_progress(turn)
    try:
        restore_case(turn.session, case, house=turn.house, now=turn.now)
    except CaseMoved:
        return [show(turn, case)]
    return [turn.reply("case.restored", _rows(turn, case))]


def on_push(turn: Turn) -> list[Reply]:
    """Answers are also pushed to this chat from now on; of a closed case there are none to come."""
    case = case_of(turn)
    if case is None:
        return on_progress(turn)
    if case.status is Status.CLOSED or would_tell_whose(turn, case):
        return [show(turn, case)]
    subscribe(
        turn.session,
        case.id or 0,
        channel=turn.inbound.channel,
        address=turn.inbound.chat,
        vault=turn.house.vault,
    )
    days = turn.house.hospital.retention.addresses
    return [turn.reply("case.push_on", ((turn.button("push_off", f"push.off:{case.id}"),),), days=days)]


def on_push_off(turn: Turn) -> list[Reply]:
    """Nothing is pushed to this chat any more, and its address is forgotten."""
    case = case_of(turn)
    if case is None:
        return on_progress(turn)
    unsubscribe(turn.session, case.id or 0, chat=turn.chat, vault=turn.house.vault)
    return [turn.reply("case.push_off", _rows(turn, case))]


def case_of(turn: Turn) -> Case | None:
    """The case that is open in this dialogue."""
    open_here = turn.dialogue.flow in ("report", "case", "praise") and turn.dialogue.case_id is not None
    case = turn.session.get(Case, turn.dialogue.case_id) if open_here else None
    return case if case is not None and case.purged_at is None else None


def show(turn: Turn, case: Case) -> Reply:
    """Status and thread, which count as read from here on."""
    text = thread_words(turn.session, case, house=turn.house, words=turn.words)
    mark_seen(turn.session, case.id or 0, now=turn.now)
    invitation = "" if case.status is Status.CLOSED else "\n\n" + turn.words("case.invite")
    return Reply(text + invitation, tuple(tuple(row) for row in _rows(turn, case)))


def _rows(turn: Turn, case: Case) -> Rows:
    told = is_subscribed(turn.session, case.id or 0, chat=turn.chat, vault=turn.house.vault)
    name, value = ("push_off", "push.off") if told else ("push_on", "push.on")
    last = [turn.button("refresh", "case.refresh"), turn.button("back", "back")]
    if case.outcome is Outcome.WITHDRAWN:
        return ((turn.button("restore", f"restore:{case.id}"),), last)
    if case.status is Status.CLOSED:
        return (last,)
    withdraw = turn.button("withdraw", f"withdraw:{case.id}")
    if not told and would_tell_whose(turn, case):
        return ((withdraw,), last)
    return ((turn.button(name, f"{value}:{case.id}"), withdraw), last)
