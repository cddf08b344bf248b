"""What becomes of a survey once it is out: it is reached, answered, or cannot be delivered."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import Session

from storage.direct import Prepared
from storage.errors import SealError
from storage.followup.discharges import Discharge, keep_sealed, open_sealed
from storage.followup.opt_outs import OptOut
from storage.followup.planning import allowed_moment, local_month
from storage.followup.surveys import Stage, Survey
from storage.hospital_followup import Kind
from storage.house import House
from storage.identity import chat_hash
from storage.outbox import announce

ASK, REMIND = "survey.ask", "survey.remind"
"""The notices of a survey; for their audience see `survey_audience`."""
_OUTAGE = timedelta(hours=1)
_TABLE = Survey.__table__  # type: ignore[attr-defined]
_OPEN = Prepared(
    select(_TABLE.c.id)
    .where(_TABLE.c.chat == bindparam("where"), _TABLE.c.stage == Stage.SENT)
    .order_by(_TABLE.c.sent_at.desc(), _TABLE.c.id.desc())
    .limit(1)
)


def survey_audience(survey_id: int) -> str:
    """The audience of letters about this survey."""
    return f"survey:{survey_id}"


def open_survey(session: Session, chat: str) -> Survey | None:
    """The survey that is being answered in this chat (a keyed hash): of two, the one that was sent last."""
    row = _OPEN.first(session, {"where": chat})
    return session.get(Survey, row[0]) if row else None


def open_now(
    session: Session, survey: Survey, *, chat: str | None, reached: bool, house: House, now: datetime
) -> None:
    """The survey is handed out: by a sweep, or in the chat of a patient who came (`reached`).

    One that is open already only moves to this chat; one that was stopped goes on with the times it had.
    """
    if survey.stage is not Stage.SENT:
        survey.stage, survey.why = Stage.SENT, ""
        if survey.sent_at is None or ends_at(survey, house) <= now:
            survey.sent_at, survey.month, survey.reminded = now, local_month(now, house), False
        reminder, over = remind_at(survey, house), ends_at(survey, house)
        survey.next_at = reminder if now < reminder < over and not survey.reminded else over
    survey.chat, survey.reached = chat, survey.reached or reached
    session.add(survey)


def remind_at(survey: Survey, house: House) -> datetime:
    """When this sent survey is brought to mind."""
    assert survey.sent_at is not None
    return allowed_moment(survey.sent_at + timedelta(days=house.hospital.followup.remind_after), house)


def ends_at(survey: Survey, house: House) -> datetime:
    """When this sent survey is over."""
    assert survey.sent_at is not None
    return survey.sent_at + timedelta(days=house.hospital.followup.expire_after)


def finish(session: Session, survey: Survey, *, now: datetime) -> None:
    """The patient is through: nothing leads from the chat to the survey any more; `now` is not kept."""
    end(session, survey, Stage.ANSWERED)


def end(session: Session, survey: Survey, stage: Stage, why: str = "") -> None:
    """The survey is over in this stage; of integrity not even stays which questions were answered."""
    survey.stage, survey.why = stage, why
    survey.chat = survey.next_at = None
    if survey.kind is Kind.INTEGRITY:
        survey.answers = None
    session.add(survey)


def has_begun(survey: Survey) -> bool:
    """Whether enough was answered to count: the grade of the stay, or anything where there is none."""
    if survey.kind is Kind.INTEGRITY:
        return survey.answers is not None
    return survey.score is not None


def mark_reached(session: Session, survey_id: int) -> None:
    """A message of this survey arrived."""
    survey = session.get(Survey, survey_id)
    if survey is not None and not survey.reached:
        survey.reached = True
        session.add(survey)


def could_not_reach(session: Session, survey_id: int, *, house: House, now: datetime) -> None:
    """A message of this survey came back for good: by SMS from now on, where there is a number.

    A survey that arrived before stays open in its chat; one that never did is UNREACHABLE without a number.
    """
    survey = session.get(Survey, survey_id)
    discharge = session.get(Discharge, survey.discharge_id) if survey else None
    if survey is None or discharge is None or survey.stage is not Stage.SENT:
        return
    moved = discharge.channel == "sms" and survey.chat != discharge.chat  # with another survey of this stay
    by_sms = fall_back_to_sms(session, discharge, house) or moved
    if survey.reached:
        return
    if not by_sms:
        end(session, survey, Stage.UNREACHABLE)
        return
    survey.chat = discharge.chat
    session.add(survey)
    audience = survey_audience(survey_id)
    announce(session, audience, REMIND if survey.reminded else ASK, now=now, survey=survey_id)


def ask_later(session: Session, survey_id: int, *, house: House, now: datetime) -> None:
    """The channel failed for hours: a survey that never arrived is planned again.

    It is sent when the channel works, if that still makes sense, and marked missed otherwise. Nobody moves to
    SMS because of an outage.
    """
    survey = session.get(Survey, survey_id)
    if survey is None or survey.stage is not Stage.SENT or survey.reached:
        return
    survey.stage, survey.chat = Stage.PLANNED, None
    survey.sent_at = survey.month = None
    survey.next_at = allowed_moment(now + _OUTAGE, house)
    session.add(survey)


def fall_back_to_sms(session: Session, discharge: Discharge, house: House) -> bool:
    """Whether the patient is written to by SMS from now on; not to a number that wants nothing."""
    if discharge.phone is None or discharge.channel == "sms":
        return False
    try:
        phone = open_sealed(discharge, "phone", vault=house.vault)
    except SealError:
        return False
    chat = chat_hash(house.vault, "sms", phone)
    if session.get(OptOut, chat) is not None:
        return False
    discharge.channel, discharge.chat = "sms", chat
    keep_sealed(discharge, "address", phone, vault=house.vault)
    session.add(discharge)
    return True
