"""What a gateway tells of a text after it was taken: it never arrived."""

import re
from datetime import datetime

from sqlmodel import Session

from storage.followup.answering import has_begun
from storage.followup.delivering import came_back, survey_in
from storage.followup.surveys import Stage, Survey
from storage.house import House
from storage.letters import Letter

_ID = re.compile(r"([1-9]\d{0,17})-([0-9a-f]{16})(?:-\d)?")


def text_came_back(session: Session, text_id: str, *, house: House, now: datetime) -> bool:
    """A text with this id (letter, uid, perhaps the part) did not arrive; True where a survey was in it.

    Taken by the gateway it counted as arrived: that is undone, unless the patient has answered meanwhile
    or is asked elsewhere by now. Where a letter is forgotten, or the id is none of ours, nothing happens.
    """
    written = _ID.fullmatch(text_id)
    letter = session.get(Letter, int(written[1])) if written else None
    if written is None or letter is None or (letter.channel, letter.uid) != ("sms", written[2]):
        return False
    survey = session.get(Survey, survey_in(letter.audience) or 0)
    if survey is None or survey.stage is not Stage.SENT or has_begun(survey) or survey.chat != letter.chat:
        return False
    survey.reached = False
    session.add(survey)
    came_back(session, letter.audience, chat=letter.chat, house=house, now=now)
    return True
