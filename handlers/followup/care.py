"""Health trouble after discharge: a nurse calls back; nothing here ever answers a medical question."""

from handlers.followup.calling import ask_phone, go_rows, known_phone
from handlers.followup.keeping import stand
from handlers.turn import Turn
from nlp.crisis import crisis_in
from nlp.crisis_book import CrisisKind
from storage.followup.recovery import open_task
from storage.followup.surveys import Survey
from storage.followup.tasks import TaskKind
from storage.messages import Reply

STEP = "care"


def tell_the_ward(turn: Turn, survey: Survey, text: str, *, urgent: bool) -> list[Reply]:
    """A nurse is asked to call; the patient hears that, the ward's number and the emergency number.

    `text` is what the nurse reads; empty where the words accuse somebody of that ward.
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
