"""Puts a table of discharges in, slice by slice, and tells the trail how many."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.followup.reading import Reading
from bot.sheets_in.problems import Problem
from storage.database import Database
from storage.event_names import EventName
from storage.events import record_event
from storage.followup.importing import TOGETHER, Imported, put_discharges
from storage.followup.rows import DischargeRow
from storage.house import House

Slice = Sequence[tuple[int, DischargeRow]]


@dataclass(slots=True)
class Outcome:
    """What became of a table: counts of rows, problems by line, notes about the whole."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """How many rows did not go in."""
        return len({problem.line for problem in self.problems if not problem.taken})


class Intake:
    """One table on its way in; `actor` is for the trail. A slice that was put stays, whatever comes after."""

    def __init__(self, reading: Reading, *, house: House, clock: Callable[[], datetime], actor: str) -> None:
        self._reading, self._house, self._clock, self._actor = reading, house, clock, actor
        self.outcome = Outcome(problems=list(reading.problems), notes=list(reading.notes))

    def put_now(
        self, database: Database, *, moved_on: Callable[[float], object], dry: bool = False
    ) -> Outcome:
        """Puts all of it in this thread; with `dry`, everything is tried and nothing kept."""
        try:
            for piece in self._slices():
                self._count(
                    piece, _tried(database, self._put(piece)) if dry else database.run_now(self._put(piece))
                )
                moved_on(len(piece))
        finally:
            if not dry and self._has_come_to_something():
                database.run_now(self._tell)
        return self.outcome

    async def put(self, database: Database) -> Outcome:
        """Puts all of it; messages of patients are handled between the slices."""
        try:
            for piece in self._slices():
                self._count(piece, await database.run(self._put(piece)))
        finally:
            if self._has_come_to_something():
                await database.run(self._tell)
        return self.outcome

    def _slices(self) -> Iterator[Slice]:
        rows = self._reading.rows
        for start in range(0, len(rows), TOGETHER):
            yield rows[start : start + TOGETHER]

    def _put(self, piece: Slice) -> Callable[[Session], Imported]:
        rows = [row for _, row in piece]
        return lambda session: put_discharges(session, rows, house=self._house, now=self._clock())

    def _count(self, piece: Slice, done: Imported) -> None:
        self.outcome.counts.update(added=done.added, changed=done.changed, unchanged=done.unchanged)
        self.outcome.problems += [self._reading.other_stay(piece[place][0]) for place in done.other_stays]
        self.outcome.problems.sort(key=lambda problem: problem.line)

    def _has_come_to_something(self) -> bool:
        return bool(self.outcome.counts.total() or self.outcome.problems)

    def _tell(self, session: Session) -> None:
        counts = {name: self.outcome.counts[name] for name in ("added", "changed", "unchanged")}
        record_event(
            session, self._actor, EventName.DISCHARGES_IN, now=self._clock(), **counts, bad=self.outcome.bad
        )


class _Untouched(Exception):
    """Carries a result out of a transaction that is undone."""

    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done


def _tried(database: Database, work: Callable[[Session], Imported]) -> Imported:
    def undone(session: Session) -> Imported:
        done = work(session)
        session.flush()
        raise _Untouched(done)

    try:
        return database.run_now(undone)
    except _Untouched as result:
        return result.done
