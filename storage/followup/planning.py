"""Says when somebody is asked: the day and hour of each plan, outside of quiet hours and days off."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.hospital import Hospital
from storage.hospital_followup import Kind, SurveyPlan
from storage.house import House

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlannedSurvey:
    """One survey to come: the plan's key, its version, what it is about, when it is due (UTC)."""

    plan: str
    plan_version: str
    kind: Kind
    due_at: datetime


def planned_for(
    discharged_at: datetime, department: str, *, house: House, now: datetime
) -> list[PlannedSurvey]:
    """The surveys for a discharge that are due later or are not too late yet, earliest first."""
    found = [
        PlannedSurvey(plan.key, plan_version(plan, house.hospital), Kind(plan.kind), due)
        for plan in house.hospital.followup.plans_for(department)
        if not is_too_late(due := due_at(plan, discharged_at, house), house=house, now=now)
    ]
    return sorted(found, key=lambda one: one.due_at)


def due_at(plan: SurveyPlan, discharged_at: datetime, house: House) -> datetime:
    """When this plan is due after a discharge, UTC: `after_days` local days later at `at`, or in hours."""
    if plan.after_hours is not None:
        return allowed_moment(discharged_at + timedelta(hours=plan.after_hours), house)
    day = house.local_day(discharged_at) + timedelta(days=plan.after_days or 0)
    return allowed_moment(max(_instant(day, plan.at, house), discharged_at), house)


def allowed_moment(moment: datetime, house: House) -> datetime:
    """`moment`, or the first one after it at which somebody may be written to, UTC.

    Quiet hours end the same or the next morning; a day off is put off to the same hour of the next working
    day. Years whose holidays nobody knows yet have plain weekends.
    """
    rules, local = house.hospital.followup, moment.astimezone(_zone(house))
    day, clock = local.date(), local.time()
    begins, ends = rules.quiet_from, rules.quiet_until
    over_midnight = begins > ends
    if over_midnight and clock >= begins:
        day, clock = day + _DAY, ends
    elif clock < ends and (over_midnight or clock >= begins):
        clock = ends
    if rules.working_days:
        while not house.calendar.is_working_day(day):
            day += _DAY
    if (day, clock) == (local.date(), local.time()):
        return moment.astimezone(UTC)  # as it was, also in the hour that a change of clocks repeats
    # The end of quiet hours that come twice in the night in which clocks are set back: the second one.
    return max(_instant(day, clock, house), _instant(day, clock.replace(fold=1), house))


def is_too_late(due: datetime, *, house: House, now: datetime) -> bool:
    """Whether what was due then is not sent any more: more than `late` local days have passed."""
    last = house.local_day(due) + timedelta(days=house.hospital.followup.late)
    return house.local_day(now) > last


def plan_version(plan: SurveyPlan, hospital: Hospital) -> str:
    """A short fingerprint of everything that says when this plan is due."""
    when = (plan.after_days, plan.after_hours, plan.at.isoformat())
    return _fingerprint(when, _moments(hospital))


def plans_version(hospital: Hospital) -> str:
    """A short fingerprint of all plans, for whom they are and when they are due."""
    plans = hospital.followup.plans
    return _fingerprint(
        [(plan.key, plan.kind, plan_version(plan, hospital), sorted(plan.departments)) for plan in plans]
    )


def local_month(moment: datetime, house: House) -> str:
    """The month of this moment at the hospital, YYYY-MM."""
    return f"{house.local_day(moment):%Y-%m}"


def _moments(hospital: Hospital) -> tuple[object, ...]:
    rules = hospital.followup
    quiet = (rules.quiet_from.isoformat(), rules.quiet_until.isoformat())
    return (*quiet, rules.working_days, hospital.timezone)


def _fingerprint(*values: object) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:12]


def _zone(house: House) -> ZoneInfo:
    return ZoneInfo(house.hospital.timezone)


def _instant(day: date, clock: time, house: House) -> datetime:
    return datetime.combine(day, clock, tzinfo=_zone(house)).astimezone(UTC)
