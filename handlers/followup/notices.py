"""Makes the words of what is sent to discharged patients, at the moment it goes out."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.followup.asking import first_message, grade_rows
from handlers.turn import Desk
from handlers.words import Words
from storage.followup.answering import ends_at
from storage.followup.joining import new_ticket
from storage.followup.surveys import Stage, Survey
from storage.letters import Letter
from storage.messages import Reply

_SMS = "sms"


def survey_notice(
    letter: Letter, arguments: dict[str, Any], *, session: Session, desk: Desk, words: Words, now: datetime
) -> Reply | None:
    """The words for survey.ask, survey.remind and survey.again; None where nothing is left to ask."""
    number = arguments.get("survey")
    survey = session.get(Survey, number) if isinstance(number, int) else None
    if survey is None:
        return None
    if letter.notice == "survey.again":
        return _again(survey, words, short=letter.channel == _SMS)
    if survey.stage is not Stage.SENT:
        return None
    reminds = letter.notice == "survey.remind"
    by_sms = letter.channel == _SMS
    message = first_message(survey, reminds=reminds, short=by_sms, house=desk.house, words=words)
    if message is None or not by_sms or not desk.page:
        return message
    link = _link(session, survey, desk=desk, until=ends_at(survey, desk.house))
    return Reply(f"{message.text}\n\n{words('survey.link', link=link)}", message.choices)


def _again(survey: Survey, words: Words, *, short: bool) -> Reply | None:
    if survey.score_after is not None:
        return None
    text = words("survey.again_sms" if short else "survey.again", department=survey.department)
    return Reply(text, grade_rows(f"survey:{survey.id}:-after", words))


def _link(session: Session, survey: Survey, *, desk: Desk, until: datetime) -> str:
    """A fresh ticket for this letter: only its keyed hash is kept, so an earlier one cannot be told again."""
    code = new_ticket(session, survey.discharge_id, survey_id=survey.id, until=until, vault=desk.house.vault)
    return f"{desk.page}/f#{code}"
