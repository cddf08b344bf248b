"""Lays out the surveys of a discharge, and lays those anew that were not sent when the stay changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.followup.answering import end, has_begun
from storage.followup.discharges import Discharge, Standing
from storage.followup.planning import due_at, is_too_late, plan_version
from storage.followup.surveys import Stage, Survey
from storage.hospital_followup import Kind
from storage.house import House

NO_CONSENT, NO_PLAN = "consent", "plan"
"""Why a survey is not asked, where it is no Standing."""
_OUT = (Stage.SENT, Stage.ANSWERED, Stage.EXPIRED)


@dataclass(frozen=True, slots=True)
class Laid:
    """One plan for one stay; `late` where it is too late to be sent."""

    plan: str
    version: str
    kind: Kind
    due_at: datetime
    late: bool


class Layout:
    """The plans of stays, worked out once for all that have the same day and department."""

    def __init__(self, house: House, now: datetime) -> None:
        self._house, self._now = house, now
        self._known: dict[tuple[datetime, str], tuple[Laid, ...]] = {}

    def of(self, discharged_at: datetime, department: str) -> tuple[Laid, ...]:
        """Every plan for such a stay."""
        key = discharged_at, department
        if key not in self._known:
            self._known[key] = tuple(self._lay(discharged_at, department))
        return self._known[key]

    def _lay(self, discharged_at: datetime, department: str) -> Iterator[Laid]:
        for plan in self._house.hospital.followup.plans_for(department):
            due = due_at(plan, discharged_at, self._house)
            version = plan_version(plan, self._house.hospital)
            late = is_too_late(due, house=self._house, now=self._now)
            yield Laid(plan.key, version, Kind(plan.kind), due, late)


def survey_row(
    laid: Laid, *, department: str, ward: str, consent: bool, standing: Standing
) -> dict[str, Any]:
    """The columns of a survey that was not sent, but for its discharge."""
    stage, why = _stage(laid, consent, standing)
    return {
        "plan": laid.plan, "plan_version": laid.version, "kind": laid.kind, "department": department,
        "ward": ward, "due_at": laid.due_at, "stage": stage, "why": why,
        "next_at": laid.due_at if stage is Stage.PLANNED else None,
    }  # fmt: skip


def lay_anew(
    session: Session, discharge: Discharge, surveys: Sequence[Survey], *, layout: Layout, moved: bool
) -> None:
    """Brings what was not sent yet into line with the stay; an answer that is under way stays what it is.

    `moved`: there is another way to reach the patient, so what was unreachable may be tried again.
    """
    assert discharge.id is not None
    wanted = {one.plan: one for one in layout.of(discharge.discharged_at, discharge.department)}
    sent_kinds = {one.kind for one in surveys if _was_sent(one) and one.plan not in wanted}
    for survey in surveys:
        if survey.stage is Stage.UNREACHABLE and moved:
            survey.sent_at = survey.month = None
        if _was_sent(survey):
            _stop_without_consent(session, discharge, survey)
        elif (laid := wanted.get(survey.plan)) is not None:
            _set(session, survey, _row(discharge, laid))
        elif survey.stage is Stage.PLANNED:
            end(session, survey, Stage.STOPPED, NO_PLAN)
    known = {survey.plan for survey in surveys}
    for laid in wanted.values():  # a department of its own plan must not ask the same a second time
        if laid.plan not in known and laid.kind not in sent_kinds:
            session.add(Survey(discharge_id=discharge.id, **_row(discharge, laid)))


def may_still_be_asked(surveys: Sequence[Survey], layout: Layout, discharge: Discharge) -> bool:
    """Whether anything of this stay is open or could still be sent."""
    wanted = {one.plan: one for one in layout.of(discharge.discharged_at, discharge.department)}
    known = {survey.plan for survey in surveys}
    sendable = {plan for plan, laid in wanted.items() if not laid.late}
    open_ones = (one.stage is Stage.SENT or (not _was_sent(one) and one.plan in sendable) for one in surveys)
    return bool(sendable - known) or any(open_ones)


def _row(discharge: Discharge, laid: Laid) -> dict[str, Any]:
    return survey_row(
        laid, department=discharge.department, ward=discharge.ward, consent=discharge.consent,
        standing=discharge.standing,
    )  # fmt: skip


def _stage(laid: Laid, consent: bool, standing: Standing) -> tuple[Stage, str]:
    if laid.late:
        return Stage.MISSED, ""
    if standing is not Standing.ACTIVE:
        return Stage.STOPPED, standing.value
    return (Stage.PLANNED, "") if consent else (Stage.STOPPED, NO_CONSENT)


def _was_sent(survey: Survey) -> bool:
    return survey.sent_at is not None or survey.stage in _OUT


def _stop_without_consent(session: Session, discharge: Discharge, survey: Survey) -> None:
    if survey.stage is Stage.SENT and not discharge.consent:
        answered = has_begun(survey)
        end(session, survey, Stage.ANSWERED if answered else Stage.STOPPED, "" if answered else NO_CONSENT)


def _set(session: Session, survey: Survey, row: dict[str, Any]) -> None:
    for name, value in row.items():
        setattr(survey, name, value)
    session.add(survey)
