"""A call back after a bad stay: whether, at which number, and whether to ask once more afterwards."""

import re

from handlers.followup.keeping import go_on, stand
from handlers.followup.passing import take_held
from handlers.turn import Turn
from nlp.normalise import normalise
from storage.followup.discharges import Discharge, open_sealed
from storage.followup.recovery import add_wish, open_task, open_task_of
from storage.followup.surveys import Survey
from storage.followup.tasks import TaskKind
from storage.messages import Choice, Reply

PHONE, AGAIN = "phone", "again"
_PHONE = re.compile(r"(?<!\d)(?:86)?(1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7})(?!\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-—–.·()]+(?=\d)")


def on_call(turn: Turn, survey: Survey, answer: str) -> list[Reply]:
    """请给我回电话 or 不用了; the words go along only with a yes, as was said before."""
    held = take_held(turn, survey, goes_on=answer == "yes")
    if answer != "yes":
        return go_on(turn, survey, turn.words("passing.no_call_then"))
    phone = known_phone(turn, survey)
    task = open_task_of(turn.session, TaskKind.RECOVERY, survey)
    text = str(held.get("text", ""))
    if task is None or not task.call_wanted or text:
        open_task(
            turn.session, TaskKind.RECOVERY, survey, words=text, phone=phone, score=survey.score,
            call_wanted=True, house=turn.house, now=turn.now,
        )  # fmt: skip
    return _ask_again(turn, survey) if phone else ask_phone(turn, survey, TaskKind.RECOVERY)


def ask_phone(turn: Turn, survey: Survey, kind: TaskKind, before: str = "") -> list[Reply]:
    """No number is known: asks for one."""
    stand(turn, survey, PHONE, task=kind.value)
    text = "\n\n".join(filter(None, [before, turn.words("passing.ask_phone")]))
    return [Reply(text, phone_rows(turn, survey))]


def on_phone_words(turn: Turn, survey: Survey) -> list[Reply] | None:
    """A number for the task that waits for one; None where the words hold none."""
    phone = find_phone(turn.inbound.text)
    kind = TaskKind(turn.dialogue.data.get("task", TaskKind.RECOVERY))
    task = open_task_of(turn.session, kind, survey) if phone else None
    if task is None:
        return None
    add_wish(turn.session, task, phone=phone, house=turn.house, now=turn.now)
    if kind is TaskKind.RECOVERY:
        return _ask_again(turn, survey)
    stand(turn, survey, "care")
    return [Reply(turn.words("passing.phone_noted"), go_rows(turn, survey))]


def on_no_phone(turn: Turn, survey: Survey, _: str) -> list[Reply]:
    """不留了."""
    stand(turn, survey)
    return go_on(turn, survey, turn.words("passing.no_phone_then"))


def on_ask_again(turn: Turn, survey: Survey, answer: str) -> list[Reply]:
    """Whether to ask once more when the task is done."""
    task = open_task_of(turn.session, TaskKind.RECOVERY, survey)
    if answer == "yes" and task is not None and not task.ask_again:
        add_wish(turn.session, task, ask_again=True, house=turn.house, now=turn.now)
    stand(turn, survey)
    return go_on(turn, survey, turn.words("passing.again_noted" if answer == "yes" else "passing.again_not"))


def known_phone(turn: Turn, survey: Survey) -> str:
    """The number to call back, empty if none is known."""
    discharge = turn.session.get(Discharge, survey.discharge_id)
    if discharge is None:
        return ""
    phone = open_sealed(discharge, "phone", vault=turn.house.vault)
    by_sms = discharge.channel == "sms" and not phone
    return open_sealed(discharge, "address", vault=turn.house.vault) if by_sms else phone


def find_phone(text: str) -> str:
    """A mobile or landline number in the text, digits only; empty if there is none."""
    found = _PHONE.search(_BETWEEN_DIGITS.sub("", normalise(text[:200]).text))
    return found[1] if found else ""


def again_rows(turn: Turn, survey: Survey) -> tuple[tuple[Choice, ...], ...]:
    """好，再问我一次 and 不用了."""
    yes, no = _button(turn, survey, "again_yes", "-again:yes"), _button(turn, survey, "no_call", "-again:no")
    return ((yes,), (no,))


def phone_rows(turn: Turn, survey: Survey) -> tuple[tuple[Choice, ...], ...]:
    """不留了."""
    return ((_button(turn, survey, "no_phone", "-nophone"),),)


def go_rows(turn: Turn, survey: Survey) -> tuple[tuple[Choice, ...], ...]:
    """The way on and the way out, where questions are left; nothing where none is."""
    if survey.chat != turn.chat:
        return ()
    on = Choice(turn.words("survey.go_on"), f"survey:{survey.id}:-go")
    return ((on,), (Choice(turn.words("survey.pause"), f"survey:{survey.id}:-pause"),))


def _ask_again(turn: Turn, survey: Survey) -> list[Reply]:
    stand(turn, survey, AGAIN)
    return [Reply(turn.words("passing.ask_again", department=survey.department), again_rows(turn, survey))]


def _button(turn: Turn, survey: Survey, name: str, verb: str) -> Choice:
    return Choice(turn.words(f"passing.{name}"), f"survey:{survey.id}:{verb}")
