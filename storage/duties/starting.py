"""Starts what is owed on request, stops what somebody wants stopped, and takes either back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from storage.duties.book import Duty
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.planning_rows import facts_of, new_row, next_turn
from storage.duties.schedule import planned_on
from storage.duties.stopping import resume_occurrence, stop_occurrence
from storage.errors import DutyRefused
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.house import House
from storage.members import Member

_RUNNING = (OccurrenceStage.PLANNED, OccurrenceStage.OPEN)


def start_on_request(
    session: Session, key: str, *, offices: Sequence[str] = (), by: Member | None, house: House, now: datetime
) -> Occurrence:
    """Gives a duty out from now on, to all who owe it or to these offices, one occurrence each.

    Returns the (first) one, due its working days from today. Raises DutyRefused where there is no such duty
    to be started, or no such office.
    """
    duty = _on_request(key, house)
    if unknown := [name for name in offices if name not in house.hospital.places]:
        raise DutyRefused(f"there is no office or department {unknown[0]} in hospital.toml")
    started = [_start(session, duty, scope, house, now) for scope in (dict.fromkeys(offices) or ("",))]
    record_event(
        session, _actor(by), EventName.DUTY_STARTED, now=now, duty=key, period=started[0].period,
        offices=len(offices),
    )  # fmt: skip
    return started[0]


def running(session: Session, key: str, *, period: str = "", office: str | None = None) -> list[Occurrence]:
    """What is planned or open of a duty, the earliest first; `office`: only what was started for it."""
    return _found(session, key, _RUNNING, period, office)


def stop_running(
    session: Session, key: str, *, period: str = "", office: str | None = None, by: Member | None,
    now: datetime,
) -> list[Occurrence]:  # fmt: skip
    """Takes back what is open of a duty, or the one `period` even before its day, whatever the plan says.

    Raises DutyRefused where there is nothing to stop.
    """
    found = running(session, key, period=period, office=office)
    chosen = found if period else [one for one in found if one.stage is OccurrenceStage.OPEN or one.by_hand]
    if not chosen:
        some = ", ".join(one.period for one in found[:3])
        raise DutyRefused(f"nothing of {key} is open{f'; planned: {some}' if some else ''}")
    for one in chosen:
        stop_occurrence(session, one, by_hand=True, now=now)
        record_event(session, _actor(by), EventName.DUTY_STOPPED, now=now, **_facts(one))
    return chosen


def resume_stopped(
    session: Session, key: str, *, period: str = "", office: str | None = None, by: Member | None,
    house: House, now: datetime,
) -> list[Occurrence]:  # fmt: skip
    """Takes back that somebody stopped it: the newest, or the one `period`. Raises DutyRefused for none."""
    found = [one for one in _found(session, key, (OccurrenceStage.STOPPED,), period, office) if one.by_hand]
    if not found or key not in house.duties.by_key:
        raise DutyRefused(f"nothing of {key} was stopped by hand")
    newest = max(one.changed_at for one in found)
    chosen = found if period else [one for one in found if one.changed_at == newest]
    for one in chosen:
        one.by_hand = house.duties.by_key[key].when.on_request
        resume_occurrence(session, one, house=house, now=now)
        record_event(session, _actor(by), EventName.DUTY_RESUMED, now=now, **_facts(one))
    return chosen


def _on_request(key: str, house: House) -> Duty:
    duty = house.duties.by_key.get(key)
    if duty is not None and duty.when.on_request:
        return duty
    possible = ", ".join(one.key for one in house.duties.duties if one.when.on_request) or "none"
    why = "has dates of its own" if duty else "is not in duties.toml"
    raise DutyRefused(f"{key} {why}; on request: {possible}")


def _start(session: Session, duty: Duty, scope: str, house: House, now: datetime) -> Occurrence:
    today = now.astimezone(ZoneInfo(duty.timezone or house.hospital.timezone)).date()
    due = house.calendar.step(today, duty.when.working_days)
    planned = planned_on(
        duty, _free_period(session, duty.key, today.isoformat(), scope), due, book=house.duties,
        calendar=house.calendar, timezone=house.hospital.timezone,
    )  # fmt: skip
    row = new_row(facts_of(duty), planned, turn=next_turn(session, duty.key), now=now)
    occurrence = Occurrence(**row | {"scope": scope, "opens_at": now, "next_at": now, "by_hand": True})
    session.add(occurrence)
    session.flush()
    return occurrence


def _free_period(session: Session, key: str, day: str, scope: str) -> str:
    """The day, or the day with a number where it was started that day already."""
    where = Occurrence.duty == key, Occurrence.scope == scope, col(Occurrence.period).startswith(day)
    taken = set(session.exec(select(Occurrence.period).where(*where)))
    names = (day, *(f"{day}-{number}" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def _found(
    session: Session, key: str, stages: Sequence[OccurrenceStage], period: str, office: str | None
) -> list[Occurrence]:
    wanted = select(Occurrence).where(Occurrence.duty == key, col(Occurrence.stage).in_(stages))
    if period:
        wanted = wanted.where(Occurrence.period == period)
    if office is not None:
        wanted = wanted.where(Occurrence.scope == office)
    return list(session.exec(wanted.order_by(col(Occurrence.due_at), col(Occurrence.id))))


def _facts(one: Occurrence) -> dict[str, Any]:
    return {"duty": one.duty, "period": one.period, "office": one.scope}


def _actor(by: Member | None) -> str:
    return f"member:{by.id}" if by is not None else CONSOLE
