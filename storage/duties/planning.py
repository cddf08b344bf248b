"""Lays out what is due in the coming year, and anew when the book, the calendar or the day changed."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, or_
from sqlmodel import Session, col, select

from storage.duties.book import Duty
from storage.duties.following import follow_owing
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.planning_rows import (
    Facts,
    bring_in_line,
    facts_of,
    move,
    new_row,
    next_turns,
    nobody_owed,
    wait_again,
)
from storage.duties.schedule import Planned, due_days
from storage.duties.stepping import plan_next_step
from storage.duties.stopping import resume_occurrence, stop_occurrence
from storage.house import House
from storage.marks import read_mark, set_mark
from storage.staff.employees import Employee

AHEAD = timedelta(days=366)
TOGETHER = 10
"""Duties in a slice, so that messages do not wait: some hundred rows when all of them are weekly."""
_MARK = "duties:plan"
_ALL = -1
_KNOWN = timedelta(days=800)
_ADOPTED = timedelta(days=45)
_BACK = timedelta(days=60)
_RUNNING = (OccurrenceStage.PLANNED, OccurrenceStage.OPEN)
_TABLE = Occurrence.__table__  # type: ignore[attr-defined]


def plan_occurrences(session: Session, *, house: House, now: datetime) -> int:
    """One slice; how many duties were looked at, 0 when all of the coming year is laid out as the book says.

    What is not open yet moves with the plan, or is stopped; what is open gets its new due time, and is owed
    by whom the book names now; what no
    plan wants any more is taken back; what nobody owed when it was given out is given out once more, for
    there may be people by now. What lies in the past is never laid out. A second call on the same
    day with the same book does nothing.
    """
    today = house.local_day(now)
    version = _version(session, house, today)
    done = _done(session, version)
    if done == _ALL:
        return 0
    if duties := house.duties.duties[done : done + TOGETHER]:
        _Slice(session, house, now, today).lay_out(duties)
        _note(session, version, done + len(duties))
        return len(duties)
    followed = _stop_removed(session, house, now) or follow_owing(session, house=house, now=now)
    if not followed:
        _note(session, version, _ALL)
    return followed


def is_too_late(due_at: datetime, *, house: House, now: datetime) -> bool:
    """Whether what was never given out is not given out any more: `nag_days` have passed since it was due."""
    zone = ZoneInfo(house.hospital.timezone)
    last = house.calendar.step(due_at.astimezone(zone).date(), house.duties.reminding.nag_days)
    return now.astimezone(zone).date() > last


@dataclass(frozen=True, slots=True)
class _Slice:
    session: Session
    house: House
    now: datetime
    today: date
    new: list[dict[str, Any]] = field(default_factory=list)

    def lay_out(self, duties: Sequence[Duty]) -> None:
        """Brings the occurrences of these duties into line; all that are new go in with one statement."""
        known = self._known([duty.key for duty in duties])
        turns = next_turns(self.session, [duty.key for duty in duties])
        for duty in duties:
            self._lay(duty, known[duty.key], turns.get(duty.key, 0))
        if self.new:
            self.session.execute(insert(_TABLE), self.new)

    @property
    def _first(self) -> date:
        """What was due before and not given out is not given out any more."""
        return self.house.calendar.step(self.today, -self.house.duties.reminding.nag_days)

    def _known(self, keys: Sequence[str]) -> dict[str, list[Occurrence]]:
        of_plan = col(Occurrence.duty).in_(keys), col(Occurrence.scope) == ""
        recent = or_(
            col(Occurrence.stage).in_(_RUNNING), col(Occurrence.due_at) > self.now - _KNOWN
        )  # fmt: skip
        found: dict[str, list[Occurrence]] = defaultdict(list)
        for occurrence in self.session.exec(select(Occurrence).where(*of_plan, recent)):
            found[occurrence.duty].append(occurrence)
        return found

    def _lay(self, duty: Duty, rows: Sequence[Occurrence], turn: int) -> None:
        planned = due_days(
            duty, book=self.house.duties, calendar=self.house.calendar, timezone=self.house.hospital.timezone,
            first=self._first, last=self.today + AHEAD,
        )  # fmt: skip
        wanted = {one.period: one for one in planned}
        self._adopt(rows, wanted)
        known, facts = {row.period: row for row in rows}, facts_of(duty)
        for row in rows:
            if row.period not in wanted:
                self._take_back(row)
        for period, one in wanted.items():
            if period in known:
                self._bring_in_line(known[period], facts, one)
            elif one.due_at > self.now:
                self.new.append(new_row(facts, one, turn=turn, now=self.now))
                turn += 1

    def _adopt(self, rows: Sequence[Occurrence], wanted: dict[str, Planned]) -> None:
        """What is open under a day that was changed goes on under the new one: nobody answers twice."""
        known = {row.period for row in rows}
        spare = [one for one in wanted.values() if one.period not in known and one.due_at > self.now]
        for row in sorted(rows, key=lambda row: row.due_at):
            if row.period in wanted or row.by_hand or not self._is_open_ahead(row) or not spare:
                continue
            nearest = min(spare, key=lambda one: abs(one.due_at - row.due_at))
            if abs(nearest.due_at - row.due_at) <= _ADOPTED:
                row.period = nearest.period
                spare.remove(nearest)
        self.session.flush()

    def _is_open_ahead(self, row: Occurrence) -> bool:
        return row.stage is OccurrenceStage.OPEN and row.due_at > self.now

    def _take_back(self, row: Occurrence) -> None:
        """What is overdue is owed all the same, whatever the plan says from now on."""
        if not row.by_hand and (row.stage is OccurrenceStage.PLANNED or self._is_open_ahead(row)):
            stop_occurrence(self.session, row, now=self.now)

    def _bring_in_line(self, row: Occurrence, facts: Facts, planned: Planned) -> None:
        ahead = planned.due_at > self.now
        match row.stage:
            case OccurrenceStage.PLANNED:
                bring_in_line(row, facts, planned, now=self.now)
                if is_too_late(row.due_at, house=self.house, now=self.now):
                    stop_occurrence(self.session, row, now=self.now)
            case OccurrenceStage.OPEN if ahead and move(row, facts, planned, now=self.now):
                plan_next_step(self.session, row, house=self.house, now=self.now)
            case OccurrenceStage.CLOSED if ahead and nobody_owed(row):
                wait_again(row)
                bring_in_line(row, facts, planned, now=self.now)
            case OccurrenceStage.STOPPED if ahead and not row.by_hand:
                if row.opened_at is None:
                    bring_in_line(row, facts, planned, now=self.now)
                move(row, facts, planned, now=self.now)
                resume_occurrence(self.session, row, house=self.house, now=self.now)
            case _:
                return
        self.session.add(row)


def _stop_removed(session: Session, house: House, now: datetime) -> int:
    """A slice of what belongs to no duty of the book any more."""
    gone = col(Occurrence.stage).in_(_RUNNING), col(Occurrence.duty).not_in(list(house.duties.by_key))
    found = list(session.exec(select(Occurrence).where(*gone).limit(TOGETHER * 20)))
    for occurrence in found:
        stop_occurrence(session, occurrence, now=now)
    session.flush()
    return len(found)


def _done(session: Session, version: str) -> int:
    raw = read_mark(session, _MARK)
    noted: dict[str, Any] = json.loads(raw) if raw else {}
    return int(noted["done"]) if noted.get("version") == version else 0


def _note(session: Session, version: str, done: int) -> None:
    set_mark(session, _MARK, json.dumps({"version": version, "done": done}).encode())


def _version(session: Session, house: House, today: date) -> str:
    """Changes with the book, the places, the zone, the days off of that time, the day, the first people."""
    days = (today - _BACK + timedelta(days=number) for number in range((_BACK + AHEAD).days))
    calendar: Iterable[object] = (house.calendar.is_working_day(day) for day in days)
    years = [house.calendar.is_certain(year) for year in range(today.year - 1, today.year + 2)]
    peopled = session.exec(select(Employee.id).limit(1)).first() is not None
    of_house = [house.hospital.timezone, *house.hospital.places]
    parts = [today.isoformat(), of_house, [*calendar], years, peopled, house.duties.fingerprint]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
