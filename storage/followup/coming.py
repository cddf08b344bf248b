"""What somebody who comes by themselves can be asked: now, or on which day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from storage.followup.answering import open_now
from storage.followup.discharges import Discharge
from storage.followup.laying import NO_CONSENT
from storage.followup.planning import is_too_late
from storage.followup.surveys import Stage, Survey
from storage.followup.unlinked import blurred
from storage.house import House

_NOT_OUT = (Stage.PLANNED, Stage.MISSED, Stage.UNREACHABLE)


def plan_anew(session: Session, discharge: Discharge, *, house: House, now: datetime) -> None:
    """Plans what could not be sent for want of consent or of a way, as far as it is not too late."""
    for survey in _surveys(session, discharge):
        had_no_way = survey.stage is Stage.UNREACHABLE or _had_no_consent(survey)
        if had_no_way and not is_too_late(survey.due_at, house=house, now=now):
            survey.stage, survey.why, survey.next_at = Stage.PLANNED, "", survey.due_at
            session.add(survey)
    session.flush()


def ready_survey(
    session: Session, discharge: Discharge, wanted: int | None, *, house: House, now: datetime
) -> Survey | None:
    """What can be answered at once: the survey `wanted`, else one that was sent, else the latest due.

    Who comes by themselves may be later than what would still be sent: as late as an answer may be.
    """
    ready = [one for one in _surveys(session, discharge) if _is_ready(one, house, now)]
    order = {one.id: (one.id == wanted, one.stage is Stage.SENT, one.due_at) for one in ready}
    return max(ready, key=lambda one: order[one.id], default=None)


def begin_here(session: Session, survey: Survey, *, chat: str, house: House, now: datetime) -> None:
    """The survey is answered in this chat (a keyed hash) from here on; the hour of it is not kept."""
    if survey.stage is Stage.SENT:
        survey.chat, survey.reached = chat, True
        session.add(survey)
    else:
        open_now(session, survey, chat=chat, reached=True, house=house, now=blurred(now, house))
    session.flush()


def next_day(session: Session, discharge: Discharge, *, house: House, now: datetime) -> date | None:
    """The first local day on which there is something to ask; None where nothing more is to come."""
    return min(days_to_come(session, discharge, house=house, now=now), default=None)


def days_to_come(session: Session, discharge: Discharge, *, house: House, now: datetime) -> list[date]:
    """The local days on which something is asked, or may be by those who come, without consent to letters."""
    later = [one.due_at for one in _surveys(session, discharge) if _may_come(one) and one.due_at > now]
    return sorted({house.local_day(due) for due in later})


def last_moment(session: Session, discharge: Discharge, *, house: House) -> datetime | None:
    """Until when anything of this stay may be answered, as it is planned now; None where nothing is."""
    still = [one.due_at for one in _surveys(session, discharge) if _may_come(one)]
    return max(still) + _patience(house) if still else None


def _surveys(session: Session, discharge: Discharge) -> Sequence[Survey]:
    return session.exec(
        select(Survey).where(Survey.discharge_id == discharge.id).order_by(col(Survey.due_at))
    ).all()


def _may_come(survey: Survey) -> bool:
    return survey.stage in (Stage.SENT, *_NOT_OUT) or _had_no_consent(survey)


def _is_ready(survey: Survey, house: House, now: datetime) -> bool:
    if survey.stage is Stage.SENT:
        return survey.sent_at is not None and now < survey.sent_at + _patience(house)
    return _may_come(survey) and survey.due_at <= now < survey.due_at + _patience(house)


def _had_no_consent(survey: Survey) -> bool:
    return survey.stage is Stage.STOPPED and survey.why == NO_CONSENT


def _patience(house: House) -> timedelta:
    return timedelta(days=house.hospital.followup.expire_after)
