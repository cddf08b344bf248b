"""The rows of planned occurrences: how they are made and brought into line with the plan."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.duties.book import Duty
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.schedule import Planned

Facts = dict[str, Any]
"""The columns that a duty itself gives to all of its occurrences."""


def facts_of(duty: Duty) -> Facts:
    """What its occurrences keep of a duty, with a short fingerprint of all that the book says about it."""
    return {
        "duty": duty.key, "drive": duty.drive, "phase": duty.phase, "title": duty.title, "proof": duty.done,
        "each": duty.each, "to_office": duty.to_office,
        "version": hashlib.sha256(duty.model_dump_json().encode()).hexdigest()[:12],
    }  # fmt: skip


def new_row(facts: Facts, planned: Planned, *, turn: int, now: datetime) -> dict[str, Any]:
    """All columns of an occurrence that is planned from now on."""
    return {
        "period": planned.period, "scope": "", "turn": turn, "by_hand": False,
        "stage": OccurrenceStage.PLANNED, "next_at": planned.opens_at, "steps": 0, "changed_at": now,
        **facts, **_of_plan(planned),
    }  # fmt: skip


def bring_in_line(occurrence: Occurrence, facts: Facts, planned: Planned, *, now: datetime) -> bool:
    """What is not open yet becomes what the plan says now; whether that is anything new."""
    wanted = {**facts, **_of_plan(planned), "next_at": planned.opens_at}
    return _set(occurrence, wanted, now)


def move(occurrence: Occurrence, facts: Facts, planned: Planned, *, now: datetime) -> bool:
    """What is open gets its new due time, and stays otherwise what was given out; whether it moved."""
    kept = {"version": facts["version"], "due_at": planned.due_at, "certain": planned.certain}
    return occurrence.due_at != planned.due_at and _set(occurrence, kept, now)


def nobody_owed(occurrence: Occurrence) -> bool:
    """Whether it was over the moment it was given out: nobody stood on the roster who owes it."""
    return occurrence.opened_at is not None and occurrence.opened_at == occurrence.closed_at


def wait_again(occurrence: Occurrence) -> None:
    """It was not given out to anybody; it is given out when it is looked at next."""
    occurrence.stage, occurrence.steps = OccurrenceStage.PLANNED, 0
    occurrence.opened_at = occurrence.closed_at = None


def next_turn(session: Session, key: str) -> int:
    """The number of the next instance of a duty."""
    return next_turns(session, [key]).get(key, 0)


def next_turns(session: Session, keys: Sequence[str]) -> dict[str, int]:
    """The same for several; 0 for those that have none yet."""
    newest = select(col(Occurrence.duty), func.max(col(Occurrence.turn))).where(
        col(Occurrence.duty).in_(keys)
    )
    return {key: turn + 1 for key, turn in session.execute(newest.group_by(col(Occurrence.duty)))}


def _of_plan(planned: Planned) -> dict[str, Any]:
    return {"opens_at": planned.opens_at, "due_at": planned.due_at, "certain": planned.certain}


def _set(occurrence: Occurrence, wanted: dict[str, Any], now: datetime) -> bool:
    changed = {name: value for name, value in wanted.items() if getattr(occurrence, name) != value}
    for name, value in changed.items():
        setattr(occurrence, name, value)
    if changed:
        occurrence.changed_at = now
    return bool(changed)
