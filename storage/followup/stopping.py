"""Stops asking: somebody wants no messages, came back, died, or was never a patient here."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select

from storage.followup.answering import end, has_begun
from storage.followup.discharges import Discharge, Standing, number_chat
from storage.followup.opt_outs import OptOut
from storage.followup.surveys import Stage, Survey
from storage.house import House

_OPEN = (Stage.PLANNED, Stage.SENT)


def set_standing(session: Session, discharge: Discharge, standing: Standing, *, now: datetime) -> None:
    """Stops what is planned or open, with the standing as its reason; ACTIVE again plans it anew.

    What was sent before is not sent a second time, what is too late by now is marked missed by the sweep. Of
    `now` only the day is kept: it could be held against what was reported that minute.
    """
    if discharge.standing is standing:
        return
    discharge.standing = standing
    discharge.changed_at = now.replace(hour=0, minute=0, second=0, microsecond=0)
    session.add(discharge)
    for survey in session.exec(select(Survey).where(Survey.discharge_id == discharge.id)):
        if survey.stage in _OPEN and standing is not Standing.ACTIVE:
            _stop(session, survey, standing)
        elif survey.stage is Stage.STOPPED and survey.why in set(Standing) and survey.sent_at is None:
            _change_reason(session, survey, standing)


def opt_out(session: Session, *, chat: str, house: House, now: datetime) -> int:
    """Nothing is sent to this chat, nor to the number of whoever is asked there; how many discharges.

    `chat` is a keyed hash. It holds for whatever is imported later.
    """
    found = _discharges_at(session, chat)
    for place in {chat, *_numbers(found, house)}:
        if session.get(OptOut, place) is None:
            session.add(OptOut(chat=place, since=house.local_day(now)))
    for discharge in found:
        if discharge.standing is Standing.ACTIVE:
            set_standing(session, discharge, Standing.OPTED_OUT, now=now)
    session.flush()
    return len(found)


def opt_in_again(session: Session, *, chat: str, house: House, now: datetime) -> int:
    """Takes an opting out back; how many discharges are asked again."""
    found = [one for one in _discharges_at(session, chat) if one.standing is Standing.OPTED_OUT]
    for place in {chat, *_numbers(found, house)}:
        row = session.get(OptOut, place)
        if row is not None:
            session.delete(row)
    for discharge in found:
        set_standing(session, discharge, Standing.ACTIVE, now=now)
    session.flush()
    return len(found)


def has_opted_out(session: Session, chat: str) -> bool:
    """Whether this chat (a keyed hash) wants no messages."""
    return session.get(OptOut, chat) is not None


def discharge_of_chat(session: Session, chat: str) -> Discharge | None:
    """The newest discharge that is asked in this chat, or answers a survey there."""
    return next(iter(_discharges_at(session, chat)), None)


def stays_beside(session: Session, discharge: Discharge) -> list[Discharge]:
    """This stay, and all others that are asked about in the same chat or at the same number."""
    if discharge.chat is None:
        return [discharge]
    others = (Discharge.chat == discharge.chat, Discharge.id != discharge.id)
    return [discharge, *session.exec(select(Discharge).where(*others))]


def stop_stays(session: Session, discharge: Discharge, standing: Standing, *, now: datetime) -> None:
    """What is said of one stay in a chat holds for all that would be asked about there."""
    for one in stays_beside(session, discharge):
        if one is discharge or one.standing is Standing.ACTIVE:
            set_standing(session, one, standing, now=now)


def _discharges_at(session: Session, chat: str) -> Sequence[Discharge]:
    """Newest first; on the page only an open survey leads to a discharge."""
    answering = select(Survey.discharge_id).where(Survey.chat == chat)
    here = or_(col(Discharge.chat) == chat, col(Discharge.id).in_(answering))
    return session.exec(
        select(Discharge).where(here).order_by(col(Discharge.discharged_at).desc(), col(Discharge.id).desc())
    ).all()


def _numbers(discharges: Sequence[Discharge], house: House) -> set[str]:
    """The chats of the mobile numbers that came with these discharges."""
    return {chat for one in discharges if (chat := number_chat(one, vault=house.vault))}


def _stop(session: Session, survey: Survey, standing: Standing) -> None:
    """A stay that was graded before counts; what a stranger answered does not."""
    if standing is Standing.WRONG_PERSON:
        survey.score = survey.score_after = survey.answers = None
    if survey.stage is Stage.SENT and has_begun(survey):
        end(session, survey, Stage.ANSWERED)
    else:
        end(session, survey, Stage.STOPPED, standing)


def _change_reason(session: Session, survey: Survey, standing: Standing) -> None:
    """It was stopped before it was sent: for another reason now, or it is planned again."""
    if standing is Standing.ACTIVE:
        survey.stage, survey.why, survey.next_at = Stage.PLANNED, "", survey.due_at
    else:
        survey.why = standing
    session.add(survey)
