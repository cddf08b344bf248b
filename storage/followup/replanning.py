"""Moves what is not sent yet to the days that changed plans say, slice by slice, once for each change."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists
from sqlmodel import Session, col, or_, select

from storage.followup.answering import end
from storage.followup.discharges import Discharge, Standing
from storage.followup.planning import (
    PlannedSurvey,
    due_at,
    is_too_late,
    plan_version,
    planned_for,
    plans_version,
)
from storage.followup.surveys import Stage, Survey
from storage.followup.walking import next_slice
from storage.hospital_followup import Kind, SurveyPlan
from storage.house import House

_WALK = "followup:plans"
_HOLIDAYS = timedelta(days=30)
"""As far as days off may put something off."""


def replan(session: Session, *, house: House, now: datetime) -> bool:
    """One slice after plans, quiet hours or working days changed; whether there may be more.

    What is planned moves to its new day; what no plan wants any more is stopped; a new plan also holds for
    stays that ended before, if its day lies ahead. What was sent stays as it is.
    """
    of_it = col(Survey.discharge_id) == col(Discharge.id)
    planned = exists().where(of_it, col(Survey.stage) == Stage.PLANNED)
    worth_it = or_(col(Discharge.discharged_at) > now - _longest(house), planned)
    asked = col(Discharge.standing) == Standing.ACTIVE
    ids = next_slice(session, _WALK, plans_version(house.hospital), asked, worth_it)
    if ids is None:
        return False
    surveys: dict[int, list[Survey]] = defaultdict(list)
    for survey in session.exec(select(Survey).where(col(Survey.discharge_id).in_(ids))):
        surveys[survey.discharge_id].append(survey)
    for discharge in session.exec(select(Discharge).where(col(Discharge.id).in_(ids))):
        _replan_one(session, discharge, surveys[discharge.id or 0], house, now)
    return True


def lay_out(session: Session, discharge: Discharge, planned: Iterable[PlannedSurvey]) -> None:
    """Puts a survey for each; nothing for none."""
    for one in planned:
        session.add(
            Survey(
                discharge_id=discharge.id or 0, department=discharge.department, ward=discharge.ward,
                plan=one.plan, plan_version=one.plan_version, kind=one.kind,
                due_at=one.due_at, next_at=one.due_at,
            )
        )  # fmt: skip


def _replan_one(
    session: Session, discharge: Discharge, surveys: Sequence[Survey], house: House, now: datetime
) -> None:
    wanted = {plan.key: plan for plan in house.hospital.followup.plans_for(discharge.department)}
    for survey in surveys:
        plan = wanted.get(survey.plan)
        if plan is None and survey.stage is Stage.PLANNED:
            end(session, survey, Stage.STOPPED, "plan")
        elif plan is not None and _is_to_be_moved(survey, plan, house):
            _move(session, survey, plan, discharge, house=house, now=now)
    known = {survey.plan for survey in surveys}
    # Who was asked by a plan that bears another name now is not asked the same again.
    asked = {one.kind for one in surveys if one.sent_at is not None and one.plan not in wanted}
    found = planned_for(discharge.discharged_at, discharge.department, house=house, now=now)
    new = [one for one in found if one.plan not in known and one.kind not in asked and one.due_at > now]
    lay_out(session, discharge, new)


def _is_to_be_moved(survey: Survey, plan: SurveyPlan, house: House) -> bool:
    if survey.stage is Stage.PLANNED:
        return survey.plan_version != plan_version(plan, house.hospital) or survey.kind != plan.kind
    return survey.stage is Stage.STOPPED and survey.why == "plan" and survey.sent_at is None


def _move(
    session: Session, survey: Survey, plan: SurveyPlan, discharge: Discharge, *, house: House, now: datetime
) -> None:
    """To the plan's day; a survey that was stopped comes back only if that is not too late."""
    due = due_at(plan, discharge.discharged_at, house)
    if survey.stage is Stage.STOPPED and is_too_late(due, house=house, now=now):
        return
    survey.stage, survey.why, survey.kind = Stage.PLANNED, "", Kind(plan.kind)
    survey.plan_version = plan_version(plan, house.hospital)
    survey.due_at = survey.next_at = due
    session.add(survey)


def _longest(house: House) -> timedelta:
    """How long after a discharge something may still be due."""
    rules = house.hospital.followup
    days = max((plan.after_days or (plan.after_hours or 0) // 24 + 1 for plan in rules.plans), default=0)
    return timedelta(days=days + rules.late) + _HOLIDAYS
