"""Asks discharged patients when it is time, reminds them once, and ends what was not answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from storage.dialogues import load_dialogue
from storage.errors import SealError
from storage.followup.answering import (
    ASK,
    REMIND,
    end,
    ends_at,
    fall_back_to_sms,
    has_begun,
    open_now,
    remind_at,
    survey_audience,
)
from storage.followup.discharges import Discharge, Standing, open_sealed
from storage.followup.planning import allowed_moment, due_at, is_too_late, plan_version
from storage.followup.restored import restored_at
from storage.followup.stopping import set_standing
from storage.followup.surveys import Stage, Survey
from storage.followup.sweeping import TOGETHER, claim_due_surveys, letters_waiting, those_who_opted_out
from storage.house import House
from storage.identity import sender_hash
from storage.outbox import announce

MOST_WAITING = 5000
"""Letters that may wait for delivery: what is not handed out yet can still be planned anew."""
_PULLED = "web"
"""Nobody is there to be written to: the patient came by a link or a code."""
_NOT_ARRIVED, _SPEAKING = timedelta(days=1), timedelta(hours=1)


def sweep_surveys(session: Session, *, house: House, now: datetime) -> int:
    """One slice; returns how many surveys were looked after, 0 when nothing is due or enough is under way."""
    if not house.hospital.followup.enabled:
        return 0
    room = min(TOGETHER, MOST_WAITING - letters_waiting(session))
    if room <= 0:
        return 0
    taken = claim_due_surveys(session, now=now, limit=room)
    silent = those_who_opted_out(session, [discharge for _, discharge in taken], vault=house.vault)
    sweep = _Sweep(session, house, now, silent, restored_at(session) if taken else None)
    for survey, discharge in taken:
        sweep.look_after(survey, discharge)
    return len(taken)


@dataclass(frozen=True, slots=True)
class _Sweep:
    """One slice: what to do with each survey that was taken; `silent` are discharges that opted out.

    What was due before `restored`, when a backup was put back, went out after that backup was made.
    """

    session: Session
    house: House
    now: datetime
    silent: Collection[int | None]
    restored: datetime | None = None

    def look_after(self, survey: Survey, discharge: Discharge) -> None:
        """Asks, reminds or ends; a survey that is not asked any more is stopped."""
        if discharge.standing is Standing.ACTIVE and discharge.id in self.silent:
            set_standing(self.session, discharge, Standing.OPTED_OUT, now=self.now)
        match survey.stage:
            case Stage.PLANNED | Stage.SENT if discharge.standing is not Standing.ACTIVE:
                end(self.session, survey, Stage.STOPPED, discharge.standing)
            case Stage.PLANNED:
                self._ask(survey, discharge)
            case Stage.SENT:
                self._remind_or_end(survey, discharge)
            case _:  # stopped a moment ago, with another survey of the same stay
                pass

    def _ask(self, survey: Survey, discharge: Discharge) -> None:
        if not self._is_planned(survey, discharge):
            return
        if self._went_out(survey.due_at) and discharge.consent and self._can_be_reached(discharge):
            open_now(
                self.session, survey, chat=discharge.chat, reached=False, house=self.house, now=survey.due_at
            )
        elif is_too_late(survey.due_at, house=self.house, now=self.now):
            end(self.session, survey, Stage.MISSED)
        elif not discharge.consent:
            end(self.session, survey, Stage.STOPPED, "consent")
        elif not self._can_be_reached(discharge):
            end(self.session, survey, Stage.UNREACHABLE)
        else:
            open_now(self.session, survey, chat=discharge.chat, reached=False, house=self.house, now=self.now)
            self._announce(survey, ASK)

    def _is_planned(self, survey: Survey, discharge: Discharge) -> bool:
        """Whether the plan is still there, its day has come as the settings are now, and no quiet hour."""
        plan = self.house.hospital.followup.plan(survey.plan)
        if plan is None:
            end(self.session, survey, Stage.STOPPED, "plan")
            return False
        version = plan_version(plan, self.house.hospital)
        if survey.plan_version != version:
            survey.plan_version = version
            survey.due_at = due_at(plan, discharge.discharged_at, self.house)
        return self._is_time(survey, survey.due_at)

    def _can_be_reached(self, discharge: Discharge) -> bool:
        if discharge.channel in ("", _PULLED) or discharge.address is None:
            return fall_back_to_sms(self.session, discharge, self.house)
        return True

    def _remind_or_end(self, survey: Survey, discharge: Discharge) -> None:
        over = ends_at(survey, self.house)
        if over <= self.now:
            end(self.session, survey, _stage_at_the_end(survey))
        elif survey.reminded or not self.house.hospital.followup.still_asks(survey.plan, survey.kind):
            self._again_at(survey, over)
        elif not survey.reached:  # the question itself is still on its way
            self._again_at(survey, min(over, self.now + _NOT_ARRIVED))
        elif self._went_out(remind_at(survey, self.house)):
            survey.reminded = True
            self._again_at(survey, over)
        elif self._is_speaking(discharge):
            self._again_at(survey, min(over, self.now + _SPEAKING))
        elif self._is_time(survey, self.now):
            survey.reminded = True
            self._again_at(survey, over)
            self._announce(survey, REMIND)

    def _went_out(self, due: datetime) -> bool:
        return self.restored is not None and due <= self.restored

    def _is_time(self, survey: Survey, moment: datetime) -> bool:
        """Whether something may be sent now that was due at `moment`; else it is put off until it may."""
        allowed = max(moment, allowed_moment(self.now, self.house))
        if allowed <= self.now:
            return True
        self._again_at(survey, allowed)
        return False

    def _is_speaking(self, discharge: Discharge) -> bool:
        """Whether the patient is in the middle of answering; on the page nobody can tell."""
        try:
            address = open_sealed(discharge, "address", vault=self.house.vault)
        except SealError:
            return False
        sender = sender_hash(self.house.vault, discharge.channel, address)
        return load_dialogue(self.session, sender, vault=self.house.vault, now=self.now).flow == "survey"

    def _again_at(self, survey: Survey, moment: datetime) -> None:
        survey.next_at = moment
        self.session.add(survey)

    def _announce(self, survey: Survey, notice: str) -> None:
        assert survey.id is not None
        announce(self.session, survey_audience(survey.id), notice, now=self.now, survey=survey.id)


def _stage_at_the_end(survey: Survey) -> Stage:
    if has_begun(survey):
        return Stage.ANSWERED
    return Stage.EXPIRED if survey.reached else Stage.UNREACHABLE
