"""Health trouble after discharge: a nurse calls back; nothing here ever answers a medical question."""

import re

from handlers.followup.calling import ask_phone, go_rows, known_phone
from handlers.followup.keeping import stand
from handlers.turn import Turn
from nlp.crisis import crisis_in
from nlp.crisis_book import CrisisKind
from nlp.rating import rate
from storage.followup.recovery import open_task
from storage.followup.surveys import Survey
from storage.followup.tasks import TaskKind
from storage.messages import Reply

STEP = "care"
_READ = 1000
"""Characters of a text that are read part by part."""
_BETWEEN = re.compile(r"[。！？!?；;，,、…\s]+")


def tell_the_ward(turn: Turn, survey: Survey, text: str, *, urgent: bool) -> list[Reply]:
    """A nurse is asked to call; the patient hears that, the ward's number and the emergency number.

    `text` is what the nurse reads: nothing that accuses somebody of that ward.
    """
    phone = known_phone(turn, survey)
    open_task(
        turn.session, TaskKind.CALLBACK, survey, words=text, phone=phone, call_wanted=True,
        house=turn.house, now=turn.now,
    )  # fmt: skip
    turn.dialogue.data["grave"] = True
    said = care_words(turn, survey, urgent=urgent)
    if not phone:
        return ask_phone(turn, survey, TaskKind.CALLBACK, said)
    stand(turn, survey, STEP)
    return [Reply(said, () if urgent else go_rows(turn, survey))]


def about_health(turn: Turn, text: str) -> str:
    """The parts of a text that tell of a health trouble and of nothing else; perhaps none.

    A task without any words would tell the ward that the patient blamed somebody.
    """
    parts = filter(None, _BETWEEN.split(text[:_READ]))
    return turn.words("care.between").join(part for part in parts if _is_health_alone(turn, part))


def _is_health_alone(turn: Turn, part: str) -> bool:
    reader = turn.desk.reader
    read, mentioned = rate(part, reader), reader.mentions(part)
    if not read.needs_care or read.categories or mentioned.people or mentioned.amounts:
        return False
    return not any(one.is_misconduct for one in reader.read(part).categories)


def in_crisis(turn: Turn, survey: Survey) -> list[Reply]:
    """Words of self-harm: whom to call is said already; the ward is asked to call as well. Nothing is asked.

    The survey stays open, the conversation is free for whatever the person says next.
    """
    danger = crisis_in(turn.inbound.text)
    turn.dialogue.clear()
    if danger is None or danger.kind is not CrisisKind.SELF_HARM or danger.other or danger.past:
        return []
    accused = any(one.is_misconduct for one in turn.desk.reader.read(turn.inbound.text).categories)
    open_task(
        turn.session, TaskKind.CALLBACK, survey, words="" if accused else turn.inbound.text,
        phone=known_phone(turn, survey), call_wanted=True, house=turn.house, now=turn.now,
    )  # fmt: skip
    return [turn.reply("care.crisis", department=survey.department)] if known_phone(turn, survey) else []


def care_words(turn: Turn, survey: Survey, *, urgent: bool) -> str:
    """Who calls, whom to call, and 120."""
    hospital = turn.house.hospital
    line = hospital.followup.nurse_line(survey.department, survey.ward)
    values = {"department": survey.department, "line": line, "emergency": hospital.emergency_line}
    call = turn.words("care.line" if line else "care.no_line", **values)
    return turn.words("care.urgent" if urgent else "care.told", call=call, **values)
