"""What delivery tells a survey: its letter arrived, came back for good, or need not go out any more."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage.followup.answering import (
    ASK,
    REMIND,
    ask_later,
    could_not_reach,
    mark_reached,
    survey_audience,
)
from storage.followup.discharges import Discharge, Standing
from storage.followup.planning import allowed_moment
from storage.followup.stopping import has_opted_out
from storage.followup.surveys import Stage, Survey
from storage.house import House
from storage.letters import Letter
from storage.outbox import announce


def survey_in(audience: str | None) -> int | None:
    """The survey that letters of this audience are about, if they are about one."""
    kind, _, number = (audience or "").partition(":")
    return int(number) if kind == "survey" and number.isdecimal() else None


def may_still_go_out(session: Session, letter: Letter, *, house: House) -> bool:
    """Whether a letter about a survey is still wanted: much can happen between claiming and sending.

    True for all other letters.
    """
    number = survey_in(letter.audience)
    if number is None:
        return True
    survey = session.get(Survey, number)
    discharge = session.get(Discharge, survey.discharge_id) if survey else None
    if survey is None or discharge is None or discharge.standing is not Standing.ACTIVE:
        return False
    rules = house.hospital.followup
    wanted = rules.enabled and rules.still_asks(survey.plan, survey.kind)
    if letter.notice in (ASK, REMIND) and not (survey.stage is Stage.SENT and wanted):
        return False
    return not (letter.chat and has_opted_out(session, letter.chat))


def quiet_until(notice: str | None, *, house: House, now: datetime) -> datetime | None:
    """When a question that has not gone out yet may go, if not now: thousands of them take their time."""
    if notice not in (ASK, REMIND):
        return None
    moment = allowed_moment(now, house)
    return moment if moment > now else None


def arrived(session: Session, audience: str | None) -> None:
    """A letter was taken by its channel."""
    number = survey_in(audience)
    if number is not None:
        mark_reached(session, number)


def came_back(
    session: Session,
    audience: str | None,
    *,
    chat: str | None = None,
    for_good: bool = True,
    house: House,
    now: datetime,
) -> None:
    """A letter was given up: `for_good`, or because its channel failed for hours (see ask_later).

    `chat` is where it was to go: a patient who is asked elsewhere by now stays there.
    """
    number = survey_in(audience)
    survey = session.get(Survey, number) if number is not None and chat is not None else None
    if survey is not None and survey.chat != chat:
        if survey.stage is Stage.SENT and not survey.reached:  # the hospital told another number meanwhile
            announce(session, survey_audience(survey.id or 0), ASK, now=now, survey=survey.id)
        return
    if number is not None and for_good:
        could_not_reach(session, number, house=house, now=now)
    elif number is not None:
        ask_later(session, number, house=house, now=now)


def chat_is_gone(session: Session, chat: str, *, house: House, now: datetime) -> None:
    """Whoever was being asked in this chat cannot be reached there any more."""
    open_here = select(Survey.id).where(col(Survey.chat) == chat, Survey.stage == Stage.SENT)
    for number in session.exec(open_here).all():
        could_not_reach(session, number or 0, house=house, now=now)
