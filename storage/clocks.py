"""The limits a case runs under: when each is due, and when somebody must be reminded of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, insert, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from nlp.taxonomy import Intent
from storage.columns import UtcTime, Word
from storage.direct import Prepared
from storage.hospital import Clocks
from storage.house import House


class Limit(StrEnum):
    """What has to happen in time."""

    FIRST_LOOK = "first_look"
    DECIDE = "decide"
    NOTICE = "notice"
    ANSWER = "answer"


class Clock(SQLModel, table=True):
    """One running limit of a case; `days` are working days, `stage` counts the reminders sent."""

    __tablename__ = "clocks"
    __table_args__ = (
        Index("ix_clocks_running", "remind_at", sqlite_where=text("done_at IS NULL"),
              postgresql_where=text("done_at IS NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    kind: Limit = Field(sa_type=Word(Limit))
    days: int
    started_at: datetime = Field(sa_type=UtcTime)
    due_at: datetime = Field(sa_type=UtcTime)
    certain: bool = True
    remind_at: datetime = Field(sa_type=UtcTime)
    stage: int = 0
    done_at: datetime | None = Field(default=None, sa_type=UtcTime)


_INSERT = Prepared(insert(Clock.__table__))  # type: ignore[attr-defined]
_RUNNING = text("clocks.done_at IS NULL")


def limits_for(intent: Intent, several_offices: bool, clocks: Clocks) -> dict[Limit, int]:
    """Working days for each limit of a case.

    Discipline matters (reports) follow the discipline bodies' rules, complaints the rules for patient
    complaints (5 days, 10 when several offices are involved). Praise has no limit but a first look.
    """
    first = {Limit.FIRST_LOOK: clocks.first_look}
    if intent is Intent.PRAISE:
        return first
    if intent is Intent.REPORT:
        later = {Limit.NOTICE: clocks.discipline_notice, Limit.ANSWER: clocks.discipline_answer}
    else:
        several = clocks.complaint_answer_several if several_offices else clocks.complaint_answer
        later = {Limit.ANSWER: several}
    return first | {Limit.DECIDE: clocks.decide} | later


def plan_clocks(limits: dict[Limit, int], *, house: House, now: datetime) -> list[dict[str, Any]]:
    """A row for each limit, for a case that is not yet numbered."""
    return [_row(kind, days, house, now) for kind, days in limits.items()]


def first_due(rows: list[dict[str, Any]]) -> datetime | None:
    """The earliest due time among planned clocks."""
    return min((row["due_at"] for row in rows), default=None)


def put_clocks(session: Session, case_id: int, rows: list[dict[str, Any]]) -> None:
    """Starts planned clocks for a case."""
    _INSERT.run_many(session, [row | {"case_id": case_id} for row in rows])


def start_clocks(
    session: Session, case_id: int, limits: dict[Limit, int], *, house: House, now: datetime
) -> None:
    """Starts a clock for each limit."""
    put_clocks(session, case_id, plan_clocks(limits, house=house, now=now))


def _row(kind: Limit, days: int, house: House, now: datetime) -> dict[str, Any]:
    due = house.calendar.due(now, days)
    first = house.hospital.clocks.reminders[0] if house.hospital.clocks.reminders else 100
    return {
        "kind": kind, "days": days, "started_at": now, "due_at": due.at, "stage": 0, "certain": due.certain,
        "remind_at": house.calendar.fraction(now, days, first), "done_at": None,
    }  # fmt: skip


def stop_clocks(session: Session, case_id: int, *kinds: Limit, now: datetime) -> None:
    """Ends the named limits of a case, or all of them."""
    running = update(Clock).where(col(Clock.case_id) == case_id, _RUNNING)
    if kinds:
        running = running.where(col(Clock.kind).in_(kinds))
    session.execute(running.values(done_at=now))


def earliest_due(session: Session, case_id: int) -> datetime | None:
    """The next limit of a case."""
    running = select(Clock.due_at).where(Clock.case_id == case_id, _RUNNING)
    return session.exec(running.order_by(col(Clock.due_at)).limit(1)).first()


def running_clocks(session: Session, case_id: int) -> list[Clock]:
    """The limits of a case that still run, the next first."""
    running = select(Clock).where(Clock.case_id == case_id, _RUNNING)
    return list(session.exec(running.order_by(col(Clock.due_at))))


def due_reminders(session: Session, *, now: datetime, limit: int = 200) -> list[Clock]:
    """Clocks somebody must be reminded of now."""
    due = select(Clock).where(_RUNNING, col(Clock.remind_at) <= now)
    return list(session.exec(due.order_by(col(Clock.remind_at)).limit(limit)))


def advance(session: Session, clock: Clock, *, house: House, now: datetime) -> int:
    """Sets the next reminder of a clock; returns the percentage of the limit that has passed by plan.

    What fell due while nobody looked (a stop of the machine) is one reminder, not several.
    """
    percents = house.hospital.clocks.reminders
    passed = clock.stage
    while (
        passed < len(percents)
        and house.calendar.fraction(clock.started_at, clock.days, percents[passed]) <= now
    ):
        passed += 1
    if passed < len(percents):
        clock.remind_at = house.calendar.fraction(clock.started_at, clock.days, percents[passed])
    else:
        clock.remind_at = house.calendar.next_working_morning(max(now, clock.due_at))
    reached = percents[passed - 1] if passed > 0 else 100
    overdue = clock.stage >= len(percents)
    clock.stage = max(passed, clock.stage)
    session.add(clock)
    return 100 if overdue or now >= clock.due_at else reached
